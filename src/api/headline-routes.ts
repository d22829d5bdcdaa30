import { correctedContent } from '../desk/correct.ts'
import { ruleOf, type Action } from '../desk/rules.ts'
import { defaultExpiry, timeFault, type TimeFault } from '../desk/times.ts'
import { indexTerms } from '../desk/words.ts'
import { readPolicy } from '../eventlog/policy.ts'
import { contentOf, readHeadline, type HeadlineRecord } from '../eventlog/read-headline.ts'
import type { Change } from '../eventlog/save-headline.ts'
import { actBy } from '../people/principal.ts'
import {
  correctionSchema,
  newHeadlineSchema,
  removalSchema,
  type Removal,
} from '../protocol/desk-requests.ts'
import { headlineIdSchema } from '../protocol/headline.ts'
import { accept, type Accepted } from './accept.ts'
import type { Answer } from './answer.ts'
import { changeAnswerSchema, etagOf, headlineRecordSchema, type ChangeAnswer } from './change-answer.ts'
import { onceOf, seenVersion, seenVersionIfTold } from './conditions.ts'
import type { ApiDeps } from './deps.ts'
import { feedIdOf, feedOf } from './in-path.ts'
import { Problem } from './problem.ts'
import { actorOf, route, type Call, type Route } from './route.ts'

const path = '/v1/feeds/{feed}/headlines'
const released = { description: 'Released; `position` is its place in the log', schema: changeAnswerSchema }
const waits = { description: 'Accepted; it will be released at `releaseAt`', schema: changeAnswerSchema }

export function headlineRoutes(deps: ApiDeps): Route[] {
  return [
    route({
      method: 'post',
      path,
      summary: 'Post a line, for now or for later',
      role: 'editor',
      body: newHeadlineSchema,
      idempotent: true,
      answers: { 201: released, 202: waits },
      problems: [
        'no-such-feed',
        'feed-frozen',
        'key-frozen',
        'embargo-in-past',
        'release-too-far',
        'expires-before-release',
      ],
      async handle(call) {
        const { releaseAt, ...content } = call.body
        const feed = await feedOf(deps.log, call)
        const { policy } = await readPolicy(deps.log, feed.id)
        const now = deps.clock()
        const undoMs = policy.undoMs[content.urgency]
        const atOnce = undoMs === 0 ? undefined : now + undoMs
        const dueAt = releaseAt === undefined ? atOnce : Date.parse(releaseAt)
        const { defaultMs } = policy.expiry[content.urgency]
        const expiresAt = content.expiresAt ?? defaultExpiry(dueAt ?? now, defaultMs)
        const act = actOf(call)
        const change: Change = {
          feed: feed.id,
          id: deps.ids.headlineId(),
          action: 'release',
          expected: 0,
          allowed: [],
          policyVersion: 'any',
          status: 'due',
          due: { kind: 'add', op: 'publish', ...(dueAt !== undefined && { dueAt }) },
          content: { ...content, expiresAt },
          words: indexTerms(content.text),
          desk: { createdBy: act.person, authors: [act.person] },
          act,
          ...(call.who.keyId !== undefined && {
            release: { keyId: call.who.keyId, perMinute: policy.releasesPerMinute },
          }),
        }
        const fault = timeFault({ now, releaseAt: dueAt, expiresAt: Date.parse(expiresAt) })
        const accepted = await acceptFrom(deps, call, change, fault)
        const answer = answerOf(deps, accepted, 201)
        return {
          ...answer,
          headers: { ...answer.headers, Location: `/v1/feeds/${feed.id}/headlines/${accepted.id}` },
        }
      },
    }),
    route({
      method: 'post',
      path: `${path}/{id}/correct`,
      summary: 'Correct a line; it keeps its place',
      role: 'editor',
      body: correctionSchema,
      ifMatch: 'required',
      idempotent: true,
      answers: { 200: released, 202: waits },
      problems: [
        'no-such-feed',
        'no-such-headline',
        'feed-frozen',
        'key-frozen',
        'illegal-action',
        'stale-version',
        'expires-before-release',
      ],
      async handle(call) {
        const expected = seenVersion(call.headers)
        const record = await recordOf(deps, call)
        const { policy } = await readPolicy(deps.log, feedIdOf(call))
        const previous = contentOf(record, expected)
        if (!previous) throw new Problem('stale-version', { extra: { current: record } })
        const merged = correctedContent(previous, call.body)
        // A waiting line is corrected before its release, any other one now.
        const now = deps.clock()
        const release = Math.max(now, Date.parse(record.releaseAt ?? '') || 0)
        const expiresAt = merged.expiresAt ?? defaultExpiry(release, policy.expiry[merged.urgency].defaultMs)
        const change: Change = {
          feed: feedIdOf(call),
          id: record.id,
          action: 'correct',
          expected,
          policyVersion: 'any',
          ...ruleOf('correct'),
          due: record.status === 'due' ? { kind: 'edit' } : { kind: 'add', op: 'correct' },
          content: { ...merged, expiresAt },
          words: indexTerms(merged.text),
          act: actOf(call),
        }
        // An expiry that is not touched may have passed: that is for the log to say.
        const fault = call.body.expiresAt
          ? timeFault({ now, releaseAt: release, expiresAt: Date.parse(expiresAt) })
          : undefined
        return answerOf(deps, await acceptFrom(deps, call, change, fault), 200)
      },
    }),
    route({
      ...removal(deps, 'withdraw'),
      summary: 'Withdraw a line; without If-Match whatever its version. Never rate-limited',
      unlimited: true,
      ifMatch: 'optional',
    }),
    route({
      ...removal(deps, 'expire'),
      summary: 'Take a line out of the strip because its time is over',
      ifMatch: 'required',
    }),
    route({
      method: 'get',
      path: `${path}/{id}`,
      summary: 'Read a line with all its versions',
      role: 'reader',
      answers: { 200: { description: 'ETag is the version, for If-Match', schema: headlineRecordSchema } },
      problems: ['no-such-feed', 'no-such-headline'],
      async handle(call) {
        const record = await recordOf(deps, call)
        return { status: 200, headers: { ETag: etagOf(record.version) }, body: record }
      },
    }),
  ]
}

function removal(deps: ApiDeps, op: Exclude<Action, 'correct'>) {
  return {
    method: 'post',
    path: `${path}/{id}/${op}`,
    role: 'editor',
    body: removalSchema,
    idempotent: true,
    answers: { 200: released, 202: waits },
    problems: [
      'no-such-feed',
      'no-such-headline',
      ...(op === 'expire' ? (['feed-frozen', 'key-frozen'] as const) : []),
      'illegal-action',
      'stale-version',
    ],
    async handle(call: Call<Removal>): Promise<Answer> {
      const expected = op === 'withdraw' ? seenVersionIfTold(call.headers) : seenVersion(call.headers)
      const change: Change = {
        feed: feedIdOf(call),
        id: headlineIdOf(call),
        action: op,
        expected,
        policyVersion: 'any',
        ...ruleOf(op),
        due: { kind: 'add', op },
        content: call.body.note === undefined ? {} : { note: call.body.note },
        act: actOf(call, call.body.reason),
      }
      return answerOf(deps, await acceptFrom(deps, call, change), 200)
    },
  } as const satisfies Partial<Route<Removal>>
}

async function acceptFrom(
  deps: ApiDeps,
  call: Call<unknown>,
  change: Change,
  fault?: TimeFault,
): Promise<Accepted> {
  const { headers, requestId, who, body, params } = call
  const { feed, action } = change
  const once = onceOf({
    headers,
    requestId,
    credential: who.credential,
    feed,
    request: [action, params.id ?? '', body],
  })
  const accepted = await accept(deps, change, once, fault)
  const { id, version, position, repeated } = accepted
  deps.logger.info({
    event: 'change-accepted',
    feed,
    id,
    version,
    action,
    position,
    repeated,
    by: who.credential,
    requestId,
  })
  return accepted
}

function answerOf(deps: ApiDeps, accepted: Accepted, status: 200 | 201): Answer {
  const { id, version, status: standing, position, releaseAt, repeated } = accepted
  const body: ChangeAnswer = {
    headline: { id, version, status: standing },
    position,
    durability: deps.durability(),
    ...(releaseAt !== undefined && { releaseAt: new Date(releaseAt).toISOString() }),
  }
  return {
    status: releaseAt === undefined ? status : 202,
    headers: { ETag: etagOf(version), ...(repeated && { 'Idempotency-Replayed': 'true' }) },
    body,
  }
}

function actOf(call: Call<unknown>, reason?: string): Change['act'] {
  return { ...actBy(actorOf(call)), ...(reason !== undefined && { reason }) }
}

async function recordOf(deps: ApiDeps, call: Call<unknown>): Promise<HeadlineRecord> {
  const record = await readHeadline(deps.log, feedIdOf(call), headlineIdOf(call))
  if (record) return record
  await feedOf(deps.log, call)
  throw new Problem('no-such-headline')
}

function headlineIdOf({ params }: Call<unknown>): string {
  const read = headlineIdSchema.safeParse(params.id)
  if (!read.success) throw new Problem('no-such-headline')
  return read.data
}
