import { z } from 'zod'
import { isStop, leastRole } from '../../desk/actions.ts'
import { allowedActions } from '../../desk/permission.ts'
import { readPolicy } from '../../eventlog/feeds/policy.ts'
import { actions, type Action } from '../../protocol/lists/actions.ts'
import { newHeadlineSchema } from '../../protocol/desk-requests.ts'
import { opsThat } from '../../protocol/lists/ops.ts'
import type { ProblemCode } from '../../protocol/problems.ts'
import type { ApiDeps } from '../http/api-deps.ts'
import { etagOf, seenVersion, seenVersionIfTold } from '../http/conditions.ts'
import { recordFor } from '../http/addresses.ts'
import { feedIdOf } from '../http/path-parameters.ts'
import { route, type Route, type RouteAnswer } from '../http/route.ts'
import { actionRequests } from './action-requests.ts'
import { actOnStory } from './act-on-story.ts'
import { actRequestOf, forceSchema, logAccepted, newLineOf } from './act-request.ts'
import { answerOf, changeAnswerSchema } from './change-answer.ts'
import { deskActor, deskHeadline } from './desk-headline.ts'
import { actOnHeadline, keepsNote, postHeadline } from './act-on-headline.ts'
import { headlineRecordSchema } from './headline-record.ts'
import { headlineIdOf, readRecord } from './read-record.ts'

const path = '/v1/feeds/{feed}/headlines'
const done = {
  description: 'Done; `position` is that of the event in the log, where there is one',
  schema: changeAnswerSchema,
  headers: ['ETag', 'Idempotency-Replayed'],
} as const
const waits = {
  description: 'Accepted; the headline waits for `releaseAt`, or for a second person',
  schema: changeAnswerSchema,
  headers: ['ETag', 'Idempotency-Replayed'],
} as const

export function headlineRoutes(deps: ApiDeps): Route[] {
  return [
    route({
      method: 'post',
      path,
      operationId: 'postHeadline',
      tag: 'headlines',
      summary: 'Post a headline: as a draft, for approval, for now or for later',
      role: 'reporter',
      body: newHeadlineSchema,
      query: forceSchema,
      idempotent: true,
      answers: { 201: located(done), 202: located(waits) },
      problems: [
        'invalid-query',
        'no-such-feed',
        ...actionRequests.schedule.problems,
        'feed-frozen',
        'key-frozen',
        'archive-away',
      ],
      async handle(call) {
        const feed = feedIdOf(call)
        const request = actRequestOf(call, { action: 'post', feed, id: deps.ids.headlineId() })
        const performed = await postHeadline(deps, request, newLineOf(call.body))
        logAccepted(deps, call, request, 'post', performed)
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
      operationId: 'getHeadline',
      tag: 'headlines',
      summary: 'Read a headline with all its versions and the actions that you may do',
      role: 'reader',
      answers: {
        200: {
          description: 'The ETag is the version, for If-Match',
          schema: headlineRecordSchema.extend({ allowed: z.array(z.enum(actions)) }),
          headers: ['ETag'],
        },
      },
      problems: ['no-such-feed', 'no-such-headline', 'archive-away'],
      async handle(call) {
        const feed = feedIdOf(call)
        const [record, { policy }] = await Promise.all([
          readRecord(deps, feed, headlineIdOf(call)),
          readPolicy(deps.store, feed),
        ])
        const allowed = allowedActions(deskHeadline(record), deskActor(call.who, feed), policy)
        return {
          status: 200,
          headers: { ETag: etagOf(record.version) },
          body: { ...recordFor(call.who, feed, record), allowed },
        }
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
    operationId: `${action}Headline`,
    tag: 'headlines',
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
      'headline-erased',
      'archive-away',
      ...canWait,
      'stale-version',
      ...problems,
    ],
    async handle(call) {
      const actRequest = actRequestOf(call, { action, feed: feedIdOf(call), id: headlineIdOf(call) })
      const expected = isStop(action) ? seenVersionIfTold(call.headers) : seenVersion(call.headers)
      const performed = await actOnHeadline(deps, actRequest, expected, (record) =>
        request.wish(call.body, record),
      )
      logAccepted(deps, call, actRequest, action, performed)
      const siblings = wantsCascade(call.body)
        ? await actOnStory(deps, actRequest, action, performed)
        : undefined
      const noteIsKept =
        isRemovalWithNote(action, call.body) && (await keepsNote(deps, actRequest.feed, performed))
      return answerOf(deps, { ...performed, noteIsKept }, 200, siblings)
    },
  })
}

function located({ headers, ...answer }: typeof done | typeof waits): RouteAnswer {
  return { ...answer, headers: [...headers, 'Location'] }
}

const removals = opsThat(({ status }) => status !== 'live')

function isRemovalWithNote(action: Action, body: unknown): boolean {
  return removals.has(action) && (body as { note?: string }).note !== undefined
}

function wantsCascade(body: unknown): boolean {
  return (body as { cascade?: boolean }).cascade ?? false
}
