import { z } from 'zod'
import { headlineIdSchema } from './headline.ts'

/** The present work of a colleague on a line: reads it, writes new words for it, or is about to act on it. */
export const doings = ['reading', 'editing', 'deciding'] as const

/** One open page of the newsroom, and the headline that is open in it. */
export const presenceRequestSchema = z.strictObject({
  page: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,40}$/)
    .describe('A random name that the page gives itself'),
  headline: headlineIdSchema.optional().describe('Left out: no headline is open'),
  version: z.int().min(1).optional().describe('The version that the page shows'),
  doing: z.enum(doings).default('reading'),
})

/** A page, as colleagues see it. */
export const presenceSchema = presenceRequestSchema
  .extend({ person: z.string(), name: z.string() })
  .meta({ id: 'Presence' })
export type Presence = z.output<typeof presenceSchema>
