import type { z } from 'zod'
import { isStop } from '../../desk/actions.ts'
import type { Wish } from '../../desk/decision.ts'
import { Problem } from '../../platform/problem.ts'
import { bareSchema } from '../../protocol/desk-requests.ts'
import { editionRemovalSchema } from '../../protocol/edition-requests.ts'
import { opEffects } from '../../protocol/lists/ops.ts'
import { actOnHeadline, keepsNote } from '../headlines/act-on-headline.ts'
import { actRequestOf, logAccepted } from '../headlines/act-request.ts'
import { readRecord } from '../headlines/read-record.ts'
import type { ApiDeps } from '../http/api-deps.ts'
import { inBatches } from '../http/in-batches.ts'
import { route, type Call, type Route } from '../http/route.ts'
import { editionIdOf } from './edition-id.ts'
import { acceptedPart, editionOutcomeSchema, refusedPart, type PartOutcome } from './part-outcome.ts'
import { readParts, type EditionPart } from './read-parts.ts'

type Removal = z.output<typeof editionRemovalSchema>
type EditionAction = 'withdraw' | 'hold' | 'resume'

/** The acts that one key does in all parts of an edition. */
export function editionActRoutes(deps: ApiDeps): Route[] {
  return [
    actRoute(deps, 'withdraw', 'Withdraw all parts of an edition', editionRemovalSchema),
    actRoute(deps, 'hold', 'Hold all parts of an edition', editionRemovalSchema),
    actRoute(deps, 'resume', 'Show all held parts of an edition again', bareSchema),
  ]
}

function actRoute<Body extends Removal>(
  deps: ApiDeps,
  action: EditionAction,
  summary: string,
  body: z.ZodType<Body>,
): Route {
  return route({
    method: 'post',
    path: `/v1/editions/{id}/${action}`,
    operationId: `${action}Edition`,
    tag: 'headlines',
    summary,
    role: 'signed-in',
    body,
    ...(isStop(action) && { unlimited: true }),
    idempotent: true,
    answers: {
      200: {
        description: 'One result for each part; a part that was in this state already is accepted too',
        schema: editionOutcomeSchema,
      },
    },
    problems: ['no-such-edition', 'archive-away'],
    async handle(call) {
      const edition = editionIdOf(call)
      const found = await readParts(deps, edition, call.who)
      const parts = await inBatches(found, (part) => actOnPart(deps, call, action, part))
      return { status: 200, body: { edition, parts } }
    },
  })
}

async function actOnPart(
  deps: ApiDeps,
  call: Call<Removal>,
  action: EditionAction,
  { feed, record }: EditionPart,
): Promise<PartOutcome> {
  const { id } = record
  const note = call.body.notes?.[feed]
  try {
    const request = { ...actRequestOf(call, { action, feed, id }), wholeEdition: true }
    // A removal is valid whatever the version; nobody resumes words that nobody has seen.
    const expected = isStop(action) ? 'any' : record.version
    const performed = await actOnHeadline(deps, request, expected, () => wishOf(action, note))
    logAccepted(deps, call, request, action, performed)
    const noteIsKept = note !== undefined && (await keepsNote(deps, feed, performed))
    return acceptedPart(feed, { ...performed, noteIsKept })
  } catch (error) {
    return (
      (await doneBefore(deps, action, feed, id, error)) ?? refusedPart(feed, error, call.requestId, record)
    )
  }
}

function wishOf(action: EditionAction, note: string | undefined): Wish {
  if (action === 'resume') return { action }
  return { action, ...(note !== undefined && { note }) }
}

/** The part has the wanted status already, by a colleague or by an earlier try. */
async function doneBefore(
  deps: ApiDeps,
  action: EditionAction,
  feed: string,
  id: string,
  error: unknown,
): Promise<PartOutcome | undefined> {
  if (!(error instanceof Problem) || error.code !== 'illegal-action') return undefined
  const { version, status } = await readRecord(deps, feed, id)
  if (status !== opEffects[action].status) return undefined
  return { feed, outcome: 'accepted', headline: { id, version, status }, position: null }
}
