import {
  compareAndWrite,
  type AuditedAct,
  type ChangeMessage,
  type Write,
} from '../eventlog/store/compare-and-write.ts'
import type { Store } from '../eventlog/store/store.ts'
import { UnavailableError } from '../platform/errors.ts'

const MAX_TRIES = 8

export interface PlannedChange<T> {
  readonly writes: readonly Write[]
  readonly audit: AuditedAct
  readonly result: T
  /** A message after the write. */
  readonly doorbell?: ChangeMessage
}

/**
 * Writes the change that `decide` plans, with its audit entry, if no record that it names has changed since it was
 * read; else calls `decide` again. A string from `decide` is a refusal. Errors: UnavailableError.
 */
export async function change<T, Refusal extends string>(
  store: Store,
  decide: () => PlannedChange<T> | Refusal | Promise<PlannedChange<T> | Refusal>,
): Promise<T | Refusal> {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const decision = await decide()
    if (typeof decision === 'string') return decision
    const { writes, audit, doorbell, result } = decision
    if ((await compareAndWrite(store, 'desk', writes, audit, doorbell)) === 'written') return result
  }
  throw new UnavailableError('other requests changed the same record at every try')
}
