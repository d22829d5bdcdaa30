import type { Act } from './act.ts'
import type { Store } from './store.ts'

/** A write to one field of a hash. null: the field does not exist, or is to be deleted. */
export interface Write {
  readonly key: string
  readonly field: string
  /** The value that the caller has read. */
  readonly expected: string | null
  readonly value: string | null
}

/** A message that is published after the write. */
export interface ChangeMessage {
  readonly channel: string
  readonly payload: string
}

/** The audit entry of a write. It must not contain secrets. */
export interface AuditedAct {
  readonly action: string
  readonly act: Act
  readonly headline?: string
  readonly detail?: object
}

/**
 * Writes fields if all of them still have the expected values, and appends one entry to the audit of the scope: a feed
 * id, or `desk`. All keys must belong to the scope. `changed`: nothing is written. `doorbell` is published after the
 * write. Errors: UnavailableError.
 */
export async function compareAndWrite(
  store: Store,
  scope: string,
  writes: readonly Write[],
  audited: AuditedAct,
  doorbell?: ChangeMessage,
): Promise<'written' | 'changed'> {
  const keys = scope === 'desk' ? store.keys.desk : store.keys.feed(scope)
  const outcome = await store.scripts['compare-and-write'](
    [keys.audit, keys.auditHead, ...writes.map(({ key }) => key)],
    [
      JSON.stringify(writes.map(({ field, expected, value }) => ({ field, expected, value }))),
      membersOf(scope, audited),
      keys.desk,
      doorbell?.channel ?? '',
      doorbell?.payload ?? '',
    ],
  )
  return outcome as 'written' | 'changed'
}

function membersOf(scope: string, { headline, action, act, detail }: AuditedAct): string {
  const feed = scope === 'desk' ? undefined : scope
  return JSON.stringify({ feed, headline, action, act, detail }).slice(1, -1)
}
