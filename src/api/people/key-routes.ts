import { z } from 'zod'
import { approveKey, issueKey, listKeys, revokeKey, shownKey } from '../../people/api-keys.ts'
import { listFrozenKeys, thawKeyEverywhere } from '../../people/frozen-keys.ts'
import { feedRolesSchema } from '../../protocol/feed-roles.ts'
import { newKeySchema } from '../../protocol/people-requests.ts'
import type { ApiDeps } from '../http/api-deps.ts'
import { Problem } from '../../platform/problem.ts'
import { actorOf, route, type Route } from '../http/route.ts'
import { orProblem } from './or-problem.ts'

const keySchema = z
  .object({
    id: z.string(),
    name: z.string(),
    kind: z.enum(['person', 'service']),
    owner: z.string().describe('The account that created the key, or `bootstrap`'),
    roles: feedRolesSchema,
    createdAt: z.iso.datetime(),
    expiresAt: z.iso.datetime().optional(),
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

export function keyRoutes({ people }: ApiDeps): Route[] {
  return [
    route({
      method: 'post',
      path: '/v1/keys',
      operationId: 'issueKey',
      tag: 'accounts',
      summary: 'Create an API key',
      role: 'admin',
      body: newKeySchema,
      answers: { 201: { description: 'The key; it cannot be shown again', schema: issuedKeySchema } },
      problems: ['expires-in-past'],
      async handle(call) {
        const { expiresAt } = call.body
        if (expiresAt !== undefined && Date.parse(expiresAt) <= people.clock()) {
          throw new Problem('expires-in-past')
        }
        const { key, record } = await issueKey(people, actorOf(call), call.body)
        return { status: 201, body: { key, ...shownKey(record) } }
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
      answers: { 204: { description: 'Revoked; the key is not valid any more' } },
      problems: ['no-such-key', 'last-admin-key'],
      async handle(call) {
        orProblem(await revokeKey(people, actorOf(call), call.params.key ?? ''))
        return { status: 204 }
      },
    }),
    route({
      method: 'post',
      path: '/v1/keys/{key}/approve',
      operationId: 'approveKey',
      tag: 'accounts',
      summary: 'Approve a key that waits for a second admin',
      role: 'admin',
      answers: { 200: { description: 'The key is valid', schema: keySchema } },
      problems: ['no-such-key', 'nothing-to-approve', 'self-approval'],
      async handle(call) {
        const key = orProblem(await approveKey(people, actorOf(call), call.params.key ?? ''))
        return { status: 200, body: shownKey(key) }
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
      problems: ['key-not-frozen'],
      async handle(call) {
        const outcome = await thawKeyEverywhere(people, actorOf(call), call.params.key ?? '')
        if (outcome !== 'thawed') throw new Problem(outcome)
        return { status: 204 }
      },
    }),
  ]
}
