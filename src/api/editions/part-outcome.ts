import { z } from 'zod'
import { ArchiveError } from '../../archive/archive.ts'
import { BusyError, DamagedError, UnavailableError } from '../../platform/errors.ts'
import { Problem } from '../../platform/problem.ts'
import { problemSchema } from '../../protocol/problem-schema.ts'
import { problemBody } from '../../protocol/problems.ts'
import { changeAnswerSchema, changeOf, type AnsweredAct } from '../headlines/change-answer.ts'
import { problemOf } from '../http/problem-of.ts'

const { headline, position, releaseAt, proposal, warning } = changeAnswerSchema.shape

/** The result of one wish in one feed. */
export const partOutcomeSchema = z
  .discriminatedUnion('outcome', [
    z.object({
      feed: z.string(),
      outcome: z.literal('accepted'),
      ...{ headline, position, releaseAt, proposal, warning },
    }),
    z.object({
      feed: z.string(),
      outcome: z.literal('refused'),
      headline: headline.optional().describe('The part as it is, where there is one'),
      problem: problemSchema,
    }),
  ])
  .meta({ id: 'PartOutcome' })
export type PartOutcome = z.output<typeof partOutcomeSchema>

export const editionOutcomeSchema = z
  .object({ edition: z.string(), parts: z.array(partOutcomeSchema) })
  .meta({ id: 'EditionOutcome' })

export function acceptedPart(feed: string, act: AnsweredAct): PartOutcome {
  return { feed, outcome: 'accepted', ...changeOf(act) }
}

/** A part whose feed is refused, damaged or away does not stop the other parts. Other errors are thrown. */
export function refusedPart(
  feed: string,
  error: unknown,
  requestId: string,
  part?: { readonly id: string; readonly version: number; readonly status: AnsweredAct['status'] },
): PartOutcome {
  if (!isExpected(error)) throw error
  const { code, extra } = problemOf(error)
  const { body } = problemBody(code, { ...extra, requestId })
  return {
    feed,
    outcome: 'refused',
    ...(part && { headline: { id: part.id, version: part.version, status: part.status } }),
    problem: body,
  }
}

function isExpected(error: unknown): boolean {
  return [Problem, UnavailableError, DamagedError, ArchiveError, BusyError].some(
    (kind) => error instanceof kind,
  )
}
