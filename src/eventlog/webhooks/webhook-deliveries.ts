import { z } from 'zod'
import type { Store } from '../store/store.ts'
import { answered } from '../store/scripts.ts'

/** Why a try was no delivery. */
export const deliveryFaults = [
  'refused-address',
  'unreachable',
  'time-out',
  'redirect',
  'gone',
  'bad-answer',
  'overtaken',
] as const
export type DeliveryFault = (typeof deliveryFaults)[number]

/** One try at a webhook. */
export const deliverySchema = z.object({
  /** Its `webhook-id`, which the tries at one message share. */
  message: z.string(),
  type: z.string(),
  at: z.iso.datetime(),
  position: z.string().optional(),
  headline: z.string().optional(),
  outcome: z.enum(['delivered', 'failed']),
  fault: z.enum(deliveryFaults).optional(),
  /** Status of the answer. */
  status: z.int().optional(),
  detail: z.string().optional(),
  ms: z.int(),
  /** Failures in a row before this try. */
  failures: z.int(),
})
export type Delivery = z.output<typeof deliverySchema>

/** The newest tries, newest first. Errors: UnavailableError. */
export async function readDeliveries(
  { redis, keys, faults }: Store,
  id: string,
  limit: number,
): Promise<Delivery[]> {
  const key = keys.webhooks.deliveries(id)
  const entries = await answered(redis.xrevrange(key, '+', '-', 'COUNT', limit))
  return entries.flatMap(([, fields]) => {
    return faults.read(key, () => deliverySchema.parse(JSON.parse(fields[1] ?? ''))) ?? []
  })
}
