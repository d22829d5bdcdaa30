import {
  auditKeysOf,
  rawEntryOf,
  type AuditHead,
  type RawAuditEntry,
} from '../../eventlog/audit/read-audit.ts'
import { answered, classified } from '../../eventlog/store/scripts.ts'
import { ArchiveError, type ArchivedAuditEntry } from '../archive.ts'
import type { Sources } from './sources.ts'

export interface AuditPage {
  readonly entries: readonly ArchivedAuditEntry[]
  readonly head: AuditHead
}

/**
 * Entries with `after` < n, oldest first, at most `limit`: the older ones from the archive, the newer ones from Redis.
 * `scope`: a feed or `desk`. Errors: UnavailableError; ArchiveError where entries are wanted that only the archive has.
 */
export async function readAuditPage(
  { store, archive }: Sources,
  scope: string,
  after: number,
  limit: number,
): Promise<AuditPage> {
  const keys = auditKeysOf(store, scope)
  // Entries first: a trim writes its border before it removes entries, so the border is never behind them.
  const batch = store.redis
    .pipeline()
    .xrange(keys.audit, `${after + 1}-0`, '+', 'COUNT', limit)
    .hmget(keys.auditHead, 'n', 'chain', 'base')
  const [kept, head] = ((await answered(batch.exec())) ?? []).map(([error, reply]) => {
    if (error) throw classified(error)
    return reply
  }) as [[string, string[]][], (string | null)[]]
  const [n, chain, border] = head
  const base = Number(border ?? 0)
  const recent = kept.map(rawEntryOf)
  const entries =
    after < base
      ? await withArchived({ store, archive }, scope, { after, base, limit }, recent)
      : recent.slice(0, limit)
  return { entries, head: { n: Number(n ?? 0), chain: chain ?? '' } }
}

async function withArchived(
  { archive }: Sources,
  scope: string,
  { after, base, limit }: { readonly after: number; readonly base: number; readonly limit: number },
  recent: readonly RawAuditEntry[],
): Promise<ArchivedAuditEntry[]> {
  const opened = archive()
  if (!opened) {
    throw new ArchiveError('away', `the audit up to entry ${base} is in an archive, and ARCHIVE_URL is off`)
  }
  const read = await opened.readAudit(scope, after, limit)
  const archived = read.filter((entry) => entry.n <= base)
  // Entries that were in an archive that is lost are left out.
  const newer = archived.length < limit ? recent.filter((entry) => entry.n > base) : []
  return [...archived, ...newer].slice(0, limit)
}
