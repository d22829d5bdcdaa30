import { steadyClock, type Clock } from '../../platform/clock.ts'

/** One measurement of Redis's clock, taken with this process's clock. */
export interface ClockSample {
  /** Redis's clock minus this process's clock, in ms. */
  readonly offsetMs: number
  /** Duration of the round trip in ms: the offset may be wrong by half of it. */
  readonly tripMs: number
  readonly at: number
}

/** Clocks drift apart by some ms an hour, so a slow measurement is preferred to an old one. */
const GOOD_FOR_MS = 60_000
const RESOLUTION_MS = 1

/** Redis's clock as this process knows it. It dates the events, and the clocks of the machines may differ. */
export class RedisClock {
  #best: ClockSample | undefined
  readonly #clock: Clock

  constructor(clock: Clock = steadyClock) {
    this.#clock = clock
  }

  now(): number {
    return this.#clock() + (this.#best ? certainOffset(this.#best) : 0)
  }

  async measure(time: () => Promise<number>): Promise<void> {
    const sentAt = this.#clock()
    const redisTime = await time()
    const at = this.#clock()
    this.#best = betterSample(this.#best, {
      offsetMs: redisTime - (sentAt + at) / 2,
      tripMs: at - sentAt,
      at,
    })
  }
}

export function betterSample(held: ClockSample | undefined, sample: ClockSample): ClockSample {
  return held && held.tripMs < sample.tripMs && sample.at - held.at < GOOD_FOR_MS ? held : sample
}

/** The offset, or 0 if the round trip alone could explain it. */
export function certainOffset({ offsetMs, tripMs }: ClockSample): number {
  return Math.abs(offsetMs) > tripMs / 2 + RESOLUTION_MS ? offsetMs : 0
}
