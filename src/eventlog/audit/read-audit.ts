import type { Status } from '../../protocol/lists/statuses.ts'
import { withoutAddress, type Act } from '../store/act.ts'
import type { Store } from '../store/store.ts'
import { answered } from '../store/scripts.ts'

/** One entry of an audit, as it is stored in Redis. */
export interface RawAuditEntry {
  readonly n: number
  /** sha1 over the chain hash of the entry before and `json`. */
  readonly chain: string
  readonly json: string
}

/** A parsed audit entry. */
export interface AuditEntry {
  readonly n: number
  /** RFC 3339, UTC. */
  readonly at: string
  /** Absent for an act that belongs to no feed. */
  readonly feed?: string
  readonly headline?: string
  readonly action: string
  /** null: the headline did not exist. `before` and `after` are absent when the act concerns no headline. */
  readonly before?: VersionAndStatus | null
  readonly after?: VersionAndStatus
  /** sha1 of the content (JSON) that was saved with `after.version`. */
  readonly content?: string
  readonly act: Act
  readonly detail?: Readonly<Record<string, unknown>>
}

interface VersionAndStatus {
  readonly status: Status
  readonly version: number
}

/** The newest entry. Before the first entry, `n` is 0 and `chain` is empty. */
export interface AuditHead {
  readonly n: number
  readonly chain: string
}

/** Entries with `after` < n, oldest first, at most `limit`; `scope`: a feed id or `desk`. Errors: UnavailableError. */
export async function readAudit(
  store: Store,
  scope: string,
  after: number,
  limit: number,
): Promise<RawAuditEntry[]> {
  const { audit } = auditKeysOf(store, scope)
  const entries = await answered(store.redis.xrange(audit, `${after + 1}-0`, '+', 'COUNT', limit))
  return entries.map(rawEntryOf)
}

export function rawEntryOf([id, fields]: [string, string[]]): RawAuditEntry {
  return { n: Number.parseInt(id, 10), chain: fields[1] ?? '', json: fields[3] ?? '' }
}

/** Errors: UnavailableError. */
export async function readAuditHead(store: Store, scope: string): Promise<AuditHead> {
  const { auditHead } = auditKeysOf(store, scope)
  const [n, chain] = await answered(store.redis.hmget(auditHead, 'n', 'chain'))
  return { n: Number(n ?? 0), chain: chain ?? '' }
}

/** Parses an entry without a check, since only Flashline's scripts write entries. */
export function auditEntryOf({ json }: RawAuditEntry): AuditEntry {
  return JSON.parse(json) as AuditEntry
}

/** An entry as JSON, without the address of the client. */
export function entryWithoutAddress(json: string): string {
  const entry = JSON.parse(json) as AuditEntry
  return JSON.stringify({ ...entry, act: withoutAddress(entry.act) })
}

export function auditKeysOf({ keys }: Store, scope: string) {
  return scope === 'desk' ? keys.desk : keys.feed(scope)
}
