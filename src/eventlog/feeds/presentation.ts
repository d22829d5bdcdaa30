import {
  noPresentation,
  storedPresentationSchema,
  type Presentation,
  type StoredPresentation,
} from '../../protocol/presentation.ts'
import type { Act } from '../store/act.ts'
import { compareAndWrite } from '../store/compare-and-write.ts'
import type { Store } from '../store/store.ts'
import { answered } from '../store/scripts.ts'

/** A damaged record counts as none, so that the feed still has the usual words. Errors: UnavailableError. */
export async function readPresentation(store: Store, feed: string): Promise<StoredPresentation> {
  return parsed(store, feed, (await readFields(store, feed))[0])
}

/**
 * `changed`: the stored presentation has another version than `expectedVersion`. Gateways that hear of it read it at
 * once, the others at their next tail check. Errors: UnavailableError.
 */
export async function writePresentation(
  store: Store,
  feed: string,
  expectedVersion: number,
  wanted: Presentation,
  act: Act,
): Promise<StoredPresentation | 'changed'> {
  const { head: key, live: channel } = store.keys.feed(feed)
  const [expected, presented] = await readFields(store, feed)
  const before = parsed(store, feed, expected)
  const version = Math.max(before.version, Number(presented ?? 0))
  if (version !== expectedVersion) return 'changed'
  const after: StoredPresentation = { version: version + 1, ...wanted }
  const writes = [
    { key, field: 'presentation', expected, value: JSON.stringify(after) },
    // The tail check reads only the number, since a table may be long.
    { key, field: 'presented', expected: presented, value: String(after.version) },
  ]
  const audited = { action: 'presentation', act, detail: { before, after } }
  const outcome = await compareAndWrite(store, feed, writes, audited, { channel, payload: 'look' })
  return outcome === 'written' ? after : outcome
}

async function readFields(
  store: Store,
  feed: string,
): Promise<[json: string | null, version: string | null]> {
  const { head } = store.keys.feed(feed)
  const [json = null, version = null] = await answered(store.redis.hmget(head, 'presentation', 'presented'))
  return [json, version]
}

function parsed({ keys, faults }: Store, feed: string, json: string | null): StoredPresentation {
  if (json === null) return noPresentation
  const name = `${keys.feed(feed).head} presentation`
  return faults.read(name, () => storedPresentationSchema.parse(JSON.parse(json))) ?? noPresentation
}
