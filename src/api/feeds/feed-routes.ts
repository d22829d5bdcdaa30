import { z } from 'zod'
import { createFeed, listFeedIds, readFeed } from '../../eventlog/feeds/feeds.ts'
import { inEachFeed } from '../../eventlog/feeds/in-each-feed.ts'
import { readPresentation } from '../../eventlog/feeds/presentation.ts'
import { actBy } from '../../people/principal.ts'
import { roleHolders } from '../../people/role-holders.ts'
import { feedRequestSchema } from '../../protocol/desk-requests.ts'
import { feedDefinition, feedTitle } from '../../protocol/feed.ts'
import { feedTitleSchema } from '../../protocol/frame-schemas.ts'
import { roles } from '../../protocol/lists/roles.ts'
import { titleWith } from '../../protocol/presentation.ts'
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

const deskFeedsSchema = z.object({
  feeds: z.array(
    feedTitleSchema.extend({
      role: z.enum(roles).describe('The role of the caller in it'),
      visibility: z.literal('partners').optional().describe('Only partners get the feed'),
    }),
  ),
})

export function feedRoutes({ store, people, logger }: ApiDeps): Route[] {
  return [
    route({
      method: 'get',
      path: '/v1/desk/feeds',
      operationId: 'listDeskFeeds',
      tag: 'feeds',
      summary: 'List the feeds in which you have a role, drills among them',
      role: 'signed-in',
      answers: { 200: { description: 'By id; a drill has `drill: true`', schema: deskFeedsSchema } },
      problems: [],
      async handle({ who }) {
        const found = await inEachFeed(store, await listFeedIds(store), 'title', async (id) => {
          const role = who.roleIn(id)
          const feed = role === undefined ? undefined : await readFeed(store, id)
          if (!feed) return []
          const title = titleWith(feedTitle(feed), await readPresentation(store, id))
          return [{ ...title, role, ...(feed.visibility && { visibility: feed.visibility }) }]
        })
        return { status: 200, body: { feeds: found.flat() } }
      },
    }),
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
