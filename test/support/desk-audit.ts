import type { Act } from '../../src/eventlog/store/act.ts'
import type { Store } from '../../src/eventlog/store/store.ts'

interface AuditEntry {
  readonly action: string
  readonly act: Act
  readonly detail?: Readonly<Record<string, unknown>>
}

/** The audit of acts that belong to no feed, oldest first. */
export async function readAudit({ redis, keys }: Store): Promise<AuditEntry[]> {
  const entries = await redis.xrange(keys.desk.audit, '-', '+')
  return entries.map(([, fields]) => JSON.parse(fields[fields.indexOf('a') + 1] ?? '') as AuditEntry)
}
