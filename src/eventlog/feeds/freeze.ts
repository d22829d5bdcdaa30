import { z } from 'zod'
import type { Act } from '../store/act.ts'
import { compareAndWrite } from '../store/compare-and-write.ts'
import { isNoted, markDuty, type Duty } from '../duties/duty.ts'
import { feedsNotAcross } from './feed-sides.ts'
import { inEachFeed } from './in-each-feed.ts'
import { readStored } from '../store/read-stored.ts'
import type { Store } from '../store/store.ts'
import { readTime } from '../store/read-time.ts'
import { answered } from '../store/scripts.ts'

/** Marks a frozen feed: it releases only holds and withdrawals, and accepts only acts that take back a headline. */
export const frozenSchema = z.object({
  since: z.string(),
  by: z.string(),
  name: z.string(),
  reason: z.string().optional(),
})
export type Frozen = z.output<typeof frozenSchema>

/** Marks a frozen API key: it tried to release more headlines in a minute than the policy allows. */
export const frozenKeySchema = z.object({ since: z.string(), perMinute: z.number() })
export type FrozenKey = z.output<typeof frozenKeySchema>

/** Errors: UnavailableError, DamagedError. */
export async function readFrozen(store: Store, feed: string): Promise<Frozen | undefined> {
  const { head } = store.keys.feed(feed)
  return readStored(store, head, async () => {
    const raw = await answered(store.redis.hget(head, 'frozen'))
    return raw === null ? undefined : frozenSchema.parse(JSON.parse(raw))
  })
}

/** Errors: UnavailableError. */
export async function freeze(
  store: Store,
  feed: string,
  act: Act,
  now: number,
): Promise<'frozen' | 'frozen-already'> {
  const { by, name, reason } = act
  const frozen: Frozen = {
    since: new Date(now).toISOString(),
    by,
    name,
    ...(reason !== undefined && { reason }),
  }
  const { head } = store.keys.feed(feed)
  const write = { key: head, field: 'frozen', expected: null, value: JSON.stringify(frozen) }
  const outcome = await compareAndWrite(store, feed, [write], { action: 'freeze', act }, lookIn(store, feed))
  return outcome === 'written' ? 'frozen' : 'frozen-already'
}

/**
 * Headlines that were due during the freeze do not come out: a release reads the time of the thaw and makes them
 * `needs-decision`. Errors: UnavailableError.
 */
export async function thaw(store: Store, feed: string, act: Act): Promise<'thawed' | 'not-frozen'> {
  const { head } = store.keys.feed(feed)
  const [frozen = null, thawed = null] = await answered(store.redis.hmget(head, 'frozen', 'thawed'))
  if (frozen === null) return 'not-frozen'
  const now = String(Math.floor(await readTime(store)))
  const writes = [
    { key: head, field: 'frozen', expected: frozen, value: null },
    { key: head, field: 'thawed', expected: thawed, value: now },
  ]
  const outcome = await compareAndWrite(store, feed, writes, { action: 'thaw', act }, lookIn(store, feed))
  return outcome === 'written' ? 'thawed' : 'not-frozen'
}

/** The frozen keys of a feed by key id. Errors: UnavailableError, DamagedError. */
export async function readFrozenKeys(store: Store, feed: string): Promise<Map<string, FrozenKey>> {
  const { frozenKeys } = store.keys.feed(feed)
  return readStored(store, frozenKeys, async () => {
    const fields = await answered(store.redis.hgetall(frozenKeys))
    return new Map(Object.entries(fields).map(([id, raw]) => [id, frozenKeySchema.parse(JSON.parse(raw))]))
  })
}

/**
 * Freezes an API key in all feeds when it is frozen in `feed`, in all drills when that is a drill, so that a stolen key cannot go on in another feed. A
 * repeated call changes nothing. Errors: UnavailableError.
 */
export async function freezeKeyElsewhere(store: Store, feed: string, keyId: string): Promise<void> {
  const frozen = await answered(store.redis.hget(store.keys.feed(feed).frozenKeys, keyId))
  if (frozen === null) return
  const { since, perMinute } = frozenKeySchema.parse(JSON.parse(frozen))
  const act = { by: 'flashline', person: 'flashline', name: 'flashline' }
  const duty = keyFrozenDuty(keyId, Date.parse(since), act)
  const isOpen = await isNoted(store, feed, duty.id)
  const audited = { action: 'key-frozen', act, detail: { keyId, perMinute, in: feed } }
  const feeds = await feedsNotAcross(store, feed)
  const frozenIn = await inEachFeed(store, feeds, 'frozen keys', async (id) => {
    const key = store.keys.feed(id).frozenKeys
    if ((await answered(store.redis.hexists(key, keyId))) === 1) return
    if (isOpen) await markDuty(store, id, { ...duty, mark: feed })
    await compareAndWrite(store, id, [{ key, field: keyId, expected: null, value: frozen }], audited)
  })
  // The caller tries again: the key may release in a feed that was left out.
  if (frozenIn.length < feeds.length) throw new Error(`the key ${keyId} is not frozen in a damaged feed`)
}

/** As save-headline.lua notes it when it freezes the key. */
function keyFrozenDuty(keyId: string, since: number, act: Act): Duty {
  return { id: `key:${keyId}:${since}`, why: 'key-frozen', since, by: `key:${keyId}`, act }
}

/** Errors: UnavailableError. */
export async function thawKey(
  store: Store,
  feed: string,
  keyId: string,
  act: Act,
): Promise<'thawed' | 'not-frozen'> {
  const key = store.keys.feed(feed).frozenKeys
  const frozen = await answered(store.redis.hget(key, keyId))
  if (frozen === null) return 'not-frozen'
  const write = { key, field: keyId, expected: frozen, value: null }
  const audited = { action: 'key-thawed', act, detail: { keyId } }
  return (await compareAndWrite(store, feed, [write], audited)) === 'written' ? 'thawed' : 'not-frozen'
}

/** Gateways that hear `look` on the live channel send the new feed state to their readers at once. */
function lookIn(store: Store, feed: string): { readonly channel: string; readonly payload: string } {
  return { channel: store.keys.feed(feed).live, payload: 'look' }
}
