import { z } from 'zod'
import { feedExists } from '../../eventlog/feeds/feeds.ts'
import { readAuditHead } from '../../eventlog/audit/read-audit.ts'
import { feedIdSchema } from '../../protocol/feed.ts'
import { resumePointOf, type ResumePoint } from '../../protocol/last-event-id.ts'
import { lastEventIdQuery } from '../../protocol/reader-queries.ts'
import type { ApiDeps } from '../http/api-deps.ts'
import { ADDRESS_ROLE } from '../http/addresses.ts'
import { Problem } from '../../platform/problem.ts'
import { route, type Route } from '../http/route.ts'
import { deskFrameSchema } from './desk-frames.ts'

const afterQuery = z.object({
  after: z
    .string()
    .optional()
    .describe('Number of an entry: the stream begins after it; 0: with the first entry'),
})
const WRITTEN = /^\d{1,15}$/

export function deskRoutes({ store, desk }: ApiDeps): Route[] {
  return [
    route({
      method: 'get',
      path: '/v1/feeds/{feed}/desk',
      operationId: 'followDesk',
      tag: 'desk',
      summary: 'Follow the acts in a feed as server-sent events; `after` or Last-Event-ID resumes',
      role: 'reporter',
      query: afterQuery.extend(lastEventIdQuery.shape),
      headers: { 'Last-Event-ID': 'optional' },
      answers: {
        200: { description: 'Entries of the audit, receipts and heartbeats', stream: deskFrameSchema },
      },
      problems: ['no-such-feed', 'invalid-position', 'too-many-connections', 'server-full', 'draining'],
      async handle({ params, query, headers, who, mayStill }) {
        const feed = feedIdSchema.safeParse(params.feed)
        if (!feed.success || !(await feedExists(store, feed.data))) throw new Problem('no-such-feed')
        const { n: newest } = await readAuditHead(store, feed.data)
        const wanted = resumePointOf(query, headers)
        const after = wanted ? entryAt(wanted) : newest
        // A number above the newest is of another history, whose next entries will never come here.
        if (wanted && after > newest) throw unknownEntry(wanted)
        const caller = {
          credential: who.credential,
          mayStill,
          mayReadAddresses: () => mayStill(ADDRESS_ROLE),
        }
        return { status: 200, stream: desk.open(feed.data, after, caller) }
      },
    }),
  ]
}

function entryAt(wanted: ResumePoint): number {
  if (typeof wanted.value !== 'string' || !WRITTEN.test(wanted.value)) throw unknownEntry(wanted)
  return Number(wanted.value)
}

function unknownEntry({ name }: ResumePoint): Problem {
  return new Problem('invalid-position', {
    extra: { detail: `${name}: the desk has no such entry. Leave \`${name}\` out.` },
  })
}
