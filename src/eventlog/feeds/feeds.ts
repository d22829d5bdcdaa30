import { randomBytes } from 'node:crypto'
import { storedFeedSchema, type Feed } from '../../protocol/feed.ts'
import type { Policy, StoredPolicy } from '../../protocol/policy.ts'
import { DamagedError } from '../../platform/errors.ts'
import type { Act } from '../store/act.ts'
import type { Store } from '../store/store.ts'
import { newMarkSecret } from '../store/mark.ts'
import { readStored } from '../store/read-stored.ts'
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

/** The newest set of feeds that was read from each store. */
const lastRead = new WeakMap<Store, string[]>()

/**
 * The ids of all feeds, sorted; feeds with a damaged definition included. While the set itself is damaged, the ids that
 * this process has read before, so that its feeds go on. Errors: UnavailableError; DamagedError when it has read none.
 */
export async function listFeedIds(store: Store): Promise<string[]> {
  const { redis, keys } = store
  try {
    const ids = await readStored(store, keys.feeds, () => answered(redis.smembers(keys.feeds)))
    lastRead.set(store, ids.sort())
    return ids
  } catch (error) {
    const known = lastRead.get(store)
    if (!(error instanceof DamagedError) || !known) throw error
    return known
  }
}

/** The feeds with a readable definition. Errors: UnavailableError. */
export async function readFeeds(store: Store, ids: readonly string[]): Promise<Feed[]> {
  const feeds = await Promise.all(ids.map((id) => readFeed(store, id).catch(undefinedIfDamaged)))
  return feeds.filter((feed) => feed !== undefined)
}

/** Undefined for an unknown feed. Errors: UnavailableError, DamagedError. */
export function readFeed(store: Store, id: string): Promise<Feed | undefined> {
  const { definition } = store.keys.feed(id)
  return readStored(store, definition, async () => {
    const json = await answered(store.redis.get(definition))
    return json === null ? undefined : storedFeedSchema.parse(JSON.parse(json))
  })
}

/** Whether there is a definition, readable or not. Errors: UnavailableError. */
export async function feedExists({ redis, keys }: Store, id: string): Promise<boolean> {
  return (await answered(redis.exists(keys.feed(id).definition))) === 1
}

function undefinedIfDamaged(error: unknown): undefined {
  if (!(error instanceof DamagedError)) throw error
}

/** 8 characters of a-z and 0-9. */
export function newEpoch(): string {
  const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567'
  return Array.from(randomBytes(8), (byte) => ALPHABET[byte & 31]).join('')
}
