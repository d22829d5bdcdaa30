import { readAudit, readAuditHead, type AuditHead } from '../../eventlog/audit/read-audit.ts'
import { readAuditBase } from '../../eventlog/ended/trim.ts'
import type { Store } from '../../eventlog/store/store.ts'
import { ArchiveError, type Archive } from '../archive.ts'

const ENTRIES_PER_WRITE = 500

/**
 * Copies the entries of an audit that the archive does not have. Entries that Redis has lost are set aside. Returns the
 * number up to which the archive has the audit. `scope`: a feed or `desk`. Errors: UnavailableError, ArchiveError.
 */
export async function copyAudit(store: Store, archive: Archive, scope: string): Promise<number> {
  const [head, base, archived] = await Promise.all([
    readAuditHead(store, scope),
    readAuditBase(store, scope),
    archive.readAuditHead(scope),
  ])
  const isGone = archived.n === 0 && base.gone === base.n
  if (archived.n < base.n && !isGone)
    throw new ArchiveError('damaged', `the archive lacks entries ${archived.n + 1} to ${base.n} of an audit`)
  let copied = isGone ? base.n : await lastInBoth(store, archive, scope, { head, base, archived })
  if (copied < archived.n) await archive.setAuditAside(scope, copied)
  while (copied < head.n) {
    const entries = await readAudit(store, scope, copied, ENTRIES_PER_WRITE)
    const last = entries.at(-1)
    if (!last) break
    await archive.write({ audit: { scope, entries } })
    copied = last.n
  }
  return copied
}

interface Ends {
  readonly head: AuditHead
  readonly base: AuditHead
  readonly archived: AuditHead
}

/**
 * The number of the newest entry that both have with the same chain hash. A chain hash covers all entries before it, so a
 * search by halves finds it.
 */
async function lastInBoth(
  store: Store,
  archive: Archive,
  scope: string,
  { head, base, archived }: Ends,
): Promise<number> {
  const isInBoth = async (n: number) => {
    const kept = n === base.n ? base : (await readAudit(store, scope, n - 1, 1)).at(0)
    const own = (await archive.readAudit(scope, n - 1, 1)).at(0)
    return n === 0 || (kept?.n === n && own?.n === n && kept.chain === own.chain)
  }
  let [low, high] = [base.n, Math.min(head.n, archived.n)]
  if (await isInBoth(high)) return high
  if (!(await isInBoth(low)))
    throw new ArchiveError('damaged', `the archive has another audit of ${scope} up to entry ${low}`)
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (await isInBoth(middle)) low = middle
    else high = middle
  }
  return low
}
