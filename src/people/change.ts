import { compareAndWrite, type AuditedAct, type Write } from '../eventlog/compare-and-write.ts'
import type { EventLog } from '../eventlog/log.ts'
import { UnavailableError } from '../platform/errors.ts'

const MOST_TRIES = 8

interface Decision<T> {
  readonly writes: readonly Write[]
  readonly audit: AuditedAct
  readonly result: T
}

/**
 * Writes what `decide` says, with its entry in the audit, if nothing that it has seen has changed; else it decides
 * again. A string refuses. Errors: UnavailableError.
 */
export async function change<T, Refusal extends string>(
  log: EventLog,
  decide: () => Decision<T> | Refusal | Promise<Decision<T> | Refusal>,
): Promise<T | Refusal> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const decision = await decide()
    if (typeof decision === 'string') return decision
    if ((await compareAndWrite(log, 'desk', decision.writes, decision.audit)) === 'written') {
      return decision.result
    }
  }
  throw new UnavailableError('others kept changing the same record')
}
