import { z } from 'zod'
import { headlineIdSchema, instantSchema, slugSchema } from './headline.ts'
import { statuses } from './lists/statuses.ts'
import { keptDaysSchema } from './policy.ts'

const MAX_SEARCH_LENGTH = 200

const oneOf = z.enum(statuses, { error: () => `not one of ${statuses.join(', ')}` })

/** The filters of a list of headlines; a headline must match all. */
export const listQuerySchema = z.strictObject({
  status: z
    .string()
    .transform((written) => [...new Set(written.split(','))])
    .pipe(z.array(oneOf))
    .default([])
    .describe('Any of these, comma-separated'),
  q: z.string().max(MAX_SEARCH_LENGTH).optional().describe('Words that all stand in the current text'),
  author: z.string().min(1).max(100).optional().describe('A person who wrote some version'),
  story: slugSchema.optional(),
  section: slugSchema.optional().describe('Of the current content'),
  since: instantSchema.optional().describe('Created then or later'),
  until: instantSchema.optional().describe('Created then or earlier'),
  attention: z.literal('true').optional().describe('Only lines that need a look'),
  limit: limit(100, 50),
  cursor: z.string().max(200).optional().describe('`next` of the page before'),
})
export type ListQuery = z.output<typeof listQuerySchema>

export const auditQuerySchema = z.strictObject({
  after: whole().default(0).describe('Entries with a greater `n`'),
  limit: limit(500, 100),
})

/** The audit of a feed, or of one of its headlines. */
export const feedAuditQuerySchema = auditQuerySchema.extend({
  headline: headlineIdSchema.optional().describe('Only the entries of this headline'),
})

/** The retention whose erasures are previewed: that of the feed's policy, or, with one of these days, the one that is given. */
export const retentionQuerySchema = z.strictObject({
  after: headlineIdSchema.optional().describe('`next` of the page before'),
  wordsDays: keptDays().describe('In place of the retention of the policy; days that are left out: for ever'),
  auditDays: keptDays(),
  addressesDays: keptDays(),
})

function keptDays() {
  return whole().pipe(keptDaysSchema).optional()
}

function limit(most: number, usual: number) {
  return whole().pipe(z.int().min(1).max(most)).default(usual)
}

/** Digits only: `1e3`, ` 7` and the empty text are errors. */
function whole() {
  return z
    .string()
    .regex(/^\d{1,15}$/, 'not a whole number')
    .transform(Number)
}
