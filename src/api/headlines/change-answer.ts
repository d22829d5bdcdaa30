import { z } from 'zod'
import { statuses } from '../../protocol/lists/statuses.ts'
import { replicationSchema } from '../http/replication-schema.ts'

/** The outcome for another headline of the story. */
export const siblingOutcomeSchema = z.object({
  feed: z.string(),
  id: z.string(),
  outcome: z.string().describe('`withdrawn`, `held`, or the code of a problem'),
})
export type SiblingOutcome = z.output<typeof siblingOutcomeSchema>

/** The answer to every accepted act. */
export const changeAnswerSchema = z
  .object({
    headline: z.object({ id: z.string(), version: z.int(), status: z.enum(statuses) }),
    position: z
      .string()
      .nullable()
      .describe(
        '`epoch:seq` of this version; null when it waits, was cancelled or overtaken, or is for the newsroom only',
      ),
    durability: z
      .enum(['always', 'everysec', 'no', 'unknown'])
      .describe('How safely Redis keeps it: its `appendfsync`, `no` without AOF'),
    replication: replicationSchema,
    releaseAt: z.iso.datetime().optional().describe('The time of the release, while the headline waits'),
    proposal: z
      .literal(true)
      .optional()
      .describe('The change waits for a second person; readers notice nothing'),
    warning: z
      .discriminatedUnion('code', [
        z.object({
          code: z.literal('duplicate-headline'),
          match: z.object({ id: z.string(), status: z.enum(statuses), text: z.string() }),
        }),
        z.object({ code: z.literal('two-person-required') }),
      ])
      .optional()
      .describe(
        '`duplicate-headline`: it waits for approval; `match` is live, waits or was submitted, and says the same. `two-person-required`: readers do not get the note, which a second person has not approved',
      ),
    siblings: z
      .array(siblingOutcomeSchema)
      .optional()
      .describe('With `cascade`: the other headlines of the story'),
  })
  .meta({ id: 'ChangeAnswer' })
export type ChangeAnswer = z.output<typeof changeAnswerSchema>
