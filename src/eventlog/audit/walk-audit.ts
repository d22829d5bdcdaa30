import type { Store } from '../store/store.ts'
import { auditKeysOf, rawEntryOf, type AuditEntry, type AuditHead } from './read-audit.ts'
import { answered } from '../store/scripts.ts'
import {
  findFaults,
  readEntry,
  type AuditFault,
  type CheckedEntry,
  type SavedContent,
} from './find-faults.ts'

const ENTRIES_PER_READ = 1_000

export interface WalkedAudit {
  /** The newest entry. */
  readonly head: AuditHead
  /** The first fault; undefined when the audit has none. */
  readonly fault: AuditFault | undefined
  /** Entries that say that Redis has lost events, and entries of this audit with them. */
  readonly forks: readonly AuditEntry[]
  /** Number of entries whose text is erased, wholly or in part: only their chain hash can be checked. */
  readonly erased: number
  /** Number of the newest entry that was in an archive that is lost; the check begins after it. 0: none. */
  readonly gone: number
}

/** The archive, where Redis has moved entries and headlines to. */
export interface ArchivedAudit {
  /** Entries with `after` < n, oldest first. */
  readAudit(scope: string, after: number, limit: number): Promise<readonly CheckedEntry[]>
  readLines(feed: string, ids: readonly string[]): Promise<readonly (ArchivedContents | undefined)[]>
}

interface ArchivedContents {
  readonly id: string
  readonly stored: { readonly versions: Readonly<Record<string, string>> }
  readonly erased?: true
}

/**
 * Checks the whole audit of a feed, or with the scope `desk` that of accounts and keys, while other processes append to
 * it and move its older part to the archive. `known`: entries whose chain hash was noted elsewhere; without them a chain
 * that was rewritten from end to end passes the check. Errors: UnavailableError; those of the archive.
 */
export async function walkAudit(
  store: Store,
  scope: string,
  known: readonly AuditHead[] = [],
  archive?: ArchivedAudit,
): Promise<WalkedAudit> {
  let before = await readGone(store, scope)
  const gone = before.n
  let erased = 0
  const forks: AuditEntry[] = []
  for (;;) {
    const { entries, head, length, isLast } = await readStep(store, scope, before.n, archive)
    const end = isLast ? head : (entries.at(-1) ?? head)
    for (const entry of entries) {
      const read = readEntry(entry)
      if (read?.action === 'log-forked') forks.push(read)
      if (entry.erased || entry.json === undefined) erased += 1
    }
    const saved = await readContents(store, scope, entries, gone > 0, archive)
    const faults = [
      ...findFaults(entries, before, end, saved),
      ...entries.filter((entry) => differsFromKnown(entry, known)).map(({ n }) => changedAt(n)),
      ...(isLast
        ? known.filter(({ n }) => n > head.n).map(({ n }) => ({ n, fault: 'missing' as const }))
        : []),
    ]
    const [fault] = faults.sort((a, b) => a.n - b.n)
    if (fault) return { head, fault, forks, erased, gone }
    // An added entry with an id such as `5-1` has the number of another entry; only the stream's length shows it.
    if (isLast) return { head, fault: length === head.n ? undefined : changedAt(head.n), forks, erased, gone }
    before = end
  }
}

interface AuditStep {
  readonly entries: readonly CheckedEntry[]
  readonly head: AuditHead
  /** Number of entries in both stores. */
  readonly length: number
  readonly isLast: boolean
}

/** Reads entries and head in one transaction: an entry appended or moved meanwhile is in both or in neither. */
async function readStep(
  store: Store,
  scope: string,
  after: number,
  archive?: ArchivedAudit,
): Promise<AuditStep> {
  const { audit, auditHead } = auditKeysOf(store, scope)
  const replies = await answered(
    store.redis
      .multi()
      .xrange(audit, `${after + 1}-0`, '+', 'COUNT', ENTRIES_PER_READ)
      .hmget(auditHead, 'n', 'chain', 'base')
      .xlen(audit)
      .exec(),
  )
  const [entries, head, length] = (replies ?? []).map(([error, reply]) => {
    if (error) throw error
    return reply
  }) as [[string, string[]][], (string | null)[], number]
  const [n, chain, border] = head
  const base = Number(border ?? 0)
  const ends = { head: { n: Number(n ?? 0), chain: chain ?? '' }, length: base + length }
  if (archive && after < base) {
    const moved = await archive.readAudit(scope, after, Math.min(ENTRIES_PER_READ, base - after))
    // Where the archive lacks them, the entries of Redis show which are missing.
    if (moved.length > 0) return { ...ends, entries: moved, isLast: false }
  }
  return { ...ends, entries: entries.map(rawEntryOf), isLast: entries.length < ENTRIES_PER_READ }
}

async function readGone(store: Store, scope: string): Promise<AuditHead> {
  const { auditHead } = auditKeysOf(store, scope)
  const [n, chain] = await answered(store.redis.hmget(auditHead, 'gone', 'goneChain'))
  return { n: Number(n ?? 0), chain: chain ?? '' }
}

async function readContents(
  store: Store,
  scope: string,
  entries: readonly CheckedEntry[],
  someAreGone: boolean,
  archive?: ArchivedAudit,
): Promise<SavedContent> {
  const wanted = entries.flatMap((entry) => {
    const { content, headline, after } = readEntry(entry) ?? {}
    return content !== undefined && headline !== undefined && after
      ? [{ headline, field: `${headline}:${after.version}:content` }]
      : []
  })
  if (wanted.length === 0) return () => undefined
  const fields = wanted.map(({ field }) => field)
  const values = await answered(store.redis.hmget(store.keys.feed(scope).versions, ...fields))
  const saved = new Map(fields.map((field, index) => [field, values[index] ?? undefined]))
  const gone = wanted.filter(({ field }) => saved.get(field) === undefined).map(({ headline }) => headline)
  const moved = archive && gone.length > 0 ? await archive.readLines(scope, [...new Set(gone)]) : []
  const archived = new Map(moved.flatMap((line) => (line ? [[line.id, line]] : [])))
  return (headline, version) => {
    const kept = saved.get(`${headline}:${version}:content`)
    const line = archived.get(headline)
    // The headline was in the archive that is lost.
    if (kept === undefined && !line && someAreGone) return { erased: true }
    if (kept !== undefined || !line) return kept
    return line.erased ? { erased: true } : line.stored.versions[`${version}:content`]
  }
}

function differsFromKnown({ n, chain }: CheckedEntry, known: readonly AuditHead[]): boolean {
  return known.some((noted) => noted.n === n && noted.chain !== chain)
}

function changedAt(n: number): AuditFault {
  return { n, fault: 'changed' }
}
