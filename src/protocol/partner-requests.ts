import { z } from 'zod'
import { feedIdSchema } from './feed.ts'
import type { Filter } from './filter.ts'
import { instantSchema, slugSchema } from './headline.ts'
import { urgencies } from './lists/urgencies.ts'
import { originPatternSchema } from './origin-pattern.ts'
import { plainLine } from './text.ts'

/** Longest life of a token that a partner gives to its own pages. */
export const MAX_TOKEN_S = 300
/** Longest time for which older keys stay valid beside a new one. */
const MAX_OVERLAP_S = 30 * 86_400

const slugs = z
  .array(slugSchema)
  .min(1)
  .max(10)
  .transform((written) => [...new Set(written)].sort())

/** The headlines that a partner may get, in the words of a reader's filter. */
export const partnerFilterSchema = z.strictObject({
  section: slugs.optional(),
  region: slugs.optional(),
  urgency: z.enum(urgencies).optional(),
})

/** The limits hold for each gateway process. */
export const partnerLimitsSchema = z.strictObject({
  requestsPerMinute: z.int().min(1).max(1_000_000).default(600),
  connections: z.int().min(1).max(1_000_000).default(500),
})

const partnerFeed = z.union([z.literal('*'), feedIdSchema])

/** A new partner, and a partner as it shall be. */
export const partnerRequestSchema = z
  .strictObject({
    name: plainLine(80),
    /** A person or address to ask when something is wrong. */
    contact: plainLine(200),
    /** `*`: every feed, those among them that only partners get. */
    feeds: z.array(partnerFeed).min(1).max(100),
    filter: partnerFilterSchema.prefault({}),
    /** Sites whose pages may read with a token or key of the partner. None: only programs may. */
    origins: z.array(originPatternSchema).max(50).default([]),
    limits: partnerLimitsSchema.prefault({}),
    expiresAt: instantSchema.optional(),
    onAir: z
      .literal(true)
      .optional()
      .describe(
        'An output on air: its keys may be in addresses, from any host also without an origin; no drill opens',
      ),
  })
  .meta({ id: 'NewPartner' })
export type PartnerSettings = z.output<typeof partnerRequestSchema>

export const partnerKeyRequestSchema = z.strictObject({ name: plainLine(80).optional() })

/** `overlapS`: seconds for which the older keys stay valid. */
export const keyRotationSchema = z.strictObject({
  name: plainLine(80).optional(),
  overlapS: z.int().min(0).max(MAX_OVERLAP_S).default(86_400),
})

/** `feeds`: some of the partner's; all if left out. `origin`: the site of the page; left out for an app. */
export const tokenRequestSchema = z.strictObject({
  feeds: z.array(feedIdSchema).min(1).max(20).optional(),
  origin: originPatternSchema.refine((origin) => !origin.includes('*'), 'one origin').optional(),
  lifetimeS: z.int().min(1).max(MAX_TOKEN_S).default(MAX_TOKEN_S),
})
export type TokenRequest = z.output<typeof tokenRequestSchema>

/**
 * The filter of a request within that of its partner; undefined where the request names a section or region outside of
 * it.
 */
export function filterWithin(allowed: Filter, wanted: Filter): Filter | undefined {
  const section = valuesWithin(allowed.section, wanted.section)
  const region = valuesWithin(allowed.region, wanted.region)
  if (section === 'outside' || region === 'outside') return undefined
  const floors = [allowed.urgency, wanted.urgency].filter((urgency) => urgency !== undefined)
  const urgency = urgencies.find((each) => floors.includes(each))
  return { ...(section && { section }), ...(region && { region }), ...(urgency && { urgency }) }
}

function valuesWithin(
  allowed: readonly string[] | undefined,
  wanted: readonly string[] | undefined,
): string[] | undefined | 'outside' {
  if (!allowed || !wanted) return (wanted ?? allowed)?.slice()
  return wanted.every((value) => allowed.includes(value)) ? [...wanted] : 'outside'
}
