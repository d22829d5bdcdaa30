import type { Act } from '../../src/eventlog/act.ts'
import type { EventLog } from '../../src/eventlog/log.ts'

interface AuditEntry {
  readonly action: string
  readonly act: Act
  readonly detail?: Readonly<Record<string, unknown>>
}

/** The audit of what belongs to no feed, oldest first. */
export async function readAudit({ redis, keys }: EventLog): Promise<AuditEntry[]> {
  const entries = await redis.xrange(keys.desk.audit, '-', '+')
  return entries.map(([, fields]) => JSON.parse(fields[fields.indexOf('a') + 1] ?? '') as AuditEntry)
}
