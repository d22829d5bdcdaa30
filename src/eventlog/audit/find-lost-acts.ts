import type { Store } from '../store/store.ts'
import type { AuditHead } from './read-audit.ts'

/**
 * The places in `entries`, from 0, of those that the audit of the feed does not have, or has with another chain hash.
 * Errors: UnavailableError.
 */
export async function findLostActs(
  store: Store,
  feed: string,
  entries: readonly AuditHead[],
): Promise<number[]> {
  const { audit, auditHead } = store.keys.feed(feed)
  const places = await store.scripts['find-lost-acts'](
    [audit, auditHead],
    entries.flatMap(({ n, chain }) => [n, chain]),
  )
  return (places as number[]).map((place) => place - 1)
}
