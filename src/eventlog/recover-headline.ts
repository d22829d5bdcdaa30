import { randomUUID } from 'node:crypto'
import type { Action } from '../protocol/lists/actions.ts'
import type { LossSource } from '../protocol/lists/loss-sources.ts'
import type { Status } from '../protocol/lists/statuses.ts'
import type { AuditHead } from './audit/read-audit.ts'
import { readHeadline, type HeadlineRecord, type StoredAttention } from './read-headline.ts'
import { releaseDue } from './release-due.ts'
import { saveHeadline, type Change, type Once } from './save-headline.ts'
import type { Act } from './store/act.ts'
import type { Store } from './store/store.ts'

/** A headline needs at most a removal, its words and a flag; another act may come between two of these. */
const MOST_STEPS = 8
/** Gateways repeat a report for seconds. A person may have undone its hold by then. */
const REMEMBER_MS = 7 * 86_400_000

/** An act that the storage has lost. */
export interface LostAct {
  readonly feed: string
  readonly id: string
  readonly version: number
  readonly action: Action
  /** Its time in ms. */
  readonly at: number
  readonly source: LossSource
  /** The actor of what is done about it. */
  readonly act: Act
  /** Unique for the act. */
  readonly token: string
}

/** See src/desk/recovery.ts. */
export type RecoveryStep =
  | { readonly kind: 'settled' }
  | { readonly kind: 'flag'; readonly text?: string }
  | (Pick<Change, 'action' | 'status' | 'due' | 'content' | 'desk' | 'words'> & {
      readonly kind: 'act'
      readonly flags: boolean
    })

/** The effect of this call; none where nothing was to be done, or another process has done it. */
export interface Recovered {
  /** A removal was carried out that the desk need not look at. */
  readonly repeated: boolean
  /** The headline was put to the desk. */
  readonly flagged: boolean
  /** The headline after the last act, and the act's entry in the audit. */
  readonly saved?: { readonly audited: AuditHead; readonly version: number; readonly status: Status }
}

/**
 * Takes steps until the headline is safe and the desk knows of the loss. Any number of processes may do it at the same
 * time, again and again. Errors: UnavailableError; an error that names the outcome when the storage refuses a step.
 */
export async function recoverHeadline(
  store: Store,
  lost: LostAct,
  next: (present: HeadlineRecord | undefined) => RecoveryStep,
): Promise<Recovered> {
  const { feed, id } = lost
  let done: Recovered = { repeated: false, flagged: false }
  for (let steps = 0; steps < MOST_STEPS; steps++) {
    const present = await readHeadline(store, feed, id)
    const step = next(present)
    if (step.kind === 'settled') return done
    if (step.kind === 'flag')
      return { ...done, flagged: (await flag(store, lost, step.text)) || done.flagged }
    const outcome = await saveHeadline(store, changeOf(lost, step, present), onceOf(lost, step.action))
    switch (outcome.kind) {
      case 'saved':
      case 'cancelled': {
        const { audited, version, status, dueAt } = outcome
        done = {
          repeated: done.repeated || !step.flags,
          flagged: done.flagged || step.flags,
          saved: { audited, version, status },
        }
        if (dueAt !== undefined) await releaseDue(store, feed)
        break
      }
      case 'repeated':
        return done
      case 'stale':
      case 'illegal':
      case 'unknown':
        break
      default:
        throw new Error(`the act cannot be repeated: ${outcome.kind}`)
    }
  }
  throw new Error('other acts kept changing the headline')
}

function changeOf(
  lost: LostAct,
  { kind: _, flags, ...step }: Extract<RecoveryStep, { kind: 'act' }>,
  present: HeadlineRecord | undefined,
): Change {
  const { feed, id, act } = lost
  return {
    ...{ feed, id, act, ...step },
    expected: present?.version ?? 0,
    allowed: present ? [present.status] : [],
    policyVersion: 'any',
    ...(flags && { attention: attentionOf(lost) }),
  }
}

/** A report is acted on once. An api finds out from the headline whether its act is still lost. */
function onceOf({ token, source, version }: LostAct, action: Action): Once {
  const unique = `lost ${token} ${version} ${action}`
  return source !== 'api'
    ? { token: unique, fingerprint: unique, rememberMs: REMEMBER_MS }
    : { token: `${unique} ${randomUUID()}`, fingerprint: unique, rememberMs: 1_000 }
}

function attentionOf({ feed, id, action, version, at, source }: LostAct): StoredAttention {
  return { feed, id, action, version, at, lost: source }
}

/** False: the headline has this flag or a newer one, or a person has attended to it. */
async function flag(store: Store, lost: LostAct, text: string | undefined): Promise<boolean> {
  const keys = store.keys.feed(lost.feed)
  const attention = { ...attentionOf(lost), ...(text !== undefined && { text }) }
  const outcome = await store.scripts['flag-sibling'](
    [keys.states, keys.audit, keys.auditHead, keys.attention],
    [lost.id, JSON.stringify(attention), lost.feed, keys.desk],
  )
  return outcome === 'flagged'
}
