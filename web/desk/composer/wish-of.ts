import { isReleased } from '../../../src/protocol/lists/statuses.ts'
import type { Draft } from './draft.ts'
import type { ComposedLine, Step, Then, Wish } from './wish.ts'
import { changesOf, contentOf } from './words.ts'
import { instantOf } from './zoned-time.ts'

/** The main act of the composer. The API decides; the desk only names it. */
export function mainAct(line: ComposedLine | undefined, mayPublish: boolean): Then {
  if (line === undefined) return mayPublish ? 'release' : 'submit'
  if (isReleased(line.status)) return 'correct'
  if (line.status === 'draft' || line.status === 'returned') return mayPublish ? 'release' : 'submit'
  return line.status === 'needs-decision' && line.allowed.includes('release') ? 'release' : 'keep'
}

/** The requests that carry out the wish; without steps there is nothing to save or send. */
export function wishOf(draft: Draft, then: Then, line?: ComposedLine): Wish {
  if (line === undefined) return { then, steps: [postOf(draft, then)] }
  const before = line.content ?? { text: '', urgency: 'routine' }
  const changes = changesOf(before, draft.words)
  const steps = then === 'correct' ? correctionOf(draft, changes) : stepsOf(draft, then, line, changes)
  const [first, ...rest] = steps
  return { then, steps: first ? [{ ...first, version: seenOf(line, draft.seen) }, ...rest] : [] }
}

/** Acts that leave the words as they are, such as a pin, make no new version of the words. */
function seenOf({ version, contentVersion = version }: ComposedLine, seen = version): number {
  return contentVersion <= seen ? Math.max(version, seen) : seen
}

function postOf({ words, releaseAt, reason }: Draft, then: Then): Step {
  return { act: 'post', body: { ...contentOf(words), then, ...timeOf(releaseAt), ...reasonOf(reason) } }
}

function correctionOf({ note, cascade, reason }: Draft, changes: object): Step[] {
  const hasNote = note.trim() !== ''
  if (!hasNote && Object.keys(changes).length === 0) return []
  const kind = hasNote ? { kind: 'correction', note } : { kind: 'refile' }
  return [{ act: 'correct', body: { ...changes, ...kind, ...(cascade && { cascade }), ...reasonOf(reason) } }]
}

/** Words are saved first; then the line goes on its way. */
function stepsOf({ releaseAt, reason }: Draft, then: Then, line: ComposedLine, changes: object): Step[] {
  const time = timeOf(releaseAt)
  const isNewTime = time.releaseAt !== undefined && time.releaseAt !== line.releaseAt
  const why = reasonOf(reason)
  const saving: Step[] =
    Object.keys(changes).length === 0 ? [] : [{ act: 'save', body: { ...changes, ...why } }]
  if (then === 'submit') return [...saving, { act: 'submit', body: { ...time, ...why } }]
  if (then === 'release')
    return [
      ...saving,
      { act: time.releaseAt === undefined ? 'release' : 'schedule', body: { ...time, ...why } },
    ]
  return line.status === 'due' && isNewTime
    ? [...saving, { act: 'schedule', body: { ...time, ...why } }]
    : saving
}

function timeOf(releaseAt: Draft['releaseAt']): { readonly releaseAt?: string } {
  const at = instantOf(releaseAt)
  return at === undefined ? {} : { releaseAt: new Date(at).toISOString() }
}

function reasonOf(reason: string): { readonly reason?: string } {
  return reason.trim() === '' ? {} : { reason }
}

/** Whether a time of release can be set for the line in the composer. */
export function mayTakeTime(line: ComposedLine | undefined): boolean {
  if (line === undefined) return true
  return line.allowed.includes('schedule') || line.status === 'draft' || line.status === 'returned'
}
