import type { IncomingHttpHeaders } from 'node:http'
import { z } from 'zod'
import { readFeed } from '../../eventlog/feeds/feeds.ts'
import { readAuditHead } from '../../eventlog/audit/read-audit.ts'
import { feedIdSchema } from '../../protocol/feed.ts'
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
      query: afterQuery,
      headers: { 'Last-Event-ID': 'optional' },
      answers: {
        200: { description: 'Entries of the audit, receipts and heartbeats', stream: deskFrameSchema },
      },
      problems: ['no-such-feed', 'invalid-position', 'too-many-connections', 'server-full', 'draining'],
      async handle({ params, query, headers, who, mayStill }) {
        const feed = feedIdSchema.safeParse(params.feed)
        if (!feed.success || !(await readFeed(store, feed.data))) throw new Problem('no-such-feed')
        const { n: newest } = await readAuditHead(store, feed.data)
        const after = entryAsked(query, headers) ?? newest
        // The number comes from another history, whose next entries will never come here.
        if (after > newest) throw unknownEntry()
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

/** `after` wins over the Last-Event-ID that a browser repeats by itself. */
function entryAsked(
  query: Readonly<Record<string, unknown>>,
  headers: IncomingHttpHeaders,
): number | undefined {
  const written = query.after ?? headers['last-event-id']
  if (written === undefined) return undefined
  if (typeof written !== 'string' || !WRITTEN.test(written)) throw unknownEntry()
  return Number(written)
}

function unknownEntry(): Problem {
  return new Problem('invalid-position', {
    extra: { detail: 'The desk has no such entry. Leave `after` out.' },
  })
}
