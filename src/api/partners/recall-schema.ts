import { z } from 'zod'
import { webhookSchema } from './webhook-schema.ts'

const byText = '`webhook`: its server has answered 2xx; `request`: by a request with its key'
const ack = { at: z.iso.datetime(), by: z.enum(['webhook', 'request']).describe(byText) }

export const recallAckSchema = z
  .object({ feed: z.string(), headline: z.string(), ...ack })
  .meta({ id: 'RecallAcknowledgement' })

export const recallSchema = z
  .object({
    headline: z.string(),
    version: z.int(),
    withdrawnAt: z.iso.datetime(),
    acknowledged: z.array(z.object({ partner: z.string(), name: z.string(), ...ack })),
    missing: z
      .array(
        z.object({
          partner: z.string(),
          name: z.string(),
          contact: z.string().describe('A person or address to ask'),
          ageMs: z.int().describe('Time since the withdrawal'),
        }),
      )
      .describe('Partners that could read the feed at the withdrawal and have not acknowledged it'),
  })
  .meta({ id: 'Recall' })

const { status, failures, failingSince, last } = webhookSchema.shape

export const feedWebhookSchema = z
  .object({
    id: z.string(),
    partner: z.string(),
    name: z.string(),
    contact: z.string(),
    host: z.string().describe('Host of the address'),
    ...{ status, failures, failingSince, last },
  })
  .meta({ id: 'FeedWebhook' })
