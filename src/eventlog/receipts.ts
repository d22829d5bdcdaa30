import { z } from 'zod'
import type { Buckets } from '../platform/time-buckets.ts'
import type { EventFrame } from '../protocol/frames.ts'
import { parsePosition } from '../protocol/position.ts'
import type { Store } from './store/store.ts'
import { readAfter, eventOf } from './read-log.ts'
import { readTime } from './store/read-time.ts'
import { answered } from './store/scripts.ts'

/** How long it can be looked up who was written to. */
const KEEP_MS = 7 * 86_400_000

const count = z.int()
const keptSchema = z.object({
  /** By Redis's clock. */
  at: count,
  readers: count,
  times: z.array(z.tuple([count, count])),
  screens: z.object({ asked: count, cleared: count, left: count, returned: count, silent: count }).optional(),
})
type Kept = z.output<typeof keptSchema>

/** What one gateway has last reported of an event. */
export interface GatewayReceipt extends Omit<Kept, 'at'> {
  readonly gateway: string
  /** How long ago. */
  readonly agoMs: number
}

/** What a gateway reports of events; `number` counts its reports. */
export interface Report {
  readonly gateway: string
  readonly number: number
  /** Connected now. */
  readonly readers: number
  readonly events: readonly {
    readonly position: string
    /** From release to write. */
    readonly times: Buckets
    readonly screens?: Kept['screens']
  }[]
}

/** May be repeated. Errors: UnavailableError. */
export async function keepReceipts(
  store: Store,
  feed: string,
  { gateway, number, readers, events }: Report,
): Promise<void> {
  if (events.length === 0) return
  const { receipt } = store.keys.feed(feed)
  const sums = events.map(({ times, screens }) => JSON.stringify({ readers, times, screens }))
  const keys = events.map(({ position }) => receipt(position))
  await store.scripts['keep-receipt'](keys, [gateway, KEEP_MS, number, ...sums])
}

/** In the order asked. Errors: UnavailableError. */
export async function readReceipts(
  store: Store,
  feed: string,
  positions: readonly string[],
): Promise<GatewayReceipt[][]> {
  const { receipt } = store.keys.feed(feed)
  const [now, ...hashes] = await Promise.all([
    readTime(store),
    ...positions.map((position) => answered(store.redis.hgetall(receipt(position)))),
  ])
  return hashes.map((hash) =>
    Object.entries(hash)
      .map(([gateway, json]) => {
        const { at, ...sums } = keptSchema.parse(JSON.parse(json))
        return { gateway, agoMs: now - at, ...sums }
      })
      .sort((a, b) => a.gateway.localeCompare(b.gateway)),
  )
}

/** When a version was due, in ms; undefined where that was not written down. Errors: UnavailableError. */
export async function readDueTimes(
  store: Store,
  feed: string,
  id: string,
  versions: readonly number[],
): Promise<(number | undefined)[]> {
  if (versions.length === 0) return []
  const fields = versions.map((version) => `${id}:${version}:due`)
  const due = await answered(store.redis.hmget(store.keys.feed(feed).versions, ...fields))
  return due.map((ms) => (ms === null ? undefined : Number(ms)))
}

/** The event at a position; undefined where the log does not keep it any more. Errors: UnavailableError. */
export async function readEvent(
  store: Store,
  feed: string,
  position: string,
): Promise<EventFrame | undefined> {
  const { seq = 0 } = parsePosition(position) ?? {}
  const [entry] = await readAfter(store, feed, seq - 1, 1)
  const event = entry && eventOf(entry)
  return event?.position === position ? event : undefined
}
