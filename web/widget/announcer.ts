import { urgencies, type Urgency } from '../../src/protocol/lists/urgencies.ts'
import type { FeedEvent, Headline } from '../sdk/index.ts'
import type { Settings } from './settings.ts'

/** The least time between two announcements, so that they do not interrupt a screen reader all the time. */
export const ANNOUNCE_EVERY_MS = 20_000
/** Time after which the announced text is removed, so that a screen reader does not read it again. */
export const SAID_FOR_MS = 5_000
/** Limits the waiting lines: several lines are announced as a number only. */
const MAX_WAITING = 99

/** State of the announcements to screen readers. All times are on one monotonic clock. */
export interface Announcer {
  readonly waiting: readonly Headline[]
  readonly saidAt: number
  /** The ids of the lines in the last announcement. */
  readonly said: readonly string[]
  /** Whether an announced line was withdrawn. */
  readonly recalled: boolean
}

export const silent: Announcer = { waiting: [], saidAt: -ANNOUNCE_EVERY_MS, said: [], recalled: false }

/**
 * Takes an event into account. A line that shows no more is not announced.
 *
 * @param hasNotice a notice tells of the event, so that it needs no other announcement
 */
export function hear(
  state: Announcer,
  { op, headline }: FeedEvent,
  floor: Settings['announce'],
  hasNotice = false,
): Announcer {
  const waiting = state.waiting.filter(({ id }) => id !== headline.id)
  if (headline.status !== 'live') {
    const recalled = state.recalled || (!hasNotice && op === 'withdraw' && state.said.includes(headline.id))
    return { ...state, waiting, recalled }
  }
  const isNews = op === 'publish' || (op === 'correct' && headline.note !== undefined)
  const wasWaiting = waiting.length < state.waiting.length
  const isUrgent = urgencies.slice(0, urgencies.indexOf(floor as Urgency) + 1).includes(headline.urgency)
  if ((!isNews && !wasWaiting) || !isUrgent) return { ...state, waiting }
  return { ...state, waiting: [...waiting, headline].slice(-MAX_WAITING) }
}

/**
 * The announcement that is due, if any: the waiting lines, or an empty list for the withdrawal of an announced line, or
 * for notices that wait.
 */
export function speak(
  state: Announcer,
  now: number,
  hasNotices = false,
): [Announcer, (readonly Headline[])?] {
  const { waiting, saidAt, recalled } = state
  if ((waiting.length === 0 && !recalled && !hasNotices) || now - saidAt < ANNOUNCE_EVERY_MS) return [state]
  return [{ waiting: [], saidAt: now, said: waiting.map(({ id }) => id), recalled: false }, waiting]
}
