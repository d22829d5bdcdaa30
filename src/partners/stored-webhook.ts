import { z } from 'zod'
import { webhookKeySchema } from '../eventlog/webhooks/webhook-access.ts'

/** A webhook as its partner's record has it. Its secrets are not hashed: workers sign with them. */
export const storedWebhookSchema = z.object({
  id: z.string(),
  feed: z.string(),
  url: z.string(),
  createdAt: z.string(),
  /** Id of the account that made the webhook or its present address, or `bootstrap`. */
  by: z.string(),
  /** Newest first. */
  keys: z.array(webhookKeySchema).min(1),
  /** How often an admin has enabled the webhook, has sent a ping, and has begun deliveries anew. */
  enabled: z.int(),
  pinged: z.int(),
  replay: z.object({ number: z.int(), position: z.string() }),
  /** Present until a second admin approves the webhook; until then nothing is delivered. */
  waitsFor: z.literal('approval').optional(),
})
export type StoredWebhook = z.output<typeof storedWebhookSchema>
