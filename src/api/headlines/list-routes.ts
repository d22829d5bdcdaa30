import { z } from 'zod'
import { indexTerms } from '../../desk/words.ts'
import { findLines } from '../../archive/reading/find-lines.ts'
import type { HeadlineQuery, ListCursor } from '../../eventlog/find-headlines.ts'
import { listQuerySchema, type ListQuery } from '../../protocol/list-query.ts'
import type { ApiDeps } from '../http/api-deps.ts'
import { existingFeedOf } from '../http/path-parameters.ts'
import { invalidQuery, readQuery } from '../http/read-query.ts'
import { route, type Route } from '../http/route.ts'
import { headlineSummarySchema } from './headline-record.ts'
import { searchedMember, searchedSchema } from './searched.ts'

/** Each word costs one look-up per headline; the list follows the least frequent word. */
const MAX_WORDS = 10

const listSchema = z
  .object({
    headlines: z.array(headlineSummarySchema),
    next: z
      .string()
      .optional()
      .describe('`cursor` of the next page; absent at the end. A short or empty page may have it too'),
    searched: searchedSchema,
  })
  .meta({ id: 'HeadlineList' })

export function listRoutes({ store, archive }: ApiDeps): Route[] {
  return [
    route({
      method: 'get',
      path: '/v1/feeds/{feed}/headlines',
      operationId: 'listHeadlines',
      tag: 'headlines',
      summary: 'List and search the headlines, newest first',
      role: 'reader',
      query: listQuerySchema,
      answers: { 200: { description: 'A page', schema: listSchema } },
      problems: ['no-such-feed', 'invalid-query'],
      async handle(call) {
        const feed = await existingFeedOf(store, call)
        const listQuery = readQuery(listQuerySchema, call)
        const query = wanted(listQuery)
        const { limit, cursor } = listQuery
        const page = await findLines({ store, archive }, feed, query, limit, placeOf(cursor))
        const { lines: headlines, next, searched } = page
        return {
          status: 200,
          body: { headlines, ...(next && { next: cursorOf(next) }), ...searchedMember(searched) },
        }
      },
    }),
  ]
}

/** Errors: Problem. */
export function wanted({
  status,
  q,
  author,
  story,
  section,
  since,
  until,
  attention,
}: Omit<ListQuery, 'limit' | 'cursor'>): HeadlineQuery {
  return {
    statuses: status,
    words: q === undefined ? [] : termsOf(q),
    author,
    story,
    section,
    attention: attention !== undefined,
    since: since === undefined ? undefined : Date.parse(since),
    until: until === undefined ? undefined : Date.parse(until),
  }
}

function termsOf(q: string): string[] {
  const terms = indexTerms(q)
  if (terms.length === 0) throw invalidQuery([{ field: '/q', message: 'holds no word' }])
  if (terms.length > MAX_WORDS) {
    throw invalidQuery([{ field: '/q', message: `holds more than ${MAX_WORDS} words` }])
  }
  return terms
}

const cursorSchema = z.tuple([z.int().min(0), z.string().min(1)])

function cursorOf({ ms, id }: ListCursor): string {
  return Buffer.from(JSON.stringify([ms, id])).toString('base64url')
}

function placeOf(cursor: string | undefined): ListCursor | undefined {
  if (cursor === undefined) return undefined
  const read = cursorSchema.safeParse(jsonOf(cursor))
  if (!read.success) throw invalidQuery([{ field: '/cursor', message: 'not one of ours' }])
  const [ms, id] = read.data
  return { ms, id }
}

function jsonOf(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString())
  } catch {
    return undefined
  }
}
