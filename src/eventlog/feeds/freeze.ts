import { z } from 'zod'
import type { Act } from '../store/act.ts'
import { compareAndWrite } from '../store/compare-and-write.ts'
import { listFeeds } from './feeds.ts'
import type { Store } from '../store/store.ts'
import { answered } from '../store/scripts.ts'

/** While it stands, only holds and withdrawals are released, and nothing else is accepted. */
export const frozenSchema = z.object({
  since: z.string(),
  by: z.string(),
  name: z.string(),
  reason: z.string().optional(),
})
export type Frozen = z.output<typeof frozenSchema>

/** An API key that released more than the policy lets it. */
export const frozenKeySchema = z.object({ since: z.string(), perMinute: z.number() })
export type FrozenKey = z.output<typeof frozenKeySchema>

/** Errors: UnavailableError. */
export async function readFrozen(store: Store, feed: string): Promise<Frozen | undefined> {
  const raw = await readField(store, feed)
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
  const outcome = await writeField(store, feed, null, JSON.stringify(frozen), { action: 'freeze', act })
  return outcome === 'written' ? 'frozen' : 'frozen-already'
}

/** Errors: UnavailableError. */
export async function thaw(store: Store, feed: string, act: Act): Promise<'thawed' | 'not-frozen'> {
  const seen = await readField(store, feed)
  if (seen === null) return 'not-frozen'
  const outcome = await writeField(store, feed, seen, null, { action: 'thaw', act })
  return outcome === 'written' ? 'thawed' : 'not-frozen'
}

/** By key id. Errors: UnavailableError. */
export async function readFrozenKeys(store: Store, feed: string): Promise<Map<string, FrozenKey>> {
  const all = await answered(store.redis.hgetall(store.keys.feed(feed).frozenKeys))
  return new Map(Object.entries(all).map(([id, raw]) => [id, frozenKeySchema.parse(JSON.parse(raw))]))
}

/**
 * Freezes a key that was too fast in one feed in all the others: a stolen key does not go on elsewhere. Done again, it
 * changes nothing. Errors: UnavailableError.
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
    await compareAndWrite(store, id, [{ key, field: keyId, seen: null, value: frozen }], audited)
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
  const seen = await answered(store.redis.hget(key, keyId))
  if (seen === null) return 'not-frozen'
  const write = { key, field: keyId, seen, value: null }
  const audited = { action: 'key-thawed', act, detail: { keyId } }
  return (await compareAndWrite(store, feed, [write], audited)) === 'written' ? 'thawed' : 'not-frozen'
}

function readField(store: Store, feed: string): Promise<string | null> {
  return answered(store.redis.hget(store.keys.feed(feed).head, 'frozen'))
}

/** The gateways look again at once: their readers are told. */
function writeField(
  store: Store,
  feed: string,
  seen: string | null,
  value: string | null,
  audited: { readonly action: string; readonly act: Act },
): Promise<'written' | 'changed'> {
  const { head, live } = store.keys.feed(feed)
  const ring = { channel: live, payload: 'look' }
  return compareAndWrite(store, feed, [{ key: head, field: 'frozen', seen, value }], audited, ring)
}
