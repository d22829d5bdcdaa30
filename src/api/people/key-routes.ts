import { z } from 'zod'
import { approveKey, issueKey, listKeys, readKey, revokeKey, shownKey } from '../../people/api-keys.ts'
import { actBy } from '../../people/principal.ts'
import { listFrozenKeys, thawKeyEverywhere } from '../../people/frozen-keys.ts'
import { feedRolesSchema } from '../../protocol/feed-roles.ts'
import { newKeySchema } from '../../protocol/people-requests.ts'
import { stoppedSchema, tells } from '../duties/stopped-lines.ts'
import type { ApiDeps } from '../http/api-deps.ts'
import { Problem } from '../../platform/problem.ts'
import { etagOf, seenVersion } from '../http/conditions.ts'
import { actorOf, route, type Route } from '../http/route.ts'
import { approvalOfOwn, approvedOrProblem, orProblem } from './or-problem.ts'
import { requireSecondFactor } from './require-second-factor.ts'
import { refuseUnknownFeeds } from './refuse-unknown-feeds.ts'

const keySchema = z
  .object({
    id: z.string(),
    name: z.string(),
    kind: z.enum(['person', 'service']),
    owner: z.string().describe('The account that created the key, or `bootstrap`'),
    roles: feedRolesSchema,
    createdAt: z.iso.datetime(),
    expiresAt: z.iso.datetime().optional(),
    version: z.int().describe('Its `ETag`, which the approval names in `If-Match`'),
    waitsFor: z
      .literal('approval')
      .optional()
      .describe('The key is not valid until a second admin has approved it'),
  })
  .meta({ id: 'Key' })
const listedKeySchema = keySchema.extend({
  frozenSince: z
    .record(z.string(), z.iso.datetime())
    .optional()
    .describe('By feed: the key released too many headlines there'),
})
const issuedKeySchema = keySchema.extend({ key: z.string().describe('Shown only in this answer') })

export function keyRoutes({ people, store, duties }: ApiDeps): Route[] {
  return [
    route({
      method: 'post',
      path: '/v1/keys',
      operationId: 'issueKey',
      tag: 'accounts',
      summary: 'Create an API key',
      role: 'admin',
      body: newKeySchema,
      answers: {
        201: { description: 'The key; it cannot be shown again', schema: issuedKeySchema, headers: ['ETag'] },
      },
      problems: ['expires-in-past', 'unknown-feed', 'second-factor-required'],
      async handle(call) {
        const { expiresAt } = call.body
        if (expiresAt !== undefined && Date.parse(expiresAt) <= people.clock()) {
          throw new Problem('expires-in-past')
        }
        await refuseUnknownFeeds(store, call.body.roles)
        await requireSecondFactor(store, call.who, call.body.roles)
        const { key, record } = await issueKey(people, actorOf(call), call.body)
        const headers = { ETag: etagOf(record.version) }
        return { status: 201, headers, body: { key, ...shownKey(record) } }
      },
    }),
    route({
      method: 'get',
      path: '/v1/keys',
      operationId: 'listKeys',
      tag: 'accounts',
      summary: 'List the API keys, without their secrets',
      role: 'admin',
      answers: { 200: { description: 'Oldest first', schema: z.object({ keys: z.array(listedKeySchema) }) } },
      problems: [],
      async handle() {
        const [keys, frozen] = await Promise.all([listKeys(people), listFrozenKeys(people)])
        const listed = keys.map((key) => {
          const frozenSince = frozen.get(key.id)
          return { ...shownKey(key), ...(frozenSince && { frozenSince }) }
        })
        return { status: 200, body: { keys: listed } }
      },
    }),
    route({
      method: 'delete',
      path: '/v1/keys/{key}',
      operationId: 'revokeKey',
      tag: 'accounts',
      summary: 'Revoke an API key',
      role: 'admin',
      answers: {
        200: {
          description: 'Revoked; headlines of the key waited, and are `needs-decision` now',
          schema: stoppedSchema,
        },
        204: { description: 'Revoked; the key is not valid any more, and no headline of it waited' },
      },
      problems: ['no-such-key', 'last-admin-key'],
      async handle(call) {
        const id = call.params.key ?? ''
        const { stopped } = await duties.during(
          { why: 'key-revoked', by: `key:${id}` },
          actBy(actorOf(call)),
          async (note) => orProblem(await revokeKey(people, actorOf(call), id, [note])),
        )
        return tells(stopped) ? { status: 200, body: { stopped } } : { status: 204 }
      },
    }),
    route({
      method: 'post',
      path: '/v1/keys/{key}/approve',
      operationId: 'approveKey',
      tag: 'accounts',
      summary: 'Approve a key that waits for a second admin',
      role: 'admin',
      ifMatch: 'required',
      answers: { 200: { description: 'The key is valid', schema: keySchema, headers: ['ETag'] } },
      problems: [
        'no-such-key',
        'stale-version',
        'nothing-to-approve',
        'self-approval',
        'second-factor-required',
      ],
      async handle(call) {
        const id = call.params.key ?? ''
        await requireSecondFactor(store, call.who, (await readKey(people, id))?.roles)
        const outcome = await approveKey(people, actorOf(call), id, seenVersion(call.headers))
        const current = async () => {
          const present = await readKey(people, id)
          return present && shownKey(present)
        }
        const key = await approvedOrProblem(people, call, outcome, current)
        return { status: 200, headers: { ETag: etagOf(key.version) }, body: shownKey(key) }
      },
    }),
    route({
      method: 'post',
      path: '/v1/keys/{key}/thaw',
      operationId: 'thawKey',
      tag: 'accounts',
      summary: 'Thaw a key that released too many headlines at once',
      role: 'admin',
      answers: { 204: { description: 'The key is thawed in all feeds' } },
      problems: ['key-not-frozen', 'self-approval', 'second-factor-required'],
      async handle(call) {
        const id = call.params.key ?? ''
        await requireSecondFactor(store, call.who, (await readKey(people, id))?.roles)
        const outcome = await thawKeyEverywhere(people, actorOf(call), id)
        if (outcome === 'self-approval') throw await approvalOfOwn(people, call.who.person)
        if (outcome !== 'thawed') throw new Problem(outcome)
        return { status: 204 }
      },
    }),
  ]
}
