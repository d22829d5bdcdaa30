import { z } from 'zod'
import { statuses } from '../../protocol/lists/statuses.ts'
import type { ApiDeps } from '../http/api-deps.ts'
import type { Answer } from '../http/answer.ts'
import { etagOf } from '../http/conditions.ts'
import { replicationSchema } from '../http/replication-schema.ts'
import type { DoneAct } from './act-on-headline.ts'

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

/** An accepted act, as its answer tells it. */
export type AnsweredAct = DoneAct & { readonly noteIsKept?: boolean }

/** The members of the answer that tell the act itself. */
export function changeOf({
  id,
  version,
  status,
  position,
  releaseAt,
  proposal,
  match,
  noteIsKept,
}: AnsweredAct): Omit<ChangeAnswer, 'durability' | 'replication' | 'siblings'> {
  return {
    headline: { id, version, status },
    position,
    ...(releaseAt !== undefined && { releaseAt: new Date(releaseAt).toISOString() }),
    ...(proposal && { proposal }),
    ...(match && { warning: { code: 'duplicate-headline', match } }),
    ...(noteIsKept && { warning: { code: 'two-person-required' } }),
  }
}

/** `httpStatus`: that of an act that does not wait. */
export function answerOf(
  deps: ApiDeps,
  act: AnsweredAct,
  httpStatus: 200 | 201,
  siblings?: readonly SiblingOutcome[],
): Answer {
  const { version, releaseAt, repeated, proposal } = act
  const { headline, position, ...rest } = changeOf(act)
  const body: ChangeAnswer = {
    headline,
    position,
    durability: deps.durability(),
    replication: deps.replication(),
    ...rest,
    ...(siblings && { siblings: [...siblings] }),
  }
  return {
    status: releaseAt === undefined && !proposal ? httpStatus : 202,
    headers: { ETag: etagOf(version), ...(repeated && { 'Idempotency-Replayed': 'true' }) },
    body,
  }
}
