import type { z } from 'zod'
import { joinEdition } from '../../eventlog/editions.ts'
import { feedExists } from '../../eventlog/feeds/feeds.ts'
import { actBy } from '../../people/principal.ts'
import { Problem } from '../../platform/problem.ts'
import {
  editionPartSchema,
  newEditionSchema,
  partsOf,
  type NewPart,
} from '../../protocol/edition-requests.ts'
import { atLeast } from '../../protocol/lists/roles.ts'
import { actionRequests } from '../headlines/action-requests.ts'
import { postHeadline } from '../headlines/act-on-headline.ts'
import { actRequestOf, forceSchema, logAccepted, newLineOf } from '../headlines/act-request.ts'
import { readRecord } from '../headlines/read-record.ts'
import type { ApiDeps } from '../http/api-deps.ts'
import { etagOf } from '../http/conditions.ts'
import { inBatches } from '../http/in-batches.ts'
import { feedIdOf } from '../http/path-parameters.ts'
import { actorOf, route, type Call, type Route } from '../http/route.ts'
import { editionAnswer, editionSchema } from './edition-answer.ts'
import { editionIdOf, newEditionId } from './edition-id.ts'
import {
  acceptedPart,
  editionOutcomeSchema,
  partOutcomeSchema,
  refusedPart,
  type PartOutcome,
} from './part-outcome.ts'
import { readParts } from './read-parts.ts'
import { refuseMixedSides, refuseOtherSide } from './refuse-mixed-sides.ts'

const partAnswer = { schema: partOutcomeSchema, headers: ['ETag', 'Idempotency-Replayed'] } as const

export function editionRoutes(deps: ApiDeps): Route[] {
  return [
    route({
      method: 'post',
      path: '/v1/editions',
      operationId: 'postEdition',
      tag: 'headlines',
      summary: 'Post one piece of news in several feeds, a headline in each',
      role: 'signed-in',
      body: newEditionSchema,
      query: forceSchema,
      idempotent: true,
      answers: { 200: { description: 'One result for each part', schema: editionOutcomeSchema } },
      problems: ['invalid-query'],
      async handle(call) {
        const edition = newEditionId(deps, call)
        await refuseMixedSides(deps.store, Object.keys(call.body.parts))
        const parts = await inBatches(partsOf(call.body), ({ feed, line }) =>
          postPart(deps, call, { edition, feed }, line).catch((error: unknown) =>
            refusedPart(feed, error, call.requestId),
          ),
        )
        return { status: 200, body: { edition, parts } }
      },
    }),
    route({
      method: 'get',
      path: '/v1/editions/{id}',
      operationId: 'getEdition',
      tag: 'headlines',
      summary: 'Read the parts of an edition in all feeds that you may read',
      role: 'signed-in',
      answers: { 200: { description: 'By feed', schema: editionSchema } },
      problems: ['no-such-edition', 'archive-away'],
      async handle(call) {
        const edition = editionIdOf(call)
        return { status: 200, body: editionAnswer(edition, await readParts(deps, edition, call.who)) }
      },
    }),
    route({
      method: 'put',
      path: '/v1/editions/{id}/parts/{feed}',
      operationId: 'putEditionPart',
      tag: 'headlines',
      summary: 'Post the part of an edition in one feed, or make a headline of this feed the part',
      role: 'reporter',
      body: editionPartSchema,
      query: forceSchema,
      idempotent: true,
      answers: {
        200: { description: 'The headline is the part now', ...partAnswer },
        201: { description: 'Posted', ...partAnswer },
        202: { description: 'Accepted; the headline waits for `releaseAt`', ...partAnswer },
      },
      problems: [
        ...(['invalid-query', 'no-such-feed', 'no-such-headline', 'no-such-edition'] as const),
        ...(['edition-part-exists', 'in-another-edition'] as const),
        ...actionRequests.schedule.problems,
        ...(['feed-frozen', 'key-frozen', 'archive-away'] as const),
      ],
      async handle(call) {
        const target = { edition: editionIdOf(call), feed: feedIdOf(call) }
        const { body } = call
        await refuseOtherSide(deps.store, target.edition, target.feed)
        const joins = 'headline' in body
        const outcome = joins
          ? await joinPart(deps, call, target, body.headline)
          : await postPart(deps, call, target, body)
        const { headline } = outcome
        return {
          status: joins ? 200 : 'releaseAt' in outcome ? 202 : 201,
          headers: { ETag: etagOf(headline?.version ?? 0) },
          body: outcome,
        }
      },
    }),
  ]
}

interface Target {
  readonly edition: string
  readonly feed: string
}

/** Errors: Problem, UnavailableError, DamagedError, ArchiveError. */
async function postPart(
  deps: ApiDeps,
  call: Call<unknown>,
  { edition, feed }: Target,
  line: NewPart,
): Promise<PartOutcome> {
  if (!atLeast(call.who.roleIn(feed), 'reporter')) {
    throw new Problem('forbidden', { extra: { detail: 'This needs the role reporter in this feed.' } })
  }
  const id = deps.ids.headlineId()
  // Each part is a request of its own, so a repeated wish repeats the parts that were accepted, and only tries the others.
  const own = { ...call, body: line, params: { id: edition } }
  const request = { ...actRequestOf(own, { action: 'post', feed, id }), edition }
  const performed = await postHeadline(deps, request, newLineOf(line))
  logAccepted(deps, call, request, 'post', performed)
  return acceptedPart(feed, performed)
}

/** Errors: Problem, UnavailableError, DamagedError, ArchiveError. */
async function joinPart(
  deps: ApiDeps,
  call: Call<z.output<typeof editionPartSchema>>,
  { edition, feed }: Target,
  id: string,
): Promise<PartOutcome> {
  const outcome = await joinEdition(deps.store, feed, id, edition, actBy(actorOf(call)))
  switch (outcome.kind) {
    case 'joined':
    case 'known': {
      const { version, status } = await readRecord(deps, feed, id)
      return { feed, outcome: 'accepted', headline: { id, version, status }, position: null }
    }
    case 'unknown':
      throw new Problem((await feedExists(deps.store, feed)) ? 'no-such-headline' : 'no-such-feed')
    case 'elsewhere':
      throw new Problem('in-another-edition', { extra: { edition: outcome.id } })
    case 'part-exists':
      throw new Problem('edition-part-exists', { extra: { part: outcome.id } })
    default:
      return outcome.kind satisfies never
  }
}
