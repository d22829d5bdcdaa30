import type { Store } from '../store/store.ts'
import { listFeedIds, readFeeds } from './feeds.ts'

/** Whether each feed is a drill. This never changes, so it is read once. */
const known = new WeakMap<Store, Map<string, boolean>>()

/**
 * The feeds on the same side of the border between drills and real feeds, the feed itself among them. A feed whose
 * definition is damaged counts as a real one: the withdrawal of a real story reaches it, and no act in a drill does.
 * Errors: UnavailableError, DamagedError.
 */
export async function feedsBeside(store: Store, feed: string): Promise<string[]> {
  const [ids, sides] = await readSides(store)
  const isDrill = (id: string) => sides.get(id) ?? false
  return ids.filter((id) => isDrill(id) === isDrill(feed))
}

/**
 * The feeds that are not on the other side for certain: an act that stops something also reaches a feed whose side is not
 * known. Errors: UnavailableError, DamagedError.
 */
export async function feedsNotAcross(store: Store, feed: string): Promise<string[]> {
  const [ids, sides] = await readSides(store)
  const own = sides.get(feed)
  return ids.filter((id) => own === undefined || (sides.get(id) ?? own) === own)
}

/** All drills, or all real feeds. Errors: UnavailableError, DamagedError. */
export async function feedsThatAre(store: Store, side: 'drill' | 'real'): Promise<string[]> {
  const [ids, sides] = await readSides(store)
  return ids.filter((id) => sides.get(id) === (side === 'drill'))
}

async function readSides(store: Store): Promise<readonly [string[], ReadonlyMap<string, boolean>]> {
  const sides = known.get(store) ?? new Map<string, boolean>()
  known.set(store, sides)
  const ids = await listFeedIds(store)
  const unread = ids.filter((id) => !sides.has(id))
  for (const { id, drill } of await readFeeds(store, unread)) sides.set(id, drill ?? false)
  return [ids, sides]
}
