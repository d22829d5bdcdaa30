import { z } from 'zod'
import { addUsage, noUsage, readUsage, usageSchema } from '../../eventlog/partners/partner-usage.ts'
import { readTime } from '../../eventlog/store/read-time.ts'
import type { ApiDeps } from '../http/api-deps.ts'
import { invalidQuery, readQuery } from '../http/read-query.ts'
import { route, type Route } from '../http/route.ts'
import { existing } from './partner-routes.ts'

const DAY_MS = 86_400_000
/** A year: each day is one read of Redis. */
const MAX_DAYS = 366

const usageQuery = z.object({
  from: z.iso.date().optional().describe('The first day, UTC; 30 days before `to` if left out'),
  to: z.iso.date().optional().describe('The last day, UTC; today if left out'),
})
const shownUsageSchema = z
  .object({
    partner: z.string(),
    from: z.iso.date(),
    to: z.iso.date(),
    total: usageSchema,
    days: z.array(usageSchema.extend({ day: z.iso.date() })).describe('Days without reading are left out'),
  })
  .meta({ id: 'PartnerUsage' })

export function usageRoutes({ people, store }: ApiDeps): Route[] {
  return [
    route({
      method: 'get',
      path: '/v1/partners/{partner}/usage',
      operationId: 'getPartnerUsage',
      tag: 'partners',
      summary: 'How much a partner has read, by day; gateways add their counts every ten seconds',
      role: 'admin',
      query: usageQuery,
      answers: { 200: { description: 'Oldest day first', schema: shownUsageSchema } },
      problems: ['no-such-partner', 'invalid-query'],
      async handle(call) {
        const wanted = readQuery(usageQuery, call)
        const { id } = await existing(people, call)
        const to = wanted.to ?? dayOf(await readTime(store))
        const from = wanted.from ?? dayOf(Date.parse(to) - 30 * DAY_MS)
        const days = await readUsage(store, id, daysBetween(from, to))
        return { status: 200, body: { partner: id, from, to, total: days.reduce(addUsage, noUsage), days } }
      },
    }),
  ]
}

/** Errors: Problem. */
function daysBetween(from: string, to: string): string[] {
  const count = Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS) + 1
  if (count < 1) throw invalidQuery([{ field: '/from', message: 'is after `to`' }])
  if (count > MAX_DAYS) throw invalidQuery([{ field: '/from', message: `more than ${MAX_DAYS} days` }])
  return Array.from({ length: count }, (_, index) => dayOf(Date.parse(from) + index * DAY_MS))
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10)
}
