import type { Store } from '../store/store.ts'
import { auditKeysOf, rawEntryOf, type AuditHead, type RawAuditEntry } from './read-audit.ts'
import { answered } from '../store/scripts.ts'
import { findFaults, readEntry, type AuditFault, type SavedContent } from './find-faults.ts'

const READ_AT_ONCE = 1_000

export interface WalkedAudit {
  /** The newest entry. */
  readonly head: AuditHead
  /** The first one; undefined where nothing was changed. */
  readonly fault: AuditFault | undefined
}

/**
 * Walks the whole audit of a feed, or as `desk` of what belongs to none, while others write. `known`: entries whose
 * chain was noted elsewhere; without one, a chain that was rewritten from end to end looks right.
 * Errors: UnavailableError.
 */
export async function walkAudit(
  store: Store,
  scope: string,
  known: readonly AuditHead[] = [],
): Promise<WalkedAudit> {
  let before: AuditHead = { n: 0, chain: '' }
  for (;;) {
    const { entries, head, length } = await readStep(store, scope, before.n)
    const isLast = entries.length < READ_AT_ONCE
    const end = isLast ? head : (entries.at(-1) ?? head)
    const saved = await readContents(store, scope, entries)
    const faults = [
      ...findFaults(entries, before, end, saved),
      ...entries.filter((entry) => isOther(entry, known)).map(({ n }) => changedAt(n)),
      ...(isLast
        ? known.filter(({ n }) => n > head.n).map(({ n }) => ({ n, fault: 'missing' as const }))
        : []),
    ]
    const [fault] = faults.sort((a, b) => a.n - b.n)
    if (fault) return { head, fault }
    // One may stand beside those that count.
    if (isLast) return { head, fault: length === head.n ? undefined : changedAt(head.n) }
    before = end
  }
}

/** In one step: what is appended meanwhile is in both or in none. */
async function readStep(store: Store, scope: string, after: number) {
  const { audit, auditHead } = auditKeysOf(store, scope)
  const replies = await answered(
    store.redis
      .multi()
      .xrange(audit, `${after + 1}-0`, '+', 'COUNT', READ_AT_ONCE)
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

function isOther({ n, chain }: RawAuditEntry, known: readonly AuditHead[]): boolean {
  return known.some((one) => one.n === n && one.chain !== chain)
}

function changedAt(n: number): AuditFault {
  return { n, fault: 'changed' }
}
