/** One look at Redis's clock, by ours. */
export interface ClockSample {
  /** Redis's clock less ours, in ms. */
  readonly offsetMs: number
  /** How long the look took: the offset is no surer than half of it. */
  readonly tripMs: number
  readonly at: number
}

/** Clocks drift apart by some ms an hour, so an old look is worth less than a slow one. */
const GOOD_FOR_MS = 60_000
const RESOLUTION_MS = 1

/** Redis's clock as this process sees it: events are dated by it, and the machines need not agree. */
export class RedisClock {
  #best: ClockSample | undefined

  now(): number {
    return Date.now() + (this.#best ? certainOffset(this.#best) : 0)
  }

  async look(time: () => Promise<number>): Promise<void> {
    const asked = Date.now()
    const theirs = await time()
    const at = Date.now()
    this.#best = better(this.#best, { offsetMs: theirs - (asked + at) / 2, tripMs: at - asked, at })
  }
}

export function better(held: ClockSample | undefined, sample: ClockSample): ClockSample {
  return held && held.tripMs < sample.tripMs && sample.at - held.at < GOOD_FOR_MS ? held : sample
}

/** What could as well be the way of the question is no difference. */
export function certainOffset({ offsetMs, tripMs }: ClockSample): number {
  return Math.abs(offsetMs) > tripMs / 2 + RESOLUTION_MS ? offsetMs : 0
}
