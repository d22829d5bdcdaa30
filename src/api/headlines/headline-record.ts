import { z } from 'zod'
import { actions } from '../../protocol/lists/actions.ts'
import { contentSchema } from '../../protocol/headline.ts'
import { stopReasons } from '../../eventlog/duties/put-to-decision.ts'
import { lossSources } from '../../protocol/lists/loss-sources.ts'
import { statuses } from '../../protocol/lists/statuses.ts'
import { urgencies } from '../../protocol/lists/urgencies.ts'

/** The actor of an act. */
export const actSchema = z
  .object({
    by: z.string(),
    person: z.string().optional(),
    name: z.string().optional(),
    reason: z.string().optional(),
    repeats: z
      .int()
      .optional()
      .describe('The storage has lost the act under this number of the audit; the service has repeated it'),
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
        reason: z.string().optional().describe('The reason of a return or rejection'),
        releaseAt: z.int().optional().describe('The release time in ms that its author wants'),
        embargoUntil: z
          .int()
          .optional()
          .describe(
            'The end of its embargo in ms: nothing releases it earlier, until a chief lifts the embargo',
          ),
        urgencies: z
          .array(z.enum(urgencies))
          .optional()
          .describe(
            'The urgencies under which it was submitted or accepted, up to and with the last acceptance',
          ),
        notBefore: z
          .int()
          .optional()
          .describe('The accepted release time in ms; an earlier one takes a second person again'),
        expiresByDefault: z.literal(true).optional(),
        unproved: z
          .literal(true)
          .optional()
          .describe('Only a gateway has reported these words, and no person has taken them over'),
        proposal: z
          .object({ content: contentSchema, authors: z.array(z.string()), submittedBy: z.string() })
          .optional(),
      })
      .optional(),
    pinned: z.literal(true).optional(),
    edition: z.string().optional().describe('The edition that it is a part of'),
    releaseAt: z.iso.datetime().optional(),
    publishedAt: z.iso.datetime().optional(),
    expiresAt: z.iso.datetime().optional(),
    breakingUntil: z.iso
      .datetime()
      .optional()
      .describe('When the released headline is called breaking no longer'),
    attention: z
      .object({
        feed: z.string(),
        id: z.string(),
        action: z.enum([...actions, 'needs-decision']),
        version: z.int(),
        at: z.iso.datetime(),
        edition: z.string().optional().describe('The edition that both headlines are parts of'),
        why: z
          .enum(stopReasons)
          .optional()
          .describe('With `needs-decision`, which names this headline itself: why it was stopped'),
        lost: z
          .enum(lossSources)
          .optional()
          .describe(
            'The storage has lost this act on the headline itself: the api that accepted it remembers it, a gateway reports it, which is no proof, or the archive has its event',
          ),
        text: z.string().optional().describe('The words of the lost act, where the headline lacks them'),
      })
      .optional()
      .describe(
        'Another headline of its story or edition was corrected or removed, or this one was stopped or an act on it lost, and no person has checked it since',
      ),
    erased: z
      .literal(true)
      .optional()
      .describe('Its words are erased for good. What was done with it, and when, is kept'),
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

/** A headline in a list. */
export const headlineSummarySchema = headlineRecordSchema
  .omit({ versions: true })
  .extend({ updatedAt: z.iso.datetime().describe('The time of the newest version') })
  .meta({ id: 'HeadlineSummary' })
