import type { DeskState } from '../../protocol/desk-state.ts'
import type { Act } from '../store/act.ts'
import type { Store } from '../store/store.ts'
import { dutyReasons } from './duty.ts'

/** Why headlines are put to a decision. */
export const stopReasons = [...dutyReasons, 'retracted'] as const

/** For the audit and for the attention of the headlines. */
export interface DecisionCause {
  readonly why: (typeof stopReasons)[number]
  /** The key or person; a later duty with the same cause counts only acts since. */
  readonly cause?: string
}

/** A headline in the version that was read, with the desk state that it gets. */
export interface Stopped {
  readonly id: string
  readonly version: number
  readonly desk: DeskState
}

/** lua/put-to-decision.lua explains each outcome. */
export type PutOutcome = 'put' | 'changed' | 'elsewhere'

/** Makes headlines that wait `needs-decision`, in one atomic step. Errors: UnavailableError. */
export async function putToDecision(
  store: Store,
  feed: string,
  headlines: readonly Stopped[],
  cause: DecisionCause,
  act: Act,
): Promise<PutOutcome[]> {
  if (headlines.length === 0) return []
  const keys = store.keys.feed(feed)
  const reply = await store.scripts['put-to-decision'](
    [keys.states, keys.changes, keys.due, keys.attention, keys.audit, keys.auditHead, keys.status('')],
    [
      feed,
      JSON.stringify(headlines.map(({ id, version, desk }) => ({ id, version, desk: JSON.stringify(desk) }))),
      JSON.stringify(cause),
      JSON.stringify(act),
      keys.desk,
    ],
  )
  return reply as PutOutcome[]
}
