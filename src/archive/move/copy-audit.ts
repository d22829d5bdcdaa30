import { readAudit, readAuditHead, type AuditHead } from '../../eventlog/audit/read-audit.ts'
import { readAuditBase } from '../../eventlog/ended/trim.ts'
import type { Store } from '../../eventlog/store/store.ts'
import { UnavailableError } from '../../platform/errors.ts'
import { ArchiveError, type Archive } from '../archive.ts'

const ENTRIES_PER_WRITE = 500

/** Each is lost against another process that has copied and trimmed the audit meanwhile. */
const MOST_TRIES = 5

/**
 * Copies the entries of an audit that the archive does not have. Entries that Redis has lost are set aside. Returns the
 * number up to which the archive has the audit. `scope`: a feed or `desk`. Any number of processes may copy and trim at
 * the same time. Errors: UnavailableError, ArchiveError.
 */
export async function copyAudit(store: Store, archive: Archive, scope: string): Promise<number> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const copied = await tryToCopy(store, archive, scope)
    if (copied !== 'trimmed') return copied
  }
  throw new UnavailableError(`the audit of ${scope} is trimmed faster than it is copied`)
}

async function tryToCopy(store: Store, archive: Archive, scope: string): Promise<number | 'trimmed'> {
  // In this order: entries that another process copies or trims meanwhile are then not taken for lost ones.
  const base = await readAuditBase(store, scope)
  const archived = await archive.readAuditHead(scope)
  const head = await readAuditHead(store, scope)
  const isGone = archived.n === 0 && base.gone === base.n
  if (archived.n < base.n && !isGone)
    throw new ArchiveError('damaged', `the archive lacks entries ${archived.n + 1} to ${base.n} of an audit`)
  const inBoth = isGone ? base.n : await lastInBoth(store, archive, scope, { head, base, archived })
  if (inBoth === 'trimmed') return 'trimmed'
  let copied = inBoth
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
 * search by halves finds it. `trimmed`: Redis has moved the border meanwhile, so a missing entry tells nothing.
 */
async function lastInBoth(
  store: Store,
  archive: Archive,
  scope: string,
  { head, base, archived }: Ends,
): Promise<number | 'trimmed'> {
  const isInBoth = async (n: number) => {
    const kept = n === base.n ? base : (await readAudit(store, scope, n - 1, 1)).at(0)
    const own = (await archive.readAudit(scope, n - 1, 1)).at(0)
    return n === 0 || (kept?.n === n && own?.n === n && kept.chain === own.chain)
  }
  let [low, high] = [base.n, Math.min(head.n, archived.n)]
  if (await isInBoth(high)) return high
  if ((await readAuditBase(store, scope)).n !== base.n) return 'trimmed'
  if (!(await isInBoth(low)))
    throw new ArchiveError('damaged', `the archive has another audit of ${scope} up to entry ${low}`)
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (await isInBoth(middle)) low = middle
    else high = middle
  }
  return low
}
