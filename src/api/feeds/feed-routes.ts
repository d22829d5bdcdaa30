import { createFeed } from '../../eventlog/feeds/feeds.ts'
import { actBy } from '../../people/principal.ts'
import { feedRequestSchema } from '../../protocol/desk-requests.ts'
import { newFeedSchema } from '../../protocol/feed.ts'
import type { ApiDeps } from '../http/api-deps.ts'
import { Problem } from '../../platform/problem.ts'
import { actorOf, route, type Route } from '../http/route.ts'

export function feedRoutes({ store, logger }: ApiDeps): Route[] {
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
          schema: newFeedSchema,
          headers: ['Location'],
        },
        201: { description: 'Created', schema: newFeedSchema, headers: ['Location'] },
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
          body: feed,
        }
      },
    }),
  ]
}
