import { z } from 'zod'
import type { Archive, NewEvent } from '../../archive/archive.ts'
import { eventsFromTo } from '../../archive/reading/events-between.ts'
import { readStripAt } from '../../archive/reading/strip-at.ts'
import { readFeed } from '../../eventlog/feeds/feeds.ts'
import { readPresentation } from '../../eventlog/feeds/presentation.ts'
import { readTime } from '../../eventlog/store/read-time.ts'
import { Problem } from '../../platform/problem.ts'
import { feedTitle } from '../../protocol/feed.ts'
import { titleWith } from '../../protocol/presentation.ts'
import {
  eventFrameSchema,
  helloFrameSchema,
  liveHeadlineSchema,
  pageSchema,
  positionSchema,
  resetFrameSchema,
  snapshotSchema,
} from '../../protocol/frame-schemas.ts'
import { instantSchema } from '../../protocol/headline.ts'
import { eventText, helloFrame, resetFrame, resetPage, snapshotOf } from '../../protocol/reader-frames.ts'
import type { ApiDeps } from '../http/api-deps.ts'
import { existingFeedOf } from '../http/path-parameters.ts'
import { invalidQuery, readQuery } from '../http/read-query.ts'
import { route, type Route } from '../http/route.ts'
import { streamText } from '../http/stream-text.ts'

const atQuery = z.strictObject({ at: instantSchema.describe('The moment (RFC 3339); not in the future') })
const fromToQuery = z.strictObject({
  from: instantSchema.describe('Released then or later'),
  to: instantSchema.describe('Released then or earlier'),
})

const asOfSchema = z
  .object({
    feed: z.string(),
    at: z.iso.datetime(),
    position: positionSchema.describe('The newest position at that moment'),
    strip: z.array(liveHeadlineSchema).describe('All that showed, in the order to show'),
    erased: z
      .literal(true)
      .optional()
      .describe('The words of a headline of that time are erased; where it showed, it is left out'),
    readers: z
      .object({
        snapshot: snapshotSchema.describe('`GET /v1/feeds/{feed}`'),
        page: pageSchema.describe('`GET /v1/feeds/{feed}/events` without a position'),
        messages: z
          .tuple([helloFrameSchema, resetFrameSchema])
          .describe('The first messages of a WebSocket without a position'),
        eventStream: z.string().describe('The same as server-sent events'),
      })
      .describe('What each transport would have sent, without marks, with the title that the feed has now'),
  })
  .meta({ id: 'AsOf' })

const pastEventSchema = z
  .union([
    eventFrameSchema,
    z.object({
      type: z.literal('event'),
      position: positionSchema,
      at: z.iso.datetime(),
      headline: z.object({ id: z.string() }),
      erased: z.literal(true).describe('Its words are erased'),
    }),
  ])
  .meta({ id: 'PastEvent' })

export function asOfRoutes(deps: ApiDeps): Route[] {
  const { store, logger, config } = deps
  const shared = {
    method: 'get',
    tag: 'desk',
    role: 'reader',
    problems: ['no-such-feed', 'invalid-query', 'as-of-unknown', 'archive-away'],
  } as const
  return [
    route({
      ...shared,
      path: '/v1/feeds/{feed}/as-of',
      operationId: 'getAsOf',
      summary: 'The strip as it stood at any moment, with words that were withdrawn since',
      query: atQuery,
      answers: { 200: { description: 'The strip of that moment', schema: asOfSchema } },
      async handle(call) {
        const { at } = readQuery(atQuery, call)
        const feed = await existingFeedOf(store, call)
        const archive = archiveOf(deps)
        const ms = Date.parse(at)
        if (ms > (await readTime(store))) throw invalidQuery([{ field: '/at', message: 'is in the future' }])
        const found = await readStripAt(store, archive, feed, ms)
        if (found.kind === 'too-early') throw unknown(found.earliest)
        const { position, strip, erased } = found
        const title = await titleOf(deps, feed)
        const hello = helloFrame(title, position, config.HEARTBEAT_MS, ms)
        const reset = resetFrame('start', { position }, strip)
        const eventStream = eventText(JSON.stringify(hello)) + eventText(JSON.stringify(reset), position)
        const readers = {
          snapshot: snapshotOf(title, { position }, strip),
          page: resetPage(reset),
          messages: [hello, reset],
          eventStream,
        }
        return { status: 200, body: { feed, at, position, strip, ...(erased && { erased }), readers } }
      },
    }),
    route({
      ...shared,
      path: '/v1/feeds/{feed}/as-of/events',
      operationId: 'getPastEvents',
      summary: 'The events of a time, in the order of their release, with words that were withdrawn since',
      query: fromToQuery,
      answers: {
        200: {
          description: 'One `PastEvent` in each line. An answer that is cut off is not complete',
          content: { 'application/x-ndjson': { schema: pastEventSchema, isStream: true } },
        },
      },
      async handle(call) {
        const { from, to } = readQuery(fromToQuery, call)
        const feed = await existingFeedOf(store, call)
        const range = { from: Date.parse(from), to: Date.parse(to) }
        if (range.from > range.to) throw invalidQuery([{ field: '/to', message: 'is before from' }])
        const events = eventsFromTo(store, archiveOf(deps), feed, range)
        return streamText(logger, { 'Content-Type': 'application/x-ndjson; charset=utf-8' }, linesOf(events))
      },
    }),
  ]
}

function archiveOf({ archive }: ApiDeps): Archive {
  const opened = archive()
  if (!opened) throw unknown(undefined)
  return opened
}

function unknown(earliest: number | undefined): Problem {
  const extra = earliest === undefined ? {} : { earliest: new Date(earliest).toISOString() }
  return new Problem('as-of-unknown', { extra })
}

async function titleOf({ store }: ApiDeps, feed: string) {
  const [stored, presentation] = await Promise.all([readFeed(store, feed), readPresentation(store, feed)])
  if (!stored) throw new Problem('no-such-feed')
  return titleWith(feedTitle(stored), presentation)
}

async function* linesOf(events: AsyncIterable<NewEvent>): AsyncGenerator<string> {
  for await (const event of events) yield `${event.frame ?? erasedFrame(event)}\n`
}

function erasedFrame({ position, at, headline }: NewEvent): string {
  const event = { type: 'event', position, at: new Date(at).toISOString(), headline: { id: headline } }
  return JSON.stringify({ ...event, erased: true })
}
