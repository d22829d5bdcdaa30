import { randomBytes } from 'node:crypto'
import { storedFeedSchema, type Feed } from '../../protocol/feed.ts'
import type { Policy, StoredPolicy } from '../../protocol/policy.ts'
import type { Act } from '../store/act.ts'
import type { Store } from '../store/store.ts'
import { answered } from '../store/scripts.ts'

/**
 * `same`: an equal definition exists already, and its policy stays unchanged. Without `policy` the default policy
 * applies. The id is added to the set of feeds last, and a repeated call may add it again. Without `act` no audit entry
 * is written.
 */
export async function createFeed(
  store: Store,
  feed: Feed,
  policy?: Policy,
  act?: Act,
): Promise<'created' | 'same' | 'exists'> {
  const keys = store.keys.feed(feed.id)
  const stored: StoredPolicy | undefined = policy && { version: 1, policy }
  const detail = { definition: feed, policy: stored }
  const audited = act && { feed: feed.id, action: 'feed-made', act, detail }
  const outcome = await store.scripts['create-feed'](
    [keys.definition, keys.head, keys.policy, keys.audit, keys.auditHead],
    [
      JSON.stringify(feed),
      newEpoch(),
      stored ? JSON.stringify(stored) : '',
      audited ? JSON.stringify(audited).slice(1, -1) : '',
      keys.desk,
    ],
  )
  if (outcome === 'exists') return 'exists'
  await answered(store.redis.sadd(store.keys.feeds, feed.id))
  await answered(store.redis.publish(store.keys.feedsChanged, feed.id))
  return outcome === 'created' ? 'created' : 'same'
}

/** All feeds, sorted by id. */
export async function listFeeds(store: Store): Promise<Feed[]> {
  const ids = await answered(store.redis.smembers(store.keys.feeds))
  const feeds = await Promise.all(ids.sort().map((id) => readFeed(store, id)))
  return feeds.filter((feed) => feed !== undefined)
}

/** Undefined for an unknown feed, and for a damaged definition, so that the other feeds can still be listed. */
export async function readFeed(store: Store, id: string): Promise<Feed | undefined> {
  const definition = await answered(store.redis.get(store.keys.feed(id).definition))
  return definition === null ? undefined : parseFeed(definition)
}

function parseFeed(definition: string): Feed | undefined {
  try {
    return storedFeedSchema.safeParse(JSON.parse(definition)).data
  } catch {
    return undefined
  }
}

/** 8 characters of a-z and 0-9. */
export function newEpoch(): string {
  const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567'
  return Array.from(randomBytes(8), (byte) => ALPHABET[byte & 31]).join('')
}
