import { z } from 'zod'
import { paintingsOf, wasPaintedAt } from '../../archive/reading/paintings-of.ts'
import { RecentReports } from '../../archive/reading/recent-reports.ts'
import { addUsage, noUsage, readUsage } from '../../eventlog/partners/partner-usage.ts'
import { readTime } from '../../eventlog/store/read-time.ts'
import { listPartners } from '../../partners/partners.ts'
import { mayRead } from '../../partners/webhook-access-of.ts'
import { paintingSchema } from '../../protocol/as-run.ts'
import type { ApiDeps } from '../http/api-deps.ts'
import { existingFeedOf } from '../http/path-parameters.ts'
import { route, type Route } from '../http/route.ts'

const outputsSchema = z
  .object({
    onAir: z
      .array(
        z.object({
          output: z.string().describe('Id of the output, as of a partner'),
          name: z.string(),
          lastReportAt: z.iso
            .datetime()
            .optional()
            .describe('Absent without a report in this feed in the last two days'),
          picture: z
            .array(paintingSchema.pick({ headline: true, version: true, first: true }))
            .describe('The words in its picture by its reports, by their first frame'),
        }),
      )
      .describe('Outputs on air that may read the feed, oldest first'),
    partners: z
      .object({ count: z.int(), requests: z.int(), connections: z.int() })
      .describe(
        'Partners that may read the feed, without outputs on air, and how much they have read today (UTC) in all feeds',
      ),
  })
  .meta({ id: 'Outputs' })

/** Where the words of a feed are now, besides its readers. */
export function outputRoutes({ store, archive, people }: ApiDeps): Route[] {
  const recent = new RecentReports({ store, archive })
  return [
    route({
      method: 'get',
      path: '/v1/feeds/{feed}/outputs',
      operationId: 'listOutputs',
      tag: 'desk',
      summary: 'What is in the picture of each output on air now, and how much partners have read today',
      role: 'reader',
      answers: { 200: { description: 'Outputs and partners', schema: outputsSchema } },
      problems: ['no-such-feed', 'archive-away'],
      async handle(call) {
        const feed = await existingFeedOf(store, call)
        const now = await readTime(store)
        const readers = (await listPartners(people)).filter((partner) => mayRead(partner, { feed }))
        const outputs = readers.filter(({ settings }) => settings.onAir)
        const partners = readers.filter(({ settings }) => !settings.onAir)
        // The audit is searched for reports only where there are outputs that could have sent some.
        const reports = outputs.length > 0 ? await recent.read(feed, now) : []
        const painted = wasPaintedAt(paintingsOf(reports), now)
        const onAir = outputs.map(({ id, settings: { name } }) => {
          const last = reports.findLast(({ act }) => act.person === id)
          return {
            ...{ output: id, name },
            ...(last && { lastReportAt: last.at }),
            picture: painted
              .filter(({ output }) => output === id)
              .map(({ headline, version, first }) => ({ headline, version, first })),
          }
        })
        const day = new Date(now).toISOString().slice(0, 10)
        const usage = await Promise.all(partners.map(({ id }) => readUsage(store, id, [day])))
        const { requests, connections } = usage.flat().reduce(addUsage, noUsage)
        const read = { count: partners.length, requests, connections }
        return { status: 200, body: { onAir, partners: read } }
      },
    }),
  ]
}
