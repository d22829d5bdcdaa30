import { z } from 'zod'
import { readFeed } from '../../eventlog/feeds/feeds.ts'
import { readHeadline, type SavedVersion } from '../../eventlog/read-headline.ts'
import { readDueTimes, readEvent, readReceipts } from '../../eventlog/receipts.ts'
import { feedIdSchema } from '../../protocol/feed.ts'
import { ops } from '../../protocol/frames.ts'
import { headlineIdSchema } from '../../protocol/headline.ts'
import type { ApiDeps } from '../http/api-deps.ts'
import { Problem } from '../../platform/problem.ts'
import { route, type Route } from '../http/route.ts'
import { receiptOf } from './receipt-keeper.ts'

const written = {
  written: z.int().describe('How often it was written to a reader'),
  p50Ms: z.int().nullable().describe('From its release to half of these writes; null before the first'),
  p99Ms: z.int().nullable(),
}

const screens = z
  .object({
    screens: z.int().describe('Connections that acknowledge, once each as far as that is known'),
    cleared: z.int(),
    percent: z.number().nullable().describe('Rounded down to a tenth; null of no screens'),
    missing: z.int(),
    left: z.int().describe('Gone before they said it. Of all gateways: and not come back'),
    silent: z.int().describe('Readers at its release that cannot say it; no part of the screens'),
  })
  .optional()
  .describe('Only of withdrawals, holds and corrections')

const receiptSchema = z.object({
  id: z.string(),
  releases: z.array(
    z.object({
      version: z.int(),
      position: z.string(),
      acceptedAt: z.iso.datetime(),
      op: z
        .enum(ops)
        .optional()
        .describe('This and the next two: missing once the log has dropped the event'),
      releasedAt: z.iso.datetime().optional(),
      acceptToLogMs: z.int().optional().describe('From its acceptance, or from when it was due, to the log'),
      ...written,
      cleared: screens,
      gateways: z.array(
        z.object({
          id: z.string(),
          readers: z.int().describe('At its last report'),
          ...written,
          cleared: screens,
        }),
      ),
    }),
  ),
})

export function receiptRoutes({ store }: ApiDeps): Route[] {
  return [
    route({
      method: 'get',
      path: '/v1/feeds/{feed}/headlines/{id}/receipt',
      summary: 'Read to how many readers each released version of a line was written, and how soon',
      role: 'reader',
      answers: { 200: { description: 'Oldest release first', schema: receiptSchema } },
      problems: ['no-such-feed', 'no-such-headline'],
      async handle({ params }) {
        const feed = feedIdSchema.safeParse(params.feed)
        if (!feed.success) throw new Problem('no-such-feed')
        const id = headlineIdSchema.safeParse(params.id)
        const record = id.success ? await readHeadline(store, feed.data, id.data) : undefined
        if (!record)
          throw new Problem((await readFeed(store, feed.data)) ? 'no-such-headline' : 'no-such-feed')
        const releases = await Promise.all(
          record.versions.filter(isReleased).map((version) => releaseOf(feed.data, record.id, version)),
        )
        return { status: 200, body: { id: record.id, releases } }
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
