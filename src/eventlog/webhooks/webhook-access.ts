import { z } from 'zod'
import { urgencies } from '../../protocol/lists/urgencies.ts'
import type { Store } from '../store/store.ts'
import { answered } from '../store/scripts.ts'

/** The keys that sign the messages of a webhook; `until`: a newer key has taken their place. */
export const webhookKeySchema = z.object({
  secret: z.string(),
  x: z.string(),
  d: z.string(),
  until: z.string().optional(),
})

/** The part of a webhook that workers deliver by. Times are RFC 3339. */
export const webhookAccessSchema = z.object({
  id: z.string(),
  partner: z.string(),
  feed: z.string(),
  url: z.string(),
  filter: z.object({
    section: z.array(z.string()).min(1).optional(),
    region: z.array(z.string()).min(1).optional(),
    urgency: z.enum(urgencies).optional(),
  }),
  expiresAt: z.string().optional(),
  keys: z.array(webhookKeySchema).min(1),
  /** How often an admin has enabled it, and has wanted a ping and a replay: a worker does the newest of each. */
  enabled: z.int(),
  pinged: z.int(),
  replay: z.object({ number: z.int(), position: z.string() }),
})
export type WebhookAccess = z.output<typeof webhookAccessSchema>

/** Fields of the hash `webhookAccess`. */
export const webhookFields = {
  version: 'version',
  webhook: (id: string) => `webhook:${id}`,
}

/** A webhook whose record is damaged is left out: nothing is delivered to it. Errors: UnavailableError. */
export async function readWebhookAccess({ redis, keys, faults }: Store): Promise<WebhookAccess[]> {
  const key = keys.desk.webhookAccess
  const fields = await answered(redis.hgetall(key))
  return Object.entries(fields)
    .filter(([field]) => field.startsWith(webhookFields.webhook('')))
    .flatMap(([field, json]) => {
      return faults.read(`${key} ${field}`, () => webhookAccessSchema.parse(JSON.parse(json))) ?? []
    })
}

/** Another one after each change. Errors: UnavailableError. */
export async function readWebhookVersion({ redis, keys }: Store): Promise<string | undefined> {
  const [version] = await answered(redis.hmget(keys.desk.webhookAccess, webhookFields.version))
  return version ?? undefined
}

/** The acts of admins that a worker has to do, as one text that differs after each. */
export function stampOf({ enabled, pinged, replay }: Pick<WebhookAccess, 'enabled' | 'pinged' | 'replay'>) {
  return `${enabled}:${pinged}:${replay.number}`
}
