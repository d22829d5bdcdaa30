import { z } from 'zod'
import { readAsRunAt } from '../../archive/reading/read-as-run.ts'
import { readLine } from '../../archive/reading/read-line.ts'
import type { HeadlineRecord } from '../../eventlog/read-headline.ts'
import { compareAndWrite } from '../../eventlog/store/compare-and-write.ts'
import { mayRead } from '../../partners/webhook-access-of.ts'
import { Problem } from '../../platform/problem.ts'
import { AS_RUN_PATH, asRunReportSchema, paintingSchema } from '../../protocol/as-run.ts'
import { instantSchema } from '../../protocol/headline.ts'
import type { ApiDeps } from '../http/api-deps.ts'
import { existingFeedOf } from '../http/path-parameters.ts'
import { readQuery } from '../http/read-query.ts'
import { route, type Route } from '../http/route.ts'
import { streamText } from '../http/stream-text.ts'

const atQuery = z.strictObject({ at: instantSchema.describe('The moment (RFC 3339)') })
const asRunSchema = paintingSchema
  .extend({
    speaker: z.string().optional(),
    text: z.string().optional().describe('The words of that version; absent where they are erased'),
  })
  .meta({ id: 'AsRun' })

/** Outputs on air report the words that they have painted, and the newsroom reads it. */
export function asRunRoutes(deps: ApiDeps): Route[] {
  const { store, archive, logger } = deps
  return [
    route({
      method: 'post',
      path: AS_RUN_PATH,
      operationId: 'reportAsRun',
      tag: 'partners',
      summary: 'An output on air reports which words it has painted',
      role: 'partner',
      body: asRunReportSchema,
      answers: { 204: { description: 'Noted', headers: ['Access-Control-Allow-Origin'] } },
      problems: ['no-such-feed'],
      async handle(call) {
        const { partner } = call.partner ?? {}
        if (!partner?.settings.onAir) throw new Problem('partner-refused')
        const feed = await existingFeedOf(store, call)
        if (!mayRead(partner, { feed })) throw new Problem('no-such-feed')
        const { session, paintings } = call.body
        const act = { by: `output:${partner.id}`, person: partner.id, name: partner.settings.name }
        for (const { headline, ...painting } of paintings) {
          const detail = { output: partner.id, session, ...painting }
          await compareAndWrite(store, feed, [], { action: 'on-air', headline, act, detail })
        }
        return { status: 204, headers: { 'Access-Control-Allow-Origin': '*' } }
      },
    }),
    route({
      method: 'get',
      path: AS_RUN_PATH,
      operationId: 'getAsRun',
      tag: 'desk',
      summary: 'Which words were on which output on air at a moment, with words that were withdrawn since',
      role: 'reader',
      query: atQuery,
      answers: {
        200: {
          description:
            'One `AsRun` in each line, by their first frame. An answer that is cut off is not complete',
          content: { 'application/x-ndjson': { schema: asRunSchema, isStream: true } },
        },
      },
      problems: ['no-such-feed', 'invalid-query', 'archive-away'],
      async handle(call) {
        const { at } = readQuery(atQuery, call)
        const feed = await existingFeedOf(store, call)
        const found = await readAsRunAt({ store, archive }, feed, Date.parse(at))
        async function* lines(): AsyncGenerator<string> {
          for (const painting of found) {
            const record = await readLine({ store, archive }, feed, painting.headline)
            yield `${JSON.stringify({ ...painting, ...wordsOf(record, painting.version) })}\n`
          }
        }
        return streamText(logger, { 'Content-Type': 'application/x-ndjson; charset=utf-8' }, lines())
      },
    }),
  ]
}

/** The words of a version: those of the newest one up to it that brought any. */
function wordsOf(record: HeadlineRecord | undefined, version: number) {
  const upTo = record?.versions.filter((each) => each.version <= version) ?? []
  for (const { content } of upTo.reverse())
    if (content && 'text' in content) {
      const { speaker, text } = content
      return { ...(speaker !== undefined && { speaker }), text }
    }
  return {}
}
