import type { Urgency } from './lists/urgencies.ts'

/** The members of a headline that say how it looks. */
interface Labelled {
  readonly urgency: Urgency
  readonly breakingUntil?: string | undefined
}

/**
 * The urgency in whose look and with whose word a headline shows: that of a routine one when it is called breaking no
 * longer. `now` is the server's time. A headline without an end is called breaking as long as it shows.
 */
export function shownUrgency({ urgency, breakingUntil = '' }: Labelled, now: number): Urgency {
  return Date.parse(breakingUntil) <= now ? 'routine' : urgency
}
