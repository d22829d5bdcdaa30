import { auditEntryOf, readAuditHead, type AuditHead } from '../../eventlog/audit/read-audit.ts'
import type { ArchivedAuditEntry } from '../archive.ts'
import { entryBefore } from './entry-before.ts'
import { readAuditPage } from './read-audit-page.ts'
import type { Sources } from './sources.ts'

const BATCH = 500
/** Protects Redis and the archive from one request for a line of last year; the caller goes on with `through`. */
const MAX_LOOKED_AT = 10 * BATCH

export interface LineAudit {
  /** The entries of the headline, oldest first. */
  readonly entries: readonly ArchivedAuditEntry[]
  /** The last entry that was looked at. */
  readonly through: number
  readonly head: AuditHead
}

export interface LineAuditQuery {
  readonly id: string
  /** ms since 1970. No entry of the headline is older. */
  readonly createdAt: number
  readonly after: number
  readonly limit: number
}

/**
 * The audit has no index by headline: it is searched from the creation of the headline on. Errors: UnavailableError;
 * ArchiveError where entries are wanted that only the archive has.
 */
export async function readLineAudit(
  sources: Sources,
  feed: string,
  { id, createdAt, after, limit }: LineAuditQuery,
): Promise<LineAudit> {
  const { n: newest } = await readAuditHead(sources.store, feed)
  const begin = await entryBefore(sources, feed, createdAt, { after, newest })
  const found: ArchivedAuditEntry[] = []
  for (let through = begin; ;) {
    const { entries, head } = await readAuditPage(sources, feed, through, BATCH)
    for (const entry of entries) {
      through = entry.n
      if (headlineOf(entry) === id) found.push(entry)
      if (found.length === limit) return { entries: found, through, head }
    }
    if (entries.length === 0) return { entries: found, through: Math.max(through, head.n), head }
    if (through - begin >= MAX_LOOKED_AT) return { entries: found, through, head }
  }
}

function headlineOf(entry: ArchivedAuditEntry): string | undefined {
  const { n, chain, json } = entry
  return json === undefined ? undefined : auditEntryOf({ n, chain, json }).headline
}
