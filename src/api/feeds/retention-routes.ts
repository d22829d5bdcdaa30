import { z } from 'zod'
import { readArchivedLine } from '../../archive/reading/read-line.ts'
import { summaryOfLine } from '../../archive/reading/line-record.ts'
import { cutsAt, eraseNow, linesToErase, type Cuts } from '../../archive/retention.ts'
import type { Archive, ArchivedLine, AuditPart } from '../../archive/archive.ts'
import { readPolicy } from '../../eventlog/feeds/policy.ts'
import { readHeadline } from '../../eventlog/read-headline.ts'
import { readTime } from '../../eventlog/store/read-time.ts'
import { actBy } from '../../people/principal.ts'
import { Problem } from '../../platform/problem.ts'
import { retentionQuerySchema } from '../../protocol/list-query.ts'
import { statuses } from '../../protocol/lists/statuses.ts'
import { plainLine } from '../../protocol/text.ts'
import type { ApiDeps } from '../http/api-deps.ts'
import { existingFeedOf } from '../http/path-parameters.ts'
import { readQuery } from '../http/read-query.ts'
import { actorOf, route, type Route } from '../http/route.ts'
import { headlineIdOf } from '../headlines/read-record.ts'

/** Counting reads whole headlines, so it ends here: there are so many or more. */
const MOST_COUNTED = 2_000
const LINES_PER_PAGE = 100

const countSchema = z
  .object({ before: z.iso.datetime().describe('What is older goes'), count: z.int() })
  .optional()
  .describe('Absent: the policy keeps it for ever')

const previewSchema = z
  .object({
    words: z
      .object({
        before: z.iso.datetime().describe('Headlines whose newest act is older go'),
        count: z.int().describe(`At most ${MOST_COUNTED}: then there may be more`),
        lines: z.array(
          z.object({
            id: z.string(),
            status: z.enum(statuses),
            createdAt: z.iso.datetime(),
            endedAt: z.iso.datetime(),
            text: z.string().optional(),
          }),
        ),
        next: z.string().optional(),
      })
      .optional()
      .describe('Absent: the policy keeps words for ever'),
    audit: countSchema,
    addresses: countSchema,
  })
  .meta({ id: 'RetentionPreview' })

const erasureSchema = z.strictObject({ reason: plainLine() })

export function retentionRoutes(deps: ApiDeps): Route[] {
  const { store, archive } = deps
  return [
    route({
      method: 'get',
      path: '/v1/feeds/{feed}/retention/preview',
      operationId: 'previewRetention',
      tag: 'feeds',
      summary:
        "What the feed's policy, or another retention, would erase from the archive now; nothing is erased by this",
      role: 'chief',
      query: retentionQuerySchema,
      answers: { 200: { description: 'The oldest headlines first', schema: previewSchema } },
      problems: ['no-such-feed', 'invalid-query', 'archive-away'],
      async handle(call) {
        const { after, ...wished } = readQuery(retentionQuerySchema, call)
        const feed = await existingFeedOf(store, call)
        const [{ policy }, now] = await Promise.all([readPolicy(store, feed), readTime(store)])
        const opened = archive()
        const retention = Object.keys(wished).length > 0 ? wished : policy.retention
        const body = opened ? await preview(deps, opened, feed, cutsAt(now, retention), after) : {}
        return { status: 200, body }
      },
    }),
    route({
      method: 'post',
      path: '/v1/feeds/{feed}/headlines/{id}/erasure',
      operationId: 'eraseHeadline',
      tag: 'headlines',
      summary: 'Erase the words of an archived headline for good, now',
      role: 'admin',
      body: erasureSchema,
      answers: {
        200: {
          description: 'Its words are erased; acts, times and hashes stay',
          schema: z.object({ id: z.string(), erased: z.literal(true) }),
        },
      },
      problems: ['no-such-feed', 'no-such-headline', 'headline-not-archived', 'archive-away'],
      async handle(call) {
        const feed = await existingFeedOf(store, call)
        const id = headlineIdOf(call)
        if (await readHeadline(store, feed, id)) throw new Problem('headline-not-archived')
        const line = await readArchivedLine(deps, feed, id)
        const opened = archive()
        if (line === 'no-archive' || line === undefined || !opened) throw new Problem('no-such-headline')
        const act = { ...actBy(actorOf(call)), reason: call.body.reason }
        const outcome = line.erased ? 'erased' : await eraseNow(store, opened, line, act)
        if (outcome === 'present') throw new Problem('headline-not-archived')
        return { status: 200, body: { id, erased: true } }
      },
    }),
  ]
}

async function preview(
  { store }: ApiDeps,
  archive: Archive,
  feed: string,
  { words, entry, address }: Cuts,
  after: string | undefined,
) {
  const counted = async (before: number | undefined, part: AuditPart) =>
    before === undefined
      ? undefined
      : { before: iso(before), count: await archive.countAuditToErase(feed, before, part) }
  const [audit, addresses] = await Promise.all([counted(entry, 'entry'), counted(address, 'address')])
  return {
    ...(words !== undefined && {
      words: { before: iso(words), ...(await linesGoing(linesToErase(store, archive, feed, words, after))) },
    }),
    ...(audit && { audit }),
    ...(addresses && { addresses }),
  }
}

async function linesGoing(pages: AsyncIterable<readonly ArchivedLine[]>) {
  const shown: ArchivedLine[] = []
  let count = 0
  for await (const lines of pages) {
    shown.push(...lines.slice(0, LINES_PER_PAGE - shown.length))
    count += lines.length
    if (count >= MOST_COUNTED) break
  }
  const next = count > shown.length ? shown.at(-1)?.id : undefined
  return { count: Math.min(count, MOST_COUNTED), lines: shown.map(lineOf), ...(next && { next }) }
}

function lineOf(line: ArchivedLine) {
  const { id, status, createdAt, endedAt } = line
  const text = summaryOfLine(line).content?.text
  return { id, status, createdAt: iso(createdAt), endedAt: iso(endedAt), ...(text !== undefined && { text }) }
}

function iso(ms: number): string {
  return new Date(ms).toISOString()
}
