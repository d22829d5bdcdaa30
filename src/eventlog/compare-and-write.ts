import type { EventLog } from './log.ts'
import type { Act } from './save-headline.ts'

/** One field of a hash: what the writer has seen there and what is to stand there; null for nothing. */
export interface Write {
  readonly key: string
  readonly field: string
  readonly seen: string | null
  readonly value: string | null
}

/** What the audit keeps of an act; never a secret. */
export interface AuditNote {
  readonly action: string
  readonly act: Act
  readonly headline?: string
  readonly detail?: Readonly<Record<string, unknown>>
}

/**
 * All writes and an entry of the audit, or nothing: `changed` when a field does not hold what was seen. A write whose
 * `value` is what was seen only guards. All keys must share the hash tag of `scope`: a feed's, or the desk's. `ring`
 * is a channel. Errors: UnavailableError.
 */
export async function compareAndWrite(
  log: EventLog,
  scope: string,
  writes: readonly Write[],
  audit: AuditNote,
  ring = '',
): Promise<'written' | 'changed'> {
  const keys = scope === 'desk' ? log.keys.desk : log.keys.feed(scope)
  const { action, headline, act, detail } = audit
  const feed = scope === 'desk' ? undefined : scope
  const reply = await log.scripts['compare-and-write'](
    [keys.audit, keys.auditHead, ...writes.map(({ key }) => key)],
    [
      JSON.stringify({ feed, headline, action, act, detail }),
      keys.desk,
      ring,
      ...writes.flatMap(({ field, seen, value }) => [field, written(seen), written(value)]),
    ],
  )
  return reply as 'written' | 'changed'
}

/** Tells an empty field from one that is not there. */
function written(text: string | null): string {
  return text === null ? '-' : `=${text}`
}
