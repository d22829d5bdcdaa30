import { auditKeysOf, rawEntryOf, type AuditHead } from '../audit/read-audit.ts'
import { entryAt } from '../read-log.ts'
import { answered } from '../store/scripts.ts'
import type { Store } from '../store/store.ts'

/** `gone`: number of the newest entry that was in an archive that is lost; 0: none. */
export interface AuditBase extends AuditHead {
  readonly gone: number
}

/** The newest entry that only the archive has; `n` is 0 while Redis has the whole audit. Errors: UnavailableError. */
export async function readAuditBase(store: Store, scope: string): Promise<AuditBase> {
  const { auditHead } = auditKeysOf(store, scope)
  const [n, chain, gone] = await answered(store.redis.hmget(auditHead, 'base', 'baseChain', 'gone'))
  return { n: Number(n ?? 0), chain: chain ?? '', gone: Number(gone ?? 0) }
}

/**
 * Removes the audit's entries up to `n` that were written before `before` (ms): the archive holds them. Returns how many.
 * Errors: UnavailableError.
 */
export async function trimAudit(store: Store, scope: string, n: number, before: number): Promise<number> {
  const { audit, auditHead } = auditKeysOf(store, scope)
  const base = await readAuditBase(store, scope)
  const entryOf = async (number: number) => {
    const [entry] = await answered(store.redis.xrange(audit, `${number}-0`, `${number}-0`))
    return entry && rawEntryOf(entry)
  }
  const last = await newestBefore(base.n, n, before, async (number) => atOf((await entryOf(number))?.json))
  const entry = last > base.n ? await entryOf(last) : undefined
  if (!entry) return 0
  return Number(await store.scripts['trim-audit']([audit, auditHead], [entry.n, entry.chain]))
}

/**
 * Removes the log's events up to seq `copied` that were released before `before` (ms): the archive holds them. Returns
 * how many. Errors: UnavailableError.
 */
export async function trimLog(store: Store, feed: string, copied: number, before: number): Promise<number> {
  const { log } = store.keys.feed(feed)
  const [first] = await answered(store.redis.xrange(log, '-', '+', 'COUNT', 1))
  if (!first) return 0
  const oldest = Number.parseInt(first[0], 10)
  const last = await newestBefore(oldest - 1, copied, before, async (seq) =>
    atOf((await entryAt(store, feed, seq))?.json),
  )
  return last < oldest ? 0 : answered(store.redis.xtrim(log, 'MINID', `${last + 1}-0`))
}

/** The greatest number in (low, high] whose entry is older than `before`; `low` where there is none. */
async function newestBefore(
  low: number,
  high: number,
  before: number,
  timeOf: (number: number) => Promise<number | undefined>,
): Promise<number> {
  let [found, top] = [low, high]
  while (found < top) {
    const middle = Math.ceil((found + top) / 2)
    const at = await timeOf(middle)
    if (at !== undefined && at < before) found = middle
    else top = middle - 1
  }
  return found
}

function atOf(json: string | undefined): number | undefined {
  return json === undefined ? undefined : Date.parse((JSON.parse(json) as { at: string }).at)
}
