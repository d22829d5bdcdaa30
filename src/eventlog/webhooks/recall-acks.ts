import { z } from 'zod'
import type { Store } from '../store/store.ts'
import { answered, classified } from '../store/scripts.ts'

export const ACKS_KEPT_MS = 400 * 86_400_000

/** How and when a partner has acknowledged a recall. */
const acknowledgementSchema = z.object({
  at: z.iso.datetime(),
  /** `webhook`: its server has answered 2xx. `request`: by a request with its key. */
  by: z.enum(['webhook', 'request']),
})
export type Acknowledgement = z.output<typeof acknowledgementSchema>

/** The first acknowledgement counts. Errors: UnavailableError. */
export async function noteAck(
  store: Store,
  feed: string,
  headline: string,
  partner: string,
  ack: Acknowledgement,
): Promise<Acknowledgement> {
  const key = store.keys.webhooks.acks(`${feed}:${headline}`)
  const isFirst = await answered(store.redis.hsetnx(key, partner, JSON.stringify(ack)))
  if (isFirst === 1) await answered(store.redis.pexpire(key, ACKS_KEPT_MS))
  const [acks] = await readAcks(store, feed, [headline])
  return acks?.get(partner) ?? ack
}

/** For each headline, the acknowledgements by partner. Errors: UnavailableError. */
export async function readAcks(
  { redis, keys }: Store,
  feed: string,
  headlines: readonly string[],
): Promise<ReadonlyMap<string, Acknowledgement>[]> {
  if (headlines.length === 0) return []
  const batch = redis.pipeline()
  for (const headline of headlines) batch.hgetall(keys.webhooks.acks(`${feed}:${headline}`))
  return ((await answered(batch.exec())) ?? []).map(([error, fields]) => {
    if (error) throw classified(error)
    return new Map(Object.entries(fields as Record<string, string>).flatMap(acknowledgementIn))
  })
}

/** A damaged record is no acknowledgement: the partner counts as missing. */
function acknowledgementIn([partner, json]: [string, string]): [string, Acknowledgement][] {
  try {
    const { data } = acknowledgementSchema.safeParse(JSON.parse(json))
    return data ? [[partner, data]] : []
  } catch {
    return []
  }
}
