import { randomBytes } from 'node:crypto'
import { storedFeedSchema, type Feed } from '../../protocol/feed.ts'
import type { Policy, StoredPolicy } from '../../protocol/policy.ts'
import { UnavailableError } from '../../platform/errors.ts'
import type { Act } from '../store/act.ts'
import type { Store } from '../store/store.ts'
import { newMarkSecret } from '../store/mark.ts'
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
      newMarkSecret(),
    ],
  )
  if (outcome === 'exists') return 'exists'
  await answered(store.redis.sadd(store.keys.feeds, feed.id))
  await answered(store.redis.publish(store.keys.feedsChanged, feed.id))
  return outcome === 'created' ? 'created' : 'same'
}

/** All feeds with a readable definition, sorted by id. Errors: UnavailableError. */
export async function listFeeds(store: Store): Promise<Feed[]> {
  return readFeeds(store, await listFeedIds(store))
}

/** The ids of all feeds, sorted; feeds with a damaged definition included. Errors: UnavailableError. */
export async function listFeedIds(store: Store): Promise<string[]> {
  return (await answered(store.redis.smembers(store.keys.feeds))).sort()
}

/** The feeds with a readable definition. Errors: UnavailableError. */
export async function readFeeds(store: Store, ids: readonly string[]): Promise<Feed[]> {
  const feeds = await Promise.all(ids.map((id) => readFeed(store, id)))
  return feeds.filter((feed) => feed !== undefined)
}

/**
 * Undefined for an unknown feed, and for a damaged definition, so that the other feeds can still be listed. Errors:
 * UnavailableError.
 */
export async function readFeed({ redis, keys, faults }: Store, id: string): Promise<Feed | undefined> {
  const { definition } = keys.feed(id)
  try {
    const json = await answered(redis.get(definition))
    return json === null ? undefined : faults.read(definition, () => storedFeedSchema.parse(JSON.parse(json)))
  } catch (error) {
    if (error instanceof UnavailableError) throw error
    faults.found('record', definition, error)
    return undefined
  }
}

/** 8 characters of a-z and 0-9. */
export function newEpoch(): string {
  const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567'
  return Array.from(randomBytes(8), (byte) => ALPHABET[byte & 31]).join('')
}
