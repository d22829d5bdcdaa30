import { listFeedIds } from '../eventlog/feeds/feeds.ts'
import { inEachFeed } from '../eventlog/feeds/in-each-feed.ts'
import { readFrozenKeys, thawKey } from '../eventlog/feeds/freeze.ts'
import { readKey } from './api-keys.ts'
import type { People } from './people.ts'
import { actBy, type Actor } from './principal.ts'

/** By feed: the time at which a key was frozen. */
export type FrozenIn = Readonly<Record<string, string>>

/** The frozen keys of all feeds, by key id. */
export async function listFrozenKeys({ store }: People): Promise<Map<string, FrozenIn>> {
  const feeds = await listFeedIds(store)
  const perFeed = await inEachFeed(store, feeds, 'frozen keys', async (feed) => {
    return { feed, keys: await readFrozenKeys(store, feed) }
  })
  const frozen = new Map<string, FrozenIn>()
  for (const { feed, keys } of perFeed)
    for (const [key, { since }] of keys) frozen.set(key, { ...frozen.get(key), [feed]: since })
  return frozen
}

/** Thaws a key in all feeds. Under a two-person rule its owner may not thaw it. */
export async function thawKeyEverywhere(
  people: People,
  actor: Actor,
  keyId: string,
): Promise<'thawed' | 'key-not-frozen' | 'self-approval'> {
  const frozenIn = (await listFrozenKeys(people)).get(keyId) ?? {}
  const key = await readKey(people, keyId)
  const isOwn = key?.owner === actor.person
  if (isOwn && (await people.twoPersonRuleIn(Object.keys(key.roles)))) return 'self-approval'
  const outcomes = await Promise.all(
    Object.keys(frozenIn).map((feed) => thawKey(people.store, feed, keyId, actBy(actor))),
  )
  return outcomes.includes('thawed') ? 'thawed' : 'key-not-frozen'
}
