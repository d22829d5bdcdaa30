import { z } from 'zod'
import { readTime } from '../../eventlog/store/read-time.ts'
import { readWebhookStates } from '../../eventlog/webhooks/webhook-state.ts'
import { acknowledgeRecall, readRecalls } from '../../partners/recalls.ts'
import { listPartners } from '../../partners/partners.ts'
import { shownWebhook } from '../../partners/shown-webhook.ts'
import { Problem } from '../../platform/problem.ts'
import type { ApiDeps } from '../http/api-deps.ts'
import { existingFeedOf, feedIdOf } from '../http/path-parameters.ts'
import { readQuery } from '../http/read-query.ts'
import { route, type Route } from '../http/route.ts'
import { orProblem } from '../people/or-problem.ts'
import { feedWebhookSchema, recallAckSchema, recallSchema } from './recall-schema.ts'

const recallsQuery = z.object({
  only: z.enum(['missing']).optional().describe('Only recalls that a partner has not acknowledged'),
  limit: z.coerce.number().int().min(1).max(200).default(50).describe('Newest recalls, at most 200'),
})

export function recallRoutes({ people, store }: ApiDeps): Route[] {
  return [
    route({
      method: 'get',
      path: '/v1/feeds/{feed}/recalls',
      operationId: 'listRecalls',
      tag: 'partners',
      summary: 'Which partners have acknowledged the withdrawals of the last 30 days, and which have not',
      role: 'editor',
      query: recallsQuery,
      answers: {
        200: { description: 'Newest first', schema: z.object({ recalls: z.array(recallSchema) }) },
      },
      problems: ['no-such-feed', 'invalid-query'],
      async handle(call) {
        const { only, limit } = readQuery(recallsQuery, call)
        const feed = await existingFeedOf(store, call)
        const recalls = await readRecalls(people, feed)
        const wanted = only ? recalls.filter(({ missing }) => missing.length > 0) : recalls
        return { status: 200, body: { recalls: wanted.slice(0, limit) } }
      },
    }),
    route({
      method: 'post',
      path: '/v1/feeds/{feed}/recalls/{id}/ack',
      operationId: 'acknowledgeRecall',
      tag: 'partners',
      summary: 'A partner says that it has removed a withdrawn headline everywhere',
      role: 'partner',
      answers: { 200: { description: 'The first acknowledgement counts', schema: recallAckSchema } },
      problems: ['no-such-feed', 'no-such-recall'],
      async handle(call) {
        if (!call.partner) throw new Problem('partner-refused')
        const { partner } = call.partner
        const [feed, headline] = [feedIdOf(call), call.params.id ?? '']
        const outcome = await acknowledgeRecall(people, partner, feed, headline)
        return { status: 200, body: { feed, headline, ...orProblem<object>(outcome) } }
      },
    }),
    route({
      method: 'get',
      path: '/v1/feeds/{feed}/webhooks',
      operationId: 'listFeedWebhooks',
      tag: 'partners',
      summary: 'The webhooks of a feed with their partners, for a newsroom that asks why one gets nothing',
      role: 'editor',
      answers: {
        200: {
          description: 'Those that deliver nothing come first',
          schema: z.object({ webhooks: z.array(feedWebhookSchema) }),
        },
      },
      problems: ['no-such-feed'],
      async handle(call) {
        const feed = await existingFeedOf(store, call)
        const hooks = (await listPartners(people)).flatMap((partner) =>
          partner.webhooks
            .filter((webhook) => webhook.feed === feed)
            .map((webhook) => ({ partner, webhook })),
        )
        const ids = hooks.map(({ webhook }) => webhook.id)
        const [now, states] = await Promise.all([readTime(store), readWebhookStates(store, ids)])
        const webhooks = hooks.map(({ partner, webhook }, index) => {
          const { id, status, failures, failingSince, last } = shownWebhook(
            partner,
            webhook,
            states[index],
            now,
          )
          const { name, contact } = partner.settings
          const host = new URL(webhook.url).host
          return { id, partner: partner.id, name, contact, host, status, failures, failingSince, last }
        })
        const isFine = ({ status, failures }: (typeof webhooks)[number]) =>
          Number(status === 'on') + Number(status === 'on' && failures === 0)
        return { status: 200, body: { webhooks: webhooks.sort((a, b) => isFine(a) - isFine(b)) } }
      },
    }),
  ]
}
