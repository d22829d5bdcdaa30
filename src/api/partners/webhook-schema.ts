import { z } from 'zod'
import { deliverySchema } from '../../eventlog/webhooks/webhook-deliveries.ts'
import { webhookStatuses } from '../../protocol/lists/webhook-statuses.ts'

export const shownDeliverySchema = deliverySchema.meta({ id: 'WebhookDelivery' })

export const webhookSchema = z
  .object({
    id: z.string(),
    feed: z.string(),
    url: z.string(),
    createdAt: z.iso.datetime(),
    by: z.string().describe('The account that made the webhook or its present address, or `bootstrap`'),
    status: z
      .enum(webhookStatuses)
      .describe(
        '`paused`: it failed too often; `disabled`: its server has answered 410; `waits`: for a second admin; `ended`: the partner may not read the feed any more',
      ),
    waitsFor: z.literal('approval').optional().describe('Approve the partner'),
    position: z.string().describe('Everything up to this position is delivered'),
    delivered: z.int(),
    failures: z.int().describe('Failed tries in a row'),
    failingSince: z.iso.datetime().optional(),
    nextTryAt: z.iso.datetime().optional(),
    pingWaits: z.literal(true).optional().describe('A ping is still to be sent'),
    last: shownDeliverySchema.optional().describe('The newest try'),
    keys: z
      .array(z.object({ publicKey: z.string(), until: z.iso.datetime().optional() }))
      .describe('Public keys of the signatures `v1a`, newest first; secrets are not shown'),
  })
  .meta({ id: 'Webhook' })

export const issuedWebhookSchema = webhookSchema.extend({
  secret: z.string().describe('For the signatures `v1`. Shown only in this answer'),
})
