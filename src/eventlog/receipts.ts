import { z } from 'zod'
import type { Buckets } from '../platform/time-buckets.ts'
import type { EventFrame } from '../protocol/frames.ts'
import { parsePosition } from '../protocol/position.ts'
import type { Store } from './store/store.ts'
import { readAfter, eventOf } from './read-log.ts'
import { readTime } from './store/read-time.ts'
import { answered } from './store/scripts.ts'

/** How long receipts are kept: 7 days. */
const KEEP_RECEIPTS_MS = 7 * 86_400_000

const count = z.int()
const storedReceiptSchema = z.object({
  /** Time of the report by Redis's clock, in ms. */
  at: count,
  readers: count,
  times: z.array(z.tuple([count, count])),
  screens: z.object({ asked: count, cleared: count, left: count, returned: count, silent: count }).optional(),
})
type StoredReceipt = z.output<typeof storedReceiptSchema>

/** The newest report of one gateway about an event. */
export interface GatewayReceipt extends Omit<StoredReceipt, 'at'> {
  readonly gateway: string
  /** Age of the report. */
  readonly agoMs: number
}

/**
 * A gateway's report of the deliveries and acknowledgements of events; `number` is its place among the reports of this
 * gateway.
 */
export interface Report {
  readonly gateway: string
  readonly number: number
  /** Readers connected at the time of the report. */
  readonly readers: number
  readonly events: readonly {
    readonly position: string
    /** Time from the release to the write, one count for each reader. */
    readonly times: Buckets
    readonly screens?: StoredReceipt['screens']
  }[]
}

/** Stores a report; repeating it changes nothing. Errors: UnavailableError. */
export async function keepReceipts(
  store: Store,
  feed: string,
  { gateway, number, readers, events }: Report,
): Promise<void> {
  if (events.length === 0) return
  const { receipt } = store.keys.feed(feed)
  const sums = events.map(({ times, screens }) => JSON.stringify({ readers, times, screens }))
  const keys = events.map(({ position }) => receipt(position))
  await store.scripts['keep-receipt'](keys, [gateway, KEEP_RECEIPTS_MS, number, ...sums])
}

/** The receipts of each event, in the order of `positions`. Errors: UnavailableError. */
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
  return hashes.map((hash, index) => gatewayReceipts(store, receipt(positions[index] ?? ''), hash, now))
}

/** `hash`: gateway to its newest report (JSON), stored under `key`. `now`: Redis's clock in ms. */
export function gatewayReceipts(
  { faults }: Pick<Store, 'faults'>,
  key: string,
  hash: Readonly<Record<string, string>>,
  now: number,
): GatewayReceipt[] {
  return Object.entries(hash)
    .flatMap(([gateway, json]) => {
      const stored = faults.read(`${key} ${gateway}`, () => storedReceiptSchema.parse(JSON.parse(json)))
      if (!stored) return []
      const { at, ...sums } = stored
      return [{ gateway, agoMs: now - at, ...sums }]
    })
    .sort((a, b) => a.gateway.localeCompare(b.gateway))
}

/** The due time of each version in ms; undefined when none is stored. Errors: UnavailableError. */
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

/** The event at a position; undefined when the log no longer has it. Errors: UnavailableError. */
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
