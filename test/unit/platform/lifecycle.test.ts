import { beforeEach, describe, expect, it } from '@jest/globals'
import { pino } from 'pino'
import { Lifecycle, within } from '../../../src/platform/lifecycle.ts'

describe('the parts of a process', () => {
  let lines: string[]
  let lifecycle: Lifecycle
  const order: string[] = []
  beforeEach(() => {
    lines = []
    order.length = 0
    lifecycle = new Lifecycle(pino({}, { write: (line) => lines.push(line) }))
  })

  it('are closed newest first, one after the other', async () => {
    lifecycle.own('first', () => order.push('first'))
    lifecycle.own('second', async () => {
      await Promise.resolve()
      order.push('second')
    })
    await lifecycle.close()
    expect(order).toEqual(['second', 'first'])
  })

  it('are closed once', async () => {
    lifecycle.own('part', () => order.push('part'))
    await Promise.all([lifecycle.close(), lifecycle.close()])
    await lifecycle.close()
    expect(order).toEqual(['part'])
  })

  it('are closed even when another part fails or hangs', async () => {
    lifecycle.own('first', () => order.push('first'))
    lifecycle.own('hangs', () => new Promise(() => undefined), 1)
    lifecycle.own('fails', () => {
      throw new Error('no')
    })
    lifecycle.own('rejects', () => Promise.reject(new Error('no')))
    await lifecycle.close()
    expect(order).toEqual(['first'])
    expect(lines.map((line) => (JSON.parse(line) as { part: string }).part)).toEqual([
      'rejects',
      'fails',
      'hangs',
    ])
  })
})

describe('a wait with a limit', () => {
  it('gives a result that arrives in time', async () => {
    expect(await within(Promise.resolve(7), 1_000)).toBe(7)
    await expect(within(Promise.reject(new Error('own')), 1_000)).rejects.toThrow('own')
  })

  it('ends at its limit', async () => {
    await expect(within(new Promise(() => undefined), 1)).rejects.toThrow('longer than 1 ms')
  })
})
