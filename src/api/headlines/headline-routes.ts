import { z } from 'zod'
import { isStop, leastRole } from '../../desk/actions.ts'
import type { NewLine } from '../../desk/decision.ts'
import { allowedActions } from '../../desk/permission.ts'
import { readPolicy } from '../../eventlog/policy.ts'
import { actBy } from '../../people/principal.ts'
import { actions, type Action } from '../../protocol/actions.ts'
import { newHeadlineSchema } from '../../protocol/desk-requests.ts'
import type { ProblemCode } from '../../protocol/problems.ts'
import type { ApiDeps } from '../deps.ts'
import type { Answer } from '../http/answer.ts'
import { onceOf, seenVersion, seenVersionIfTold } from '../http/conditions.ts'
import { feedIdOf, feedOf } from '../http/in-path.ts'
import { readQuery } from '../http/read-query.ts'
import { actorOf, route, type Call, type Route } from '../http/route.ts'
import { actionRequests } from './action-requests.ts'
import { cascade } from './cascade.ts'
import {
  changeAnswerSchema,
  etagOf,
  headlineRecordSchema,
  type ChangeAnswer,
  type SiblingOutcome,
} from './change-answer.ts'
import { deskActor, deskStanding } from './desk-standing.ts'
import { perform, performNew, type Asked, type Performed } from './perform.ts'
import { headlineIdOf, readRecord } from './read-record.ts'

const path = '/v1/feeds/{feed}/headlines'
const done = {
  description: 'Done; `position` is its place in the log, where it has one',
  schema: changeAnswerSchema,
}
const waits = {
  description: 'Accepted; it waits for `releaseAt`, or for a second person',
  schema: changeAnswerSchema,
}

const forceSchema = z.object({
  force: z.literal('true').optional().describe('It goes out although another line says the same'),
})

export function headlineRoutes(deps: ApiDeps): Route[] {
  return [
    route({
      method: 'post',
      path,
      summary: 'Write a line: a draft, for approval, for now or for later',
      role: 'reporter',
      body: newHeadlineSchema,
      query: forceSchema,
      idempotent: true,
      answers: { 201: done, 202: waits },
      problems: [
        'invalid-query',
        'no-such-feed',
        ...actionRequests.schedule.problems,
        'feed-frozen',
        'key-frozen',
      ],
      async handle(call) {
        const { id: feed } = await feedOf(deps.log, call)
        const asked = askedOf(call, { action: 'post', feed, id: deps.ids.headlineId() })
        const performed = await performNew(deps, asked, newLineOf(call.body))
        logAccepted(deps, call, asked, 'post', performed)
        const { status, headers, body } = answerOf(deps, performed, 201)
        return {
          status,
          body,
          headers: { ...headers, Location: `/v1/feeds/${feed}/headlines/${performed.id}` },
        }
      },
    }),
    ...actions.map((action) => actionRoute(deps, action)),
    route({
      method: 'get',
      path: `${path}/{id}`,
      summary: 'Read a line with all its versions, and what you may do to it',
      role: 'reader',
      answers: {
        200: {
          description: 'ETag is the version, for If-Match',
          schema: headlineRecordSchema.extend({ allowed: z.array(z.enum(actions)) }),
        },
      },
      problems: ['no-such-feed', 'no-such-headline'],
      async handle(call) {
        const feed = feedIdOf(call)
        const [record, { policy }] = await Promise.all([
          readRecord(deps.log, feed, headlineIdOf(call)),
          readPolicy(deps.log, feed),
        ])
        const allowed = allowedActions(deskStanding(record), deskActor(call.who, feed), policy)
        return { status: 200, headers: { ETag: etagOf(record.version) }, body: { ...record, allowed } }
      },
    }),
  ]
}

function actionRoute(deps: ApiDeps, action: Action): Route {
  const request = actionRequests[action]
  const { summary, body, problems } = request
  const canWait: readonly ProblemCode[] = isStop(action)
    ? []
    : ['needs-decision', 'feed-frozen', 'key-frozen']
  const asksForce = problems.includes('duplicate-headline')
  return route({
    method: 'post',
    path: `${path}/{id}/${action}`,
    summary,
    role: leastRole(action),
    body,
    ...(isStop(action) && { unlimited: true }),
    ...(asksForce && { query: forceSchema }),
    ifMatch: isStop(action) ? 'optional' : 'required',
    idempotent: true,
    answers: { 200: done, 202: waits },
    problems: [
      ...(asksForce ? (['invalid-query'] as const) : []),
      'no-such-feed',
      'no-such-headline',
      'illegal-action',
      ...canWait,
      'stale-version',
      ...problems,
    ],
    async handle(call) {
      const asked = askedOf(call, { action, feed: feedIdOf(call), id: headlineIdOf(call) })
      const expected = isStop(action) ? seenVersionIfTold(call.headers) : seenVersion(call.headers)
      const performed = await perform(deps, asked, expected, (record) => request.wish(call.body, record))
      logAccepted(deps, call, asked, action, performed)
      const siblings = wantsCascade(call.body) ? await cascade(deps, asked, action, performed) : undefined
      return answerOf(deps, performed, 200, siblings)
    },
  })
}

function newLineOf({ then, releaseAt, reason: _, ...content }: z.output<typeof newHeadlineSchema>): NewLine {
  return { content, then, ...(releaseAt !== undefined && { releaseAt: Date.parse(releaseAt) }) }
}

function askedOf(call: Call<unknown>, target: { action: Action | 'post'; feed: string; id: string }): Asked {
  const { headers, requestId, who, body, params } = call
  const { action, feed, id } = target
  const { reason } = body as { reason?: string }
  return {
    feed,
    id,
    who,
    act: { ...actBy(actorOf(call)), ...(reason !== undefined && { reason }) },
    once: onceOf({
      headers,
      requestId,
      credential: who.credential,
      feed,
      request: [action, params.id ?? '', body],
    }),
    force: readQuery(forceSchema, call).force !== undefined,
  }
}

function wantsCascade(body: unknown): boolean {
  return (body as { cascade?: boolean }).cascade ?? false
}

function logAccepted(
  { logger }: ApiDeps,
  { requestId }: Call<unknown>,
  { feed, who }: Asked,
  action: Action | 'post',
  { id, version, position, repeated }: Performed,
): void {
  const by = who.credential
  logger.info({ event: 'change-accepted', feed, id, version, action, position, repeated, by, requestId })
}

function answerOf(
  deps: ApiDeps,
  { id, version, status: standing, position, releaseAt, repeated, proposal }: Performed,
  status: 200 | 201,
  siblings?: readonly SiblingOutcome[],
): Answer {
  const body: ChangeAnswer = {
    headline: { id, version, status: standing },
    position,
    durability: deps.durability(),
    ...(releaseAt !== undefined && { releaseAt: new Date(releaseAt).toISOString() }),
    ...(proposal && { proposal }),
    ...(siblings && { siblings: [...siblings] }),
  }
  return {
    status: releaseAt === undefined && !proposal ? status : 202,
    headers: { ETag: etagOf(version), ...(repeated && { 'Idempotency-Replayed': 'true' }) },
    body,
  }
}
