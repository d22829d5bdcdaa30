import { z } from 'zod'
import { ops } from './lists/ops.ts'

/** A headline as the events of a feed have it; without its words where the message would be too long (`thin`). */
const webhookHeadlineSchema = z.looseObject({
  id: z.string(),
  version: z.int(),
  status: z.string(),
  place: z.int(),
  publishedAt: z.string(),
  updatedAt: z.string(),
})

const common = { timestamp: z.iso.datetime().describe('The time of the event, not of the delivery') }
const eventData = {
  feed: z.string(),
  position: z.string(),
  op: z.enum(ops),
  headline: webhookHeadlineSchema,
  thin: z
    .literal(true)
    .optional()
    .describe('The words are left out, because the message would be 4 kB or longer: read the feed'),
}

/** An event of the feed, but for a withdrawal. */
const webhookEventSchema = z
  .object({
    type: z.enum([
      'headline.publish',
      'headline.correct',
      'headline.hold',
      'headline.resume',
      'headline.expire',
      'headline.pin',
      'headline.unpin',
      'headline.leave',
    ]),
    ...common,
    data: z.object(eventData),
  })
  .meta({ id: 'WebhookEvent' })

const webhookRecallSchema = z
  .object({
    type: z.literal('headline.recall').describe('The headline is withdrawn: remove it everywhere'),
    ...common,
    data: z.object({
      ...eventData,
      ack: z.string().describe('Path at which the partner may acknowledge; an answer 2xx acknowledges too'),
    }),
  })
  .meta({ id: 'WebhookRecall' })

const webhookResetSchema = z
  .object({
    type: z.literal('feed.reset').describe('Events before `position` cannot be delivered: read the snapshot'),
    ...common,
    data: z.object({
      feed: z.string(),
      position: z.string(),
      reason: z.enum(['history-lost', 'log-trimmed']),
      withdrawn: z
        .array(z.string())
        .describe('Headlines that were withdrawn in the last 30 days, newest first'),
    }),
  })
  .meta({ id: 'WebhookReset' })

const webhookPingSchema = z
  .object({
    type: z.literal('webhook.ping'),
    ...common,
    data: z.object({ feed: z.string(), webhook: z.string() }),
  })
  .meta({ id: 'WebhookPing' })

/** The headers of a request to a partner's server. */
export const webhookHeadersSchema = z.object({
  'webhook-id': z.string().describe('The same at each try of a message'),
  'webhook-timestamp': z.string().describe('Seconds since 1970 of this try'),
  'webhook-signature': z
    .string()
    .describe(
      '`v1,` and base64 of HMAC-SHA256 over `id.timestamp.body`, then `v1a,` and Ed25519; one of each for each key',
    ),
})

/** The body of a request to a partner's server. */
export const webhookMessageSchema = z
  .discriminatedUnion('type', [
    webhookEventSchema,
    webhookRecallSchema,
    webhookResetSchema,
    webhookPingSchema,
  ])
  .meta({ id: 'WebhookMessage' })
export type WebhookMessage = z.output<typeof webhookMessageSchema>
