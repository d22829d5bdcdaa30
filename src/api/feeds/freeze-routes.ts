import { z } from 'zod'
import type { Act } from '../../eventlog/store/act.ts'
import {
  freeze,
  frozenKeySchema,
  frozenSchema,
  readFrozen,
  readFrozenKeys,
  thaw,
} from '../../eventlog/feeds/freeze.ts'
import { actBy } from '../../people/principal.ts'
import { bareSchema, freezingSchema } from '../../protocol/desk-requests.ts'
import type { ApiDeps } from '../http/api-deps.ts'
import { ringDoorbell } from '../http/ring-doorbell.ts'
import { existingFeedOf } from '../http/path-parameters.ts'
import { actorOf, route, type Call, type Route } from '../http/route.ts'

const path = '/v1/feeds/{feed}'
const stateSchema = z
  .object({
    frozen: frozenSchema.nullable().describe('null: the feed is not frozen'),
    keys: z
      .array(frozenKeySchema.extend({ id: z.string() }))
      .describe('API keys that released too many headlines within a minute'),
  })
  .meta({ id: 'FreezeState' })

export function freezeRoutes(deps: ApiDeps): Route[] {
  const { store, clock, logger } = deps
  const now = {
    description: 'The freeze of the feed with its actor, and the frozen keys',
    schema: stateSchema,
  }
  return [
    route({
      method: 'get',
      path: `${path}/freeze`,
      operationId: 'getFreeze',
      tag: 'feeds',
      summary: 'Read whether a feed is frozen',
      role: 'reader',
      answers: { 200: now },
      problems: ['no-such-feed'],
      async handle(call) {
        const feed = await existingFeedOf(store, call)
        return stateOf(deps, feed)
      },
    }),
    route({
      method: 'post',
      path: `${path}/freeze`,
      operationId: 'freezeFeed',
      tag: 'feeds',
      summary: 'Freeze a feed: only hold and withdraw pass. A frozen feed stays as it is',
      role: 'chief',
      body: freezingSchema,
      answers: { 200: now },
      problems: ['no-such-feed'],
      async handle(call) {
        const feed = await existingFeedOf(store, call)
        const outcome = await freeze(store, feed, actOf(call), clock())
        logger.warn({ event: 'feed-freeze', feed, outcome, by: call.who.credential })
        return stateOf(deps, feed)
      },
    }),
    route({
      method: 'post',
      path: `${path}/thaw`,
      operationId: 'thawFeed',
      tag: 'feeds',
      summary: 'Thaw a frozen feed; headlines whose time came during the freeze need a decision',
      role: 'chief',
      body: bareSchema,
      answers: { 200: now },
      problems: ['no-such-feed'],
      async handle(call) {
        const feed = await existingFeedOf(store, call)
        const outcome = await thaw(store, feed, actOf(call))
        logger.warn({ event: 'feed-thaw', feed, outcome, by: call.who.credential })
        ringDoorbell(deps, feed, 0)
        return stateOf(deps, feed)
      },
    }),
  ]
}

async function stateOf({ store }: ApiDeps, feed: string) {
  const [frozen, keys] = await Promise.all([readFrozen(store, feed), readFrozenKeys(store, feed)])
  const body = { frozen: frozen ?? null, keys: Array.from(keys, ([id, key]) => ({ id, ...key })) }
  return { status: 200, body }
}

function actOf(call: Call<{ reason?: string | undefined }>): Act {
  const { reason } = call.body
  return { ...actBy(actorOf(call)), ...(reason !== undefined && { reason }) }
}
