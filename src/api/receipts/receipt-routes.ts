import { feedExists } from '../../eventlog/feeds/feeds.ts'
import { readHeadline, type SavedVersion } from '../../eventlog/read-headline.ts'
import { readDueTimes, readEvent, readReceipts } from '../../eventlog/receipts.ts'
import { feedIdSchema } from '../../protocol/feed.ts'
import { headlineIdSchema } from '../../protocol/headline.ts'
import type { ApiDeps } from '../http/api-deps.ts'
import { Problem } from '../../platform/problem.ts'
import { route, type Route } from '../http/route.ts'
import { receiptOf } from './receipt-keeper.ts'
import { receiptSchema } from './receipt-schema.ts'

export function receiptRoutes({ store, replication }: ApiDeps): Route[] {
  return [
    route({
      method: 'get',
      path: '/v1/feeds/{feed}/headlines/{id}/receipt',
      operationId: 'getReceipt',
      tag: 'headlines',
      summary:
        'Read the receipt of a headline: deliveries of each released version, their delay, and cleared screens',
      role: 'reader',
      answers: { 200: { description: 'Oldest release first', schema: receiptSchema } },
      problems: ['no-such-feed', 'no-such-headline'],
      async handle({ params }) {
        const feed = feedIdSchema.safeParse(params.feed)
        if (!feed.success) throw new Problem('no-such-feed')
        const id = headlineIdSchema.safeParse(params.id)
        const record = id.success ? await readHeadline(store, feed.data, id.data) : undefined
        if (!record)
          throw new Problem((await feedExists(store, feed.data)) ? 'no-such-headline' : 'no-such-feed')
        const releases = await Promise.all(
          record.versions.filter(isReleased).map((version) => releaseOf(feed.data, record.id, version)),
        )
        return { status: 200, body: { id: record.id, replication: replication(), releases } }
      },
    }),
  ]

  async function releaseOf(feed: string, id: string, { version, savedAt, position }: ReleasedVersion) {
    const [event, [due = 0], [gateways = []]] = await Promise.all([
      readEvent(store, feed, position),
      readDueTimes(store, feed, id, [version]),
      readReceipts(store, feed, [position]),
    ])
    return {
      version,
      position,
      acceptedAt: savedAt,
      ...(event && {
        op: event.op,
        releasedAt: event.at,
        acceptToLogMs: Math.max(0, Date.parse(event.at) - Math.max(due, Date.parse(savedAt))),
      }),
      ...receiptOf(gateways),
    }
  }
}

type ReleasedVersion = SavedVersion & { readonly position: string }

function isReleased(version: SavedVersion): version is ReleasedVersion {
  return version.position !== undefined
}
