import { expect, it } from '@jest/globals'
import { FrameClock, nearestRate } from '../../../../web/on-air/frame-clock.ts'

/** Frames at these times in ms; returns the counts that the clock passes on. */
function countsAt(framesPerSecond: number, times: readonly number[]): number[] {
  let next: ((time: number) => void) | undefined
  const counts: number[] = []
  const frames = {
    requestAnimationFrame: (callback: (time: number) => void) => {
      next = callback
      return 1
    },
    cancelAnimationFrame: () => {
      next = undefined
    },
  }
  const clock = new FrameClock(frames, framesPerSecond, (count) => counts.push(count))
  clock.start()
  for (const time of times) next?.(time)
  clock.stop()
  expect(next).toBeUndefined()
  return counts
}

it.each([
  ['steady frames', 50, [0, 20, 40, 60], [1, 1, 1, 1]],
  ['frames that are a little early and late', 50, [0, 18, 43, 59], [1, 1, 1, 1]],
  ['a dropped frame', 50, [0, 20, 60, 80], [1, 1, 2, 1]],
  ['a host with twice as many frames', 25, [0, 20, 40, 60, 80], [1, 1, 1]],
  ['a host that stood still', 50, [0, 20, 5_000, 5_020], [1, 1, 1, 1]],
])('%s are counted', (_what, rate, times, counts) => {
  expect(countsAt(rate, times)).toEqual(counts)
})

it.each([
  [20, 50],
  [16.7, 60],
  [40, 25],
  [41, 24],
  [33.4, 30],
])('frames each %s ms are %s a second', (step, rate) => {
  expect(nearestRate(Array.from({ length: 20 }, (_, n) => n * step + (n % 5 === 0 ? 3 : 0)))).toBe(rate)
})
