import { z } from 'zod'
import { statuses } from '../../protocol/lists/statuses.ts'

/** What became of another line. */
export const siblingOutcomeSchema = z.object({
  feed: z.string(),
  id: z.string(),
  outcome: z.string().describe('`withdrawn` or `held`, or else the code of the problem'),
})
export type SiblingOutcome = z.output<typeof siblingOutcomeSchema>

/** What every accepted act answers. */
export const changeAnswerSchema = z
  .object({
    headline: z.object({ id: z.string(), version: z.int(), status: z.enum(statuses) }),
    position: z
      .string()
      .nullable()
      .describe(
        '`epoch:seq` of this version; null when it waits, was cancelled or overtaken, or is for the newsroom only',
      ),
    durability: z.enum(['always', 'everysec', 'no', 'unknown']).describe('How surely Redis keeps it'),
    releaseAt: z.iso.datetime().optional().describe('While it waits'),
    proposal: z.literal(true).optional().describe('It waits for a second person; readers notice nothing'),
    siblings: z
      .array(siblingOutcomeSchema)
      .optional()
      .describe('With `cascade`: the other lines of the story'),
  })
  .meta({ id: 'ChangeAnswer' })
export type ChangeAnswer = z.output<typeof changeAnswerSchema>
