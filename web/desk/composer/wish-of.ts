import { isReleased } from '../../../src/protocol/lists/statuses.ts'
import { embargoAhead } from '../platform/embargo-ahead.ts'
import { serverClock } from '../platform/server-clock.ts'
import type { Draft } from './draft.ts'
import { plannedAt } from './planned-at.ts'
import type { ComposedLine, Step, Then, Wish } from './wish.ts'
import { changesOf, contentOf } from './words.ts'
import { instantOf } from './zoned-time.ts'

const MINUTE_MS = 60_000

/** The main act of the composer. The API decides; the desk only names it. */
export function mainAct(line: ComposedLine | undefined, mayPublish: boolean): Then {
  if (line === undefined) return mayPublish ? 'release' : 'submit'
  if (isReleased(line.status)) return 'correct'
  if (line.status === 'draft' || line.status === 'returned') return mayPublish ? 'release' : 'submit'
  return line.status === 'needs-decision' && line.allowed.includes('release') ? 'release' : 'keep'
}

/**
 * The requests that carry out the wish; without steps there is nothing to save or send. `now`: the server's time in ms.
 */
export function wishOf(draft: Draft, then: Then, line?: ComposedLine, now = serverClock.now()): Wish {
  if (line === undefined) return { then, steps: [postOf(draft, then)] }
  const before = line.content ?? { text: '', urgency: 'routine' }
  const changes = changesOf(before, draft.words)
  const steps =
    then === 'correct' ? correctionOf(draft, changes) : stepsOf(draft, then, { line, changes, now })
  const [first, ...rest] = steps
  return { then, steps: first ? [{ ...first, version: seenOf(line, draft.seen) }, ...rest] : [] }
}

/** Acts that leave the words as they are, such as a pin, make no new version of the words. */
function seenOf({ version, contentVersion = version }: ComposedLine, seen = version): number {
  return contentVersion <= seen ? Math.max(version, seen) : seen
}

function postOf(draft: Draft, then: Then): Step {
  const { words, reason } = draft
  return { act: 'post', body: { ...contentOf(words), then, ...timeOf(draft), ...reasonOf(reason) } }
}

function correctionOf({ note, cascade, reason }: Draft, changes: object): Step[] {
  const hasNote = note.trim() !== ''
  if (!hasNote && Object.keys(changes).length === 0) return []
  const kind = hasNote ? { kind: 'correction', note } : { kind: 'refile' }
  return [{ act: 'correct', body: { ...changes, ...kind, ...(cascade && { cascade }), ...reasonOf(reason) } }]
}

/** Words are saved first; then the line goes on its way. */
function stepsOf(draft: Draft, then: Then, on: { line: ComposedLine; changes: object; now: number }): Step[] {
  const { reason } = draft
  const { line, changes, now } = on
  const time = timeOf(draft, line)
  const isNewTime =
    time.releaseAt !== undefined && (time.releaseAt !== line.releaseAt || time.embargoUntil !== undefined)
  const why = reasonOf(reason)
  const saving: Step[] =
    Object.keys(changes).length === 0 ? [] : [{ act: 'save', body: { ...changes, ...why } }]
  if (then === 'submit') return [...saving, { act: 'submit', body: { ...time, ...why } }]
  if (then === 'release') {
    // Without a time of its own, a line under an embargo goes out at its end.
    const end = embargoAhead(line, now)
    const timed = time.releaseAt === undefined && end !== undefined ? { releaseAt: isoOf(end) } : time
    return [
      ...saving,
      { act: timed.releaseAt === undefined ? 'release' : 'schedule', body: { ...timed, ...why } },
    ]
  }
  return line.status === 'due' && isNewTime
    ? [...saving, { act: 'schedule', body: { ...time, ...why } }]
    : saving
}

interface Times {
  readonly releaseAt?: string
  readonly embargoUntil?: string | null
}

/** The time of the release and the embargo, where the author has set them. */
export function timeOf(
  { releaseAt, embargo }: Pick<Draft, 'releaseAt' | 'embargo'>,
  line?: ComposedLine,
): Times {
  const chosen = instantOf(releaseAt)
  if (chosen === undefined) return {}
  const planned = line && plannedAt(line)
  // The field shows no seconds: the minute that the line has already is the same time.
  const at = planned !== undefined && planned - (planned % MINUTE_MS) === chosen ? planned : chosen
  const time = { releaseAt: isoOf(at) }
  if (embargo === true) return { ...time, embargoUntil: time.releaseAt }
  return embargo === false && line?.desk?.embargoUntil !== undefined ? { ...time, embargoUntil: null } : time
}

function isoOf(at: number): string {
  return new Date(at).toISOString()
}

function reasonOf(reason: string): { readonly reason?: string } {
  return reason.trim() === '' ? {} : { reason }
}

/** Whether a time of release can be set for the line in the composer. */
export function mayTakeTime(line: ComposedLine | undefined): boolean {
  if (line === undefined) return true
  return line.allowed.includes('schedule') || line.status === 'draft' || line.status === 'returned'
}
