import { z } from 'zod'
import { notePresence, PRESENT_MS, readPresences, readSeen } from '../../eventlog/presence.ts'
import { presenceRequestSchema, presenceSchema } from '../../protocol/presence.ts'
import type { ApiDeps } from '../http/api-deps.ts'
import { existingFeedOf } from '../http/path-parameters.ts'
import { route, type Route } from '../http/route.ts'

const answerSchema = z.object({
  present: z.array(presenceSchema).describe('All open pages in this feed, this one included'),
  seen: z
    .array(z.object({ person: z.string(), name: z.string(), version: z.int() }))
    .describe('Who has had `headline` open in the last hours, and the newest version that was open'),
  presentMs: z.int().describe('A page that does not tell again within this time counts as closed'),
})

export function presenceRoutes({ store }: ApiDeps): Route[] {
  return [
    route({
      method: 'put',
      path: '/v1/feeds/{feed}/presence',
      operationId: 'tellPresence',
      tag: 'desk',
      summary:
        'Tell colleagues which headline is open in a page, and read what is open in theirs. Locks nothing',
      role: 'reporter',
      body: presenceRequestSchema,
      answers: {
        200: { description: 'Not in the audit, and forgotten within seconds', schema: answerSchema },
      },
      problems: ['no-such-feed'],
      async handle(call) {
        const feed = await existingFeedOf(store, call)
        const { person, name } = call.who
        await notePresence(store, feed, { ...call.body, person, name })
        const { headline } = call.body
        const [present, seen] = await Promise.all([
          readPresences(store, feed),
          headline === undefined ? [] : readSeen(store, feed, headline),
        ])
        return { status: 200, body: { present, seen, presentMs: PRESENT_MS } }
      },
    }),
  ]
}
