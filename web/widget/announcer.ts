import type { FeedEvent, Headline } from '../sdk/index.ts'
import { urgencies, type Settings } from './settings.ts'

/** Somebody who listens to the page is not interrupted more often than this. */
export const ANNOUNCE_EVERY_MS = 20_000
/** What has been said does not stay where it could be read again. */
export const SAID_FOR_MS = 5_000
/** A flood is told as a number anyway. */
const MAX_WAITING = 99

/** What is to be said to readers who listen. All times are on one monotonic clock. */
export interface Announcer {
  readonly waiting: readonly Headline[]
  readonly saidAt: number
  /** The ids that the last announcement spoke of. */
  readonly said: readonly string[]
  /** A line that was announced is gone. */
  readonly recalled: boolean
}

export const silent: Announcer = { waiting: [], saidAt: -ANNOUNCE_EVERY_MS, said: [], recalled: false }

/** Takes note of an event. A line that is gone is not announced any more. */
export function hear(state: Announcer, { op, headline }: FeedEvent, floor: Settings['announce']): Announcer {
  const waiting = state.waiting.filter(({ id }) => id !== headline.id)
  if (headline.status !== 'live') {
    const recalled = state.recalled || (op === 'withdraw' && state.said.includes(headline.id))
    return { ...state, waiting, recalled }
  }
  const isNews = op === 'publish' || (op === 'correct' && headline.note !== undefined)
  const wasWaiting = waiting.length < state.waiting.length
  const isPressing = floor !== 'off' && urgencies.indexOf(headline.urgency) <= urgencies.indexOf(floor)
  if ((!isNews && !wasWaiting) || !isPressing) return { ...state, waiting }
  return { ...state, waiting: [...waiting, headline].slice(-MAX_WAITING) }
}

/** What to say now, if anything: the lines that have come together, or that one of those said before is gone. */
export function speak(state: Announcer, now: number): [Announcer, (readonly Headline[])?] {
  const { waiting, saidAt, recalled } = state
  if ((waiting.length === 0 && !recalled) || now - saidAt < ANNOUNCE_EVERY_MS) return [state]
  return [{ waiting: [], saidAt: now, said: waiting.map(({ id }) => id), recalled: false }, waiting]
}
