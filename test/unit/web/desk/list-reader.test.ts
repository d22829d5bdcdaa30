import { afterEach, beforeEach, expect, it, jest } from '@jest/globals'
import { ListReader } from '../../../../web/desk/lines/list-reader.ts'

/** Readings of the whole lists, and of the lines that are read alone. */
let read: { all: number; lines: string[] }
let reader: ListReader
beforeEach(() => {
  jest.useFakeTimers()
  read = { all: 0, lines: [] }
  reader = new ListReader({
    // So the whole lists are read every five seconds at most.
    pages: () => 10,
    all() {
      read.all++
      return Promise.resolve()
    },
    lines(ids) {
      read.lines.push(...ids)
      return Promise.resolve()
    },
  })
})
afterEach(() => {
  reader.close()
  jest.useRealTimers()
})

it('reads a line that changes at once, also just after the whole lists were read', async () => {
  reader.readAll()
  await jest.advanceTimersByTimeAsync(200)
  expect(read).toEqual({ all: 1, lines: [] })
  reader.read('7')
  await jest.advanceTimersByTimeAsync(200)
  expect(read).toEqual({ all: 1, lines: ['7'] })
})

it('reads the whole lists of ten pages every five seconds at most, and the lines that change meanwhile', async () => {
  reader.readAll()
  await jest.advanceTimersByTimeAsync(200)
  reader.readAll()
  reader.read('7')
  await jest.advanceTimersByTimeAsync(4_000)
  expect(read).toEqual({ all: 1, lines: ['7'] })
  await jest.advanceTimersByTimeAsync(1_500)
  expect(read).toEqual({ all: 2, lines: ['7'] })
})

it('reads the whole lists in place of more than four lines', async () => {
  for (const id of '12345') reader.read(id)
  await jest.advanceTimersByTimeAsync(200)
  expect(read).toEqual({ all: 1, lines: [] })
})

it('reads the whole lists where a line cannot be read alone', async () => {
  const failing = new ListReader({
    pages: () => 1,
    all() {
      read.all++
      return Promise.resolve()
    },
    lines: () => Promise.reject(new Error('away')),
  })
  failing.read('7')
  await jest.advanceTimersByTimeAsync(1_000)
  expect(read.all).toBe(1)
  failing.close()
})
