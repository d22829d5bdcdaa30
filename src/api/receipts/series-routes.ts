import { z } from 'zod'
import { knownEvents } from '../../archive/reading/known-events.ts'
import { instantSchema } from '../../protocol/headline.ts'
import type { ApiDeps } from '../http/api-deps.ts'
import { existingFeedOf } from '../http/path-parameters.ts'
import { invalidQuery, readQuery } from '../http/read-query.ts'
import { route, type Route } from '../http/route.ts'
import { readSeries } from './read-series.ts'

const MOST_STEPS = 1_000
/** Bounds the events that one request reads. */
const LONGEST_MS = 93 * 86_400_000

const seriesQuery = z.strictObject({
  from: instantSchema.describe('The first step begins here'),
  to: instantSchema.describe('The last step ends here, or after it'),
  step: z
    .string()
    .regex(/^\d{1,9}$/, 'not a whole number')
    .transform(Number)
    .pipe(z.int().min(60))
    .describe('Length of a step in seconds'),
})

const count = z.int()
const seriesSchema = z
  .object({
    steps: z.array(
      z.object({
        at: z.iso.datetime().describe('Its begin'),
        releases: count,
        flashes: count.describe('Releases with the urgency `flash`'),
        corrections: count,
        holds: count,
        withdrawals: count,
        readers: count.nullable().describe('The most readers at a release; null without a receipt'),
        p50Ms: count.nullable().describe('Time from the release to half of the deliveries'),
        p99Ms: count.nullable(),
      }),
    ),
  })
  .meta({ id: 'Series' })

export function seriesRoutes({ store, archive }: ApiDeps): Route[] {
  return [
    route({
      method: 'get',
      path: '/v1/feeds/{feed}/series',
      operationId: 'getSeries',
      tag: 'desk',
      summary:
        'Releases, corrections and removals by time, with readers and delay as far as receipts are kept',
      role: 'reporter',
      query: seriesQuery,
      answers: { 200: { description: 'Oldest step first, without gaps', schema: seriesSchema } },
      problems: ['no-such-feed', 'invalid-query', 'archive-away'],
      async handle(call) {
        const { from: first, to: last, step } = readQuery(seriesQuery, call)
        const [from, to, stepMs] = [Date.parse(first), Date.parse(last), step * 1_000]
        if (to <= from) throw invalidQuery([{ field: '/to', message: 'not after from' }])
        if (to - from > LONGEST_MS)
          throw invalidQuery([{ field: '/to', message: 'more than 93 days after from' }])
        if ((to - from) / stepMs > MOST_STEPS)
          throw invalidQuery([{ field: '/step', message: `more than ${MOST_STEPS} steps` }])
        const feed = await existingFeedOf(store, call)
        const events = knownEvents({ store, archive }, feed, { from, to: to - 1 })
        return { status: 200, body: { steps: await readSeries(store, feed, { from, to, stepMs }, events) } }
      },
    }),
  ]
}
