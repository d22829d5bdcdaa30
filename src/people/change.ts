import { compareAndWrite, type AuditedAct, type Write } from '../eventlog/store/compare-and-write.ts'
import type { Store } from '../eventlog/store/store.ts'
import { UnavailableError } from '../platform/errors.ts'

const MOST_TRIES = 8

interface PlannedChange<T> {
  readonly writes: readonly Write[]
  readonly audit: AuditedAct
  readonly result: T
}

/**
 * Writes what `decide` says, with its entry in the audit, if nothing that it has seen has changed; else it decides
 * again. A string refuses. Errors: UnavailableError.
 */
export async function change<T, Refusal extends string>(
  store: Store,
  decide: () => PlannedChange<T> | Refusal | Promise<PlannedChange<T> | Refusal>,
): Promise<T | Refusal> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const decision = await decide()
    if (typeof decision === 'string') return decision
    if ((await compareAndWrite(store, 'desk', decision.writes, decision.audit)) === 'written') {
      return decision.result
    }
  }
  throw new UnavailableError('others kept changing the same record')
}
