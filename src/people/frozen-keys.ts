import { listFeeds } from '../eventlog/feeds/feeds.ts'
import { readFrozenKeys, thawKey } from '../eventlog/feeds/freeze.ts'
import type { People } from './people.ts'
import { actBy, type Actor } from './principal.ts'

/** By feed: the time at which a key was frozen. */
export type FrozenIn = Readonly<Record<string, string>>

/** The frozen keys of all feeds, by key id. */
export async function listFrozenKeys({ store }: People): Promise<Map<string, FrozenIn>> {
  const feeds = await listFeeds(store)
  const perFeed = await Promise.all(
    feeds.map(async ({ id }) => ({ feed: id, keys: await readFrozenKeys(store, id) })),
  )
  const frozen = new Map<string, FrozenIn>()
  for (const { feed, keys } of perFeed)
    for (const [key, { since }] of keys) frozen.set(key, { ...frozen.get(key), [feed]: since })
  return frozen
}

/** Thaws a key in all feeds. */
export async function thawKeyEverywhere(
  people: People,
  actor: Actor,
  keyId: string,
): Promise<'thawed' | 'key-not-frozen'> {
  const frozenIn = (await listFrozenKeys(people)).get(keyId) ?? {}
  const outcomes = await Promise.all(
    Object.keys(frozenIn).map((feed) => thawKey(people.store, feed, keyId, actBy(actor))),
  )
  return outcomes.includes('thawed') ? 'thawed' : 'key-not-frozen'
}
