import { z } from 'zod'
import { findLines } from '../../archive/reading/find-lines.ts'
import type { Sources } from '../../archive/reading/sources.ts'
import { ArchiveError } from '../../archive/archive.ts'
import type { HeadlineQuery, ListCursor } from '../../eventlog/find-headlines.ts'
import type { HeadlineSummary } from '../../eventlog/read-summaries.ts'
import { listQuerySchema } from '../../protocol/list-query.ts'
import type { ApiDeps } from '../http/api-deps.ts'
import { existingFeedOf } from '../http/path-parameters.ts'
import { readQuery } from '../http/read-query.ts'
import { route, type Route } from '../http/route.ts'
import { streamText } from '../http/stream-text.ts'
import { csvHead, csvRow } from './headlines-csv.ts'
import { headlineSummarySchema } from './headline-record.ts'
import { wanted } from './list-routes.ts'

/** Headlines in memory at once. */
const LINES_PER_READ = 200

const exportQuery = listQuerySchema.omit({ limit: true, cursor: true, attention: true }).extend({
  format: z.enum(['csv', 'ndjson']),
  bom: z.literal('true').optional().describe('With `csv`: begins with a byte-order mark'),
})

const types = { csv: 'text/csv; charset=utf-8', ndjson: 'application/x-ndjson; charset=utf-8' } as const

export function exportRoutes({ store, archive, logger }: ApiDeps): Route[] {
  return [
    route({
      method: 'get',
      path: '/v1/feeds/{feed}/headlines/export',
      operationId: 'exportHeadlines',
      tag: 'headlines',
      summary: 'All headlines that fit, newest first, as CSV or NDJSON',
      role: 'reader',
      query: exportQuery,
      answers: {
        200: {
          description: 'One headline in each line. An answer that is cut off is not complete',
          content: {
            'text/csv': {},
            'application/x-ndjson': { schema: headlineSummarySchema, isStream: true },
          },
        },
      },
      problems: ['no-such-feed', 'invalid-query', 'archive-away'],
      async handle(call) {
        const { format, bom, ...conditions } = readQuery(exportQuery, call)
        const feed = await existingFeedOf(store, call)
        const lines = allLines({ store, archive }, feed, wanted(conditions))
        const headers = {
          'Content-Type': types[format],
          'Content-Disposition': `attachment; filename="${feed}.${format}"`,
        }
        const chunks = format === 'csv' ? csvOf(lines, bom !== undefined) : ndjsonOf(lines)
        return streamText(logger, headers, chunks)
      },
    }),
  ]
}

/** Errors: UnavailableError; ArchiveError: an export that lacks headlines would be taken for the whole. */
async function* allLines(
  sources: Sources,
  feed: string,
  query: HeadlineQuery,
): AsyncGenerator<readonly HeadlineSummary[]> {
  let next: ListCursor | undefined
  do {
    const page = await findLines(sources, feed, query, LINES_PER_READ, next)
    if (page.searched === 'recent') throw new ArchiveError('away', 'the archive cannot be searched')
    yield page.lines
    next = page.next
  } while (next)
}

async function* csvOf(
  pages: AsyncIterable<readonly HeadlineSummary[]>,
  bom: boolean,
): AsyncGenerator<string> {
  let head = csvHead(bom)
  for await (const lines of pages) {
    yield head + lines.map(csvRow).join('')
    head = ''
  }
}

async function* ndjsonOf(pages: AsyncIterable<readonly HeadlineSummary[]>): AsyncGenerator<string> {
  for await (const lines of pages) {
    // An empty text would end the stream.
    if (lines.length > 0) yield lines.map((line) => `${JSON.stringify(line)}\n`).join('')
  }
}
