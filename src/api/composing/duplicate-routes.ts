import { z } from 'zod'
import { readPolicy } from '../../eventlog/feeds/policy.ts'
import { readTime } from '../../eventlog/store/read-time.ts'
import { comparisonSchema } from '../../protocol/composing-requests.ts'
import { statuses } from '../../protocol/lists/statuses.ts'
import { matchBeforehand } from '../headlines/near-duplicates.ts'
import type { ApiDeps } from '../http/api-deps.ts'
import { existingFeedOf } from '../http/path-parameters.ts'
import { route, type Route } from '../http/route.ts'

const answerSchema = z.object({
  match: z
    .object({ id: z.string(), status: z.enum(statuses), text: z.string() })
    .nullable()
    .describe('The headline that says the same or nearly the same'),
})

export function duplicateRoutes({ store }: ApiDeps): Route[] {
  return [
    route({
      method: 'post',
      path: '/v1/feeds/{feed}/duplicates',
      operationId: 'findDuplicate',
      tag: 'headlines',
      summary: 'Look whether a headline says the same as a text that is not sent yet; changes nothing',
      role: 'reporter',
      body: comparisonSchema,
      answers: { 200: { description: 'As the guard of new headlines compares', schema: answerSchema } },
      problems: ['no-such-feed'],
      async handle(call) {
        const feed = await existingFeedOf(store, call)
        const [{ policy }, now] = await Promise.all([readPolicy(store, feed), readTime(store)])
        const { duplicateWithinMs } = policy
        const { text, id = '' } = call.body
        const match =
          duplicateWithinMs === 0
            ? undefined
            : await matchBeforehand(store, { feed, id, text, sinceMs: now - duplicateWithinMs })
        return { status: 200, body: { match: match ?? null } }
      },
    }),
  ]
}
