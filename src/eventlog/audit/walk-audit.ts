import type { Store } from '../store/store.ts'
import { auditKeysOf, rawEntryOf, type AuditEntry, type AuditHead, type RawAuditEntry } from './read-audit.ts'
import { answered } from '../store/scripts.ts'
import { findFaults, readEntry, type AuditFault, type SavedContent } from './find-faults.ts'

const ENTRIES_PER_READ = 1_000

export interface WalkedAudit {
  /** The newest entry. */
  readonly head: AuditHead
  /** The first fault; undefined when the audit has none. */
  readonly fault: AuditFault | undefined
  /** Entries that say that Redis has lost events, and entries of this audit with them. */
  readonly forks: readonly AuditEntry[]
}

/**
 * Checks the whole audit of a feed, or with the scope `desk` that of accounts and keys, while other processes append to
 * it. `known`: entries whose chain hash was noted outside Redis; without them a chain that was rewritten from end to
 * end passes the check. Errors: UnavailableError.
 */
export async function walkAudit(
  store: Store,
  scope: string,
  known: readonly AuditHead[] = [],
): Promise<WalkedAudit> {
  let before: AuditHead = { n: 0, chain: '' }
  const forks: AuditEntry[] = []
  for (;;) {
    const { entries, head, length } = await readStep(store, scope, before.n)
    const isLast = entries.length < ENTRIES_PER_READ
    const end = isLast ? head : (entries.at(-1) ?? head)
    for (const entry of entries) {
      const read = readEntry(entry)
      if (read?.action === 'log-forked') forks.push(read)
    }
    const saved = await readContents(store, scope, entries)
    const faults = [
      ...findFaults(entries, before, end, saved),
      ...entries.filter((entry) => differsFromKnown(entry, known)).map(({ n }) => changedAt(n)),
      ...(isLast
        ? known.filter(({ n }) => n > head.n).map(({ n }) => ({ n, fault: 'missing' as const }))
        : []),
    ]
    const [fault] = faults.sort((a, b) => a.n - b.n)
    if (fault) return { head, fault, forks }
    // An added entry with an id such as `5-1` has the number of another entry; only the stream's length shows it.
    if (isLast) return { head, fault: length === head.n ? undefined : changedAt(head.n), forks }
    before = end
  }
}

/** Reads entries and head in one transaction: an entry appended meanwhile is in both or in neither. */
async function readStep(store: Store, scope: string, after: number) {
  const { audit, auditHead } = auditKeysOf(store, scope)
  const replies = await answered(
    store.redis
      .multi()
      .xrange(audit, `${after + 1}-0`, '+', 'COUNT', ENTRIES_PER_READ)
      .hmget(auditHead, 'n', 'chain')
      .xlen(audit)
      .exec(),
  )
  const [entries, head, length] = (replies ?? []).map(([error, reply]) => {
    if (error) throw error
    return reply
  })
  const [n, chain] = head as (string | null)[]
  return {
    entries: (entries as [string, string[]][]).map(rawEntryOf),
    head: { n: Number(n ?? 0), chain: chain ?? '' },
    length: length as number,
  }
}

async function readContents(
  store: Store,
  scope: string,
  entries: readonly RawAuditEntry[],
): Promise<SavedContent> {
  const fields = entries.flatMap((entry) => {
    const { content, headline, after } = readEntry(entry) ?? {}
    return content !== undefined && after ? [`${headline}:${after.version}:content`] : []
  })
  if (fields.length === 0) return () => undefined
  const values = await answered(store.redis.hmget(store.keys.feed(scope).versions, ...fields))
  const saved = new Map(fields.map((field, index) => [field, values[index] ?? undefined]))
  return (headline, version) => saved.get(`${headline}:${version}:content`)
}

function differsFromKnown({ n, chain }: RawAuditEntry, known: readonly AuditHead[]): boolean {
  return known.some((noted) => noted.n === n && noted.chain !== chain)
}

function changedAt(n: number): AuditFault {
  return { n, fault: 'changed' }
}
