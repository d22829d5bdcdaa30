import { z } from 'zod'
import type { ArchivedAuditEntry } from '../../archive/archive.ts'
import { readAuditPage } from '../../archive/reading/read-audit-page.ts'
import { readLineAudit } from '../../archive/reading/read-line-audit.ts'
import type { AuditEntry } from '../../eventlog/audit/read-audit.ts'
import { auditQuerySchema, feedAuditQuerySchema } from '../../protocol/list-query.ts'
import type { ApiDeps } from '../http/api-deps.ts'
import type { Answer } from '../http/answer.ts'
import { existingFeedOf } from '../http/path-parameters.ts'
import { readQuery } from '../http/read-query.ts'
import { route, type Route } from '../http/route.ts'
import { readRecord } from '../headlines/read-record.ts'
import { auditEntrySchema } from './desk-frames.ts'

const chain = z.string().describe('sha1 over the chain before and the entry as it is stored')

const erasedEntrySchema = z
  .object({ n: z.int(), chain, erased: z.literal(true) })
  .meta({ id: 'ErasedAuditEntry', description: 'The words of the entry are erased; its hash stays' })

const auditSchema = z.object({
  entries: z.array(z.union([auditEntrySchema.extend({ chain }), erasedEntrySchema])),
  through: z
    .int()
    .optional()
    .describe(
      'With `headline`: the last entry that was looked at. Go on with it as `after` until it is `head.n`',
    ),
  head: z.object({ n: z.int(), chain }).describe('The newest entry; store it elsewhere to compare it later'),
})

const shared = {
  method: 'get',
  tag: 'desk',
  answers: { 200: { description: 'Oldest first', schema: auditSchema } },
} as const

/** Routes of the audit; no route changes it. */
export function auditRoutes(deps: ApiDeps): Route[] {
  return [
    route({
      ...shared,
      query: feedAuditQuerySchema,
      path: '/v1/feeds/{feed}/audit',
      operationId: 'getFeedAudit',
      summary: 'Read the audit of a feed: every act and its actor',
      role: 'chief',
      problems: ['no-such-feed', 'no-such-headline', 'invalid-query', 'archive-away'],
      async handle(call) {
        const feed = await existingFeedOf(deps.store, call)
        const { headline, after, limit } = readQuery(feedAuditQuerySchema, call)
        return headline === undefined
          ? page(deps, feed, { after, limit })
          : linePage(deps, feed, headline, { after, limit })
      },
    }),
    route({
      ...shared,
      query: auditQuerySchema,
      path: '/v1/audit',
      operationId: 'getAudit',
      summary: 'Read the audit of accounts, keys and invitations',
      role: 'admin',
      problems: ['invalid-query', 'archive-away'],
      handle: (call) => page(deps, 'desk', readQuery(auditQuerySchema, call)),
    }),
  ]
}

type Range = z.output<typeof auditQuerySchema>

async function page({ store, archive }: ApiDeps, scope: string, { after, limit }: Range): Promise<Answer> {
  const { entries, head } = await readAuditPage({ store, archive }, scope, after, limit)
  return { status: 200, body: { entries: entries.map(entryOf), head } }
}

async function linePage(deps: ApiDeps, feed: string, id: string, range: Range): Promise<Answer> {
  const createdAt = Date.parse((await readRecord(deps, feed, id)).createdAt)
  const { entries, through, head } = await readLineAudit(deps, feed, { id, createdAt, ...range })
  return { status: 200, body: { entries: entries.map(entryOf), through, head } }
}

function entryOf({ n, chain, json }: ArchivedAuditEntry): object {
  if (json === undefined) return { n, chain, erased: true }
  return { ...(JSON.parse(json) as AuditEntry), chain }
}
