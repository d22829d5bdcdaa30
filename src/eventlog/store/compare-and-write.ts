import type { Act } from './act.ts'
import type { Store } from './store.ts'

/** One field of a hash. null: is not there, or is taken away. */
export interface Write {
  readonly key: string
  readonly field: string
  /** What the caller has read there. */
  readonly seen: string | null
  readonly value: string | null
}

/** No secret belongs in it. */
export interface AuditedAct {
  readonly action: string
  readonly act: Act
  readonly headline?: string
  readonly detail?: object
}

/**
 * Writes fields if all of them still are what was seen, with one entry in the audit of a feed or, as `desk`, of what
 * belongs to none; all keys must be of that scope. `changed`: nothing is written. `ring` is published with it.
 * Errors: UnavailableError.
 */
export async function compareAndWrite(
  store: Store,
  scope: string,
  writes: readonly Write[],
  audited: AuditedAct,
  ring?: { readonly channel: string; readonly payload: string },
): Promise<'written' | 'changed'> {
  const keys = scope === 'desk' ? store.keys.desk : store.keys.feed(scope)
  const outcome = await store.scripts['compare-and-write'](
    [keys.audit, keys.auditHead, ...writes.map(({ key }) => key)],
    [
      JSON.stringify(writes.map(({ field, seen, value }) => ({ field, seen, value }))),
      membersOf(scope, audited),
      keys.desk,
      ring?.channel ?? '',
      ring?.payload ?? '',
    ],
  )
  return outcome as 'written' | 'changed'
}

function membersOf(scope: string, { headline, action, act, detail }: AuditedAct): string {
  const feed = scope === 'desk' ? undefined : scope
  return JSON.stringify({ feed, headline, action, act, detail }).slice(1, -1)
}
