import { z } from 'zod'
import { actions } from '../../protocol/lists/actions.ts'
import { contentSchema } from '../../protocol/headline.ts'
import { statuses } from '../../protocol/lists/statuses.ts'

/** Who did it. */
export const actSchema = z
  .object({
    by: z.string(),
    person: z.string().optional(),
    name: z.string().optional(),
    reason: z.string().optional(),
    ip: z.string().optional(),
  })
  .meta({ id: 'Act' })

/** A headline as the newsroom sees it; describes HeadlineRecord of the event log. */
export const headlineRecordSchema = z
  .object({
    id: z.string(),
    version: z.int(),
    status: z.enum(statuses),
    createdAt: z.iso.datetime(),
    content: contentSchema.optional(),
    contentVersion: z.int().optional(),
    desk: z
      .object({
        createdBy: z.string(),
        authors: z.array(z.string()),
        submittedBy: z.string().optional(),
        approvedBy: z.string().optional(),
        reason: z.string().optional().describe('Why it was returned or rejected'),
        releaseAt: z.int().optional().describe('When its author wants it out, in ms'),
        expiresByDefault: z.literal(true).optional(),
        proposal: z
          .object({ content: contentSchema, authors: z.array(z.string()), submittedBy: z.string() })
          .optional(),
      })
      .optional(),
    pinned: z.literal(true).optional(),
    releaseAt: z.iso.datetime().optional(),
    publishedAt: z.iso.datetime().optional(),
    expiresAt: z.iso.datetime().optional(),
    attention: z
      .object({
        feed: z.string(),
        id: z.string(),
        action: z.enum(actions),
        version: z.int(),
        at: z.iso.datetime(),
      })
      .optional()
      .describe('Another line of its story was corrected or taken back, and nobody has looked since'),
    versions: z.array(
      z.object({
        version: z.int(),
        action: z.enum(actions),
        savedAt: z.iso.datetime(),
        act: actSchema,
        content: z.union([contentSchema, z.object({ note: z.string().optional() })]).optional(),
        position: z.string().optional(),
      }),
    ),
  })
  .meta({ id: 'HeadlineRecord' })

/** The same in a list. */
export const headlineSummarySchema = headlineRecordSchema
  .omit({ versions: true })
  .extend({ updatedAt: z.iso.datetime().describe('When the newest version was saved') })
  .meta({ id: 'HeadlineSummary' })
