import { z } from 'zod'
import type { Act } from '../store/act.ts'
import { compareAndWrite } from '../store/compare-and-write.ts'
import { listFeeds } from './feeds.ts'
import type { Store } from '../store/store.ts'
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

/** Errors: UnavailableError. */
export async function readFrozen(store: Store, feed: string): Promise<Frozen | undefined> {
  const raw = await readFrozenField(store, feed)
  return raw === null ? undefined : frozenSchema.parse(JSON.parse(raw))
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
  const outcome = await writeFrozenField(store, feed, null, JSON.stringify(frozen), { action: 'freeze', act })
  return outcome === 'written' ? 'frozen' : 'frozen-already'
}

/** Errors: UnavailableError. */
export async function thaw(store: Store, feed: string, act: Act): Promise<'thawed' | 'not-frozen'> {
  const frozen = await readFrozenField(store, feed)
  if (frozen === null) return 'not-frozen'
  const outcome = await writeFrozenField(store, feed, frozen, null, { action: 'thaw', act })
  return outcome === 'written' ? 'thawed' : 'not-frozen'
}

/** The frozen keys of a feed by key id. Errors: UnavailableError. */
export async function readFrozenKeys(store: Store, feed: string): Promise<Map<string, FrozenKey>> {
  const fields = await answered(store.redis.hgetall(store.keys.feed(feed).frozenKeys))
  return new Map(Object.entries(fields).map(([id, raw]) => [id, frozenKeySchema.parse(JSON.parse(raw))]))
}

/**
 * Freezes an API key in all feeds when it is frozen in `feed`, so that a stolen key cannot go on in another feed. A
 * repeated call changes nothing. Errors: UnavailableError.
 */
export async function freezeKeyElsewhere(store: Store, feed: string, keyId: string): Promise<void> {
  const frozen = await answered(store.redis.hget(store.keys.feed(feed).frozenKeys, keyId))
  if (frozen === null) return
  const { perMinute } = frozenKeySchema.parse(JSON.parse(frozen))
  const act = { by: 'flashline', person: 'flashline', name: 'flashline' }
  const audited = { action: 'key-frozen', act, detail: { keyId, perMinute, in: feed } }
  for (const { id } of await listFeeds(store)) {
    const key = store.keys.feed(id).frozenKeys
    if ((await answered(store.redis.hexists(key, keyId))) === 1) continue
    await compareAndWrite(store, id, [{ key, field: keyId, expected: null, value: frozen }], audited)
  }
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

function readFrozenField(store: Store, feed: string): Promise<string | null> {
  return answered(store.redis.hget(store.keys.feed(feed).head, 'frozen'))
}

/** Also publishes `look` on the live channel, so that gateways send the new feed state to their readers at once. */
function writeFrozenField(
  store: Store,
  feed: string,
  expected: string | null,
  value: string | null,
  audited: { readonly action: string; readonly act: Act },
): Promise<'written' | 'changed'> {
  const { head, live } = store.keys.feed(feed)
  const doorbell = { channel: live, payload: 'look' }
  return compareAndWrite(store, feed, [{ key: head, field: 'frozen', expected, value }], audited, doorbell)
}
