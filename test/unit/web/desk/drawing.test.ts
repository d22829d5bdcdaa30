import { afterEach, beforeEach, expect, it, jest } from '@jest/globals'
import { Drawing, DRAW_EVERY_MS } from '../../../../web/desk/platform/drawing.ts'

beforeEach(() => void jest.useFakeTimers())
afterEach(() => void jest.useRealTimers())

/** A page, and the times in ms at which something is drawn in it. */
function scene() {
  const begun = performance.now()
  const page = new EventTarget()
  const drawing = new Drawing(page)
  const drawn: number[] = []
  const draw = () => void drawn.push(performance.now() - begun)
  const press = () => page.dispatchEvent(new Event('keydown'))
  return { drawing, drawn, draw, press, pass: (ms: number) => jest.advanceTimersByTime(ms) }
}

it('draws the first event at once, and a storm of them ten times a second, the newest at the end', () => {
  const { drawing, drawn, draw, pass } = scene()
  for (let event = 0; event < 1_000; event++) {
    drawing.soon(draw)
    pass(1)
  }
  pass(DRAW_EVERY_MS)
  expect(drawn[0]).toBeLessThan(2)
  expect(drawn).toHaveLength(1_000 / DRAW_EVERY_MS + 1)
  expect(drawn.at(-1)).toBeGreaterThanOrEqual(1_000)
})

it('draws the parts that wait together', () => {
  const { drawing, drawn, draw, pass } = scene()
  drawing.soon(draw)
  pass(1)
  const other = () => draw()
  drawing.soon(other)
  drawing.soon(draw)
  pass(DRAW_EVERY_MS)
  expect(new Set(drawn.slice(1)).size).toBe(1)
  expect(drawn).toHaveLength(3)
})

it('leaves the frame of a key to the key, and draws all the same while a key is held down', () => {
  const { drawing, drawn, draw, press, pass } = scene()
  press()
  drawing.soon(draw)
  pass(10)
  expect(drawn).toEqual([])
  pass(10)
  expect(drawn).toHaveLength(1)
  for (let ms = 0; ms < 1_000; ms += 10) {
    press()
    drawing.soon(draw)
    pass(10)
  }
  expect(drawn.length).toBeGreaterThanOrEqual(4)
})

it('draws nothing for a part that has left the page', () => {
  const { drawing, drawn, draw, pass } = scene()
  drawing.soon(draw)
  drawing.forget(draw)
  pass(DRAW_EVERY_MS)
  expect(drawn).toEqual([])
})
