import { z } from 'zod'
import { createFeed } from '../../eventlog/feeds/feeds.ts'
import { actBy } from '../../people/principal.ts'
import { roleHolders } from '../../people/role-holders.ts'
import { feedRequestSchema } from '../../protocol/desk-requests.ts'
import { feedDefinition } from '../../protocol/feed.ts'
import { roles } from '../../protocol/lists/roles.ts'
import type { ApiDeps } from '../http/api-deps.ts'
import { Problem } from '../../platform/problem.ts'
import { existingFeedOf } from '../http/path-parameters.ts'
import { actorOf, route, type Route } from '../http/route.ts'

const holdersSchema = z
  .object({
    accounts: z.array(
      z.object({ id: z.string(), name: z.string(), role: z.enum(roles), disabled: z.boolean() }),
    ),
    keys: z.array(z.object({ id: z.string(), name: z.string(), owner: z.string(), role: z.enum(roles) })),
    invitations: z.array(
      z.object({ id: z.string(), email: z.string(), by: z.string(), role: z.enum(roles) }),
    ),
  })
  .meta({ id: 'RoleHolders' })
const createdSchema = z.object({
  ...feedDefinition,
  holders: holdersSchema.describe('The people, keys and invitations that have a role in the feed already'),
})

export function feedRoutes({ store, people, logger }: ApiDeps): Route[] {
  return [
    route({
      method: 'post',
      path: '/v1/feeds',
      operationId: 'createFeed',
      tag: 'feeds',
      summary: 'Create a feed',
      role: 'admin',
      body: feedRequestSchema,
      answers: {
        200: {
          description: 'The feed exists already, with the same settings',
          schema: createdSchema,
          headers: ['Location'],
        },
        201: { description: 'Created', schema: createdSchema, headers: ['Location'] },
      },
      problems: ['feed-exists'],
      async handle(call) {
        const { feed, policy } = call.body
        const { who, requestId } = call
        const outcome = await createFeed(store, feed, policy, actBy(actorOf(call)))
        if (outcome === 'exists') throw new Problem('feed-exists')
        if (outcome === 'created')
          logger.info({ event: 'feed-created', feed: feed.id, by: who.credential, requestId })
        return {
          status: outcome === 'created' ? 201 : 200,
          headers: { Location: `/v1/feeds/${feed.id}` },
          body: { ...feed, holders: await roleHolders(people, feed.id) },
        }
      },
    }),
    route({
      method: 'get',
      path: '/v1/feeds/{feed}/roles',
      operationId: 'listRoles',
      tag: 'feeds',
      summary: 'List the people, keys and invitations that have a role in a feed',
      role: 'chief',
      answers: { 200: { description: 'Oldest first', schema: holdersSchema } },
      problems: ['no-such-feed'],
      async handle(call) {
        const id = await existingFeedOf(store, call)
        return { status: 200, body: await roleHolders(people, id) }
      },
    }),
  ]
}
