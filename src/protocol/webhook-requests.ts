import { z } from 'zod'
import { feedIdSchema } from './feed.ts'
import { instantSchema } from './headline.ts'
import { parseUrl } from './parse-url.ts'
import { positionPattern } from './position.ts'

const MAX_URL_LENGTH = 2_048
/** Longest time for which older secrets sign beside a new one. */
const MAX_OVERLAP_S = 30 * 86_400

/** Names of the computer that the worker runs on: only tests have receivers there. */
const OWN_NAMES = ['localhost', '127.0.0.1', '[::1]']

/** Where a webhook is sent to: https, without credentials and fragment. */
const webhookUrlSchema = z
  .string()
  .max(MAX_URL_LENGTH)
  .transform((written, context) => {
    const url = parseUrl(written)
    const fault = urlFault(url)
    if (url && fault === undefined) return url.href
    context.addIssue({ code: 'custom', message: fault })
    return z.NEVER
  })

function urlFault(url: URL | undefined): string | undefined {
  if (!url || !['http:', 'https:'].includes(url.protocol)) return 'not an https address'
  if (url.username || url.password) return 'an address without user and password'
  if (url.hash) return 'an address without a fragment'
  if (url.href.length > MAX_URL_LENGTH) return `longer than ${MAX_URL_LENGTH} characters once it is encoded`
  return url.protocol === 'https:' || OWN_NAMES.includes(url.hostname) ? undefined : 'not an https address'
}

/** A new webhook. It follows one feed from its newest event on. */
export const webhookRequestSchema = z
  .strictObject({ feed: feedIdSchema, url: webhookUrlSchema })
  .meta({ id: 'NewWebhook' })

export const webhookChangeSchema = z.strictObject({ url: webhookUrlSchema })

/** `overlapS`: seconds for which the older secrets sign beside the new one. */
export const webhookRotationSchema = z.strictObject({
  overlapS: z.int().min(0).max(MAX_OVERLAP_S).default(86_400),
})

/** `after`: the position after which the deliveries begin again. `since`: the time from which on. */
export const webhookReplaySchema = z
  .strictObject({
    after: z.string().regex(positionPattern, 'a position as received: epoch:seq').optional(),
    since: instantSchema.optional(),
  })
  .refine(({ after, since }) => (after === undefined) !== (since === undefined), {
    error: 'either `after` or `since`',
    path: ['after'],
  })
export type WebhookReplay = z.output<typeof webhookReplaySchema>
