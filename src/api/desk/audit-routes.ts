import { z } from 'zod'
import type { ArchivedAuditEntry } from '../../archive/archive.ts'
import { readAuditPage } from '../../archive/reading/read-audit-page.ts'
import type { AuditEntry } from '../../eventlog/audit/read-audit.ts'
import { auditQuerySchema } from '../../protocol/list-query.ts'
import type { ApiDeps } from '../http/api-deps.ts'
import type { Answer } from '../http/answer.ts'
import { existingFeedOf } from '../http/path-parameters.ts'
import { readQuery } from '../http/read-query.ts'
import { route, type Call, type Route } from '../http/route.ts'
import { auditEntrySchema } from './desk-frames.ts'

const chain = z.string().describe('sha1 over the chain before and the entry as it is stored')

const erasedEntrySchema = z
  .object({ n: z.int(), chain, erased: z.literal(true) })
  .meta({ id: 'ErasedAuditEntry', description: 'The words of the entry are erased; its hash stays' })

const auditSchema = z.object({
  entries: z.array(z.union([auditEntrySchema.extend({ chain }), erasedEntrySchema])),
  head: z.object({ n: z.int(), chain }).describe('The newest entry; store it elsewhere to compare it later'),
})

const shared = {
  method: 'get',
  tag: 'desk',
  query: auditQuerySchema,
  answers: { 200: { description: 'Oldest first', schema: auditSchema } },
} as const

/** Routes of the audit; no route changes it. */
export function auditRoutes(deps: ApiDeps): Route[] {
  return [
    route({
      ...shared,
      path: '/v1/feeds/{feed}/audit',
      operationId: 'getFeedAudit',
      summary: 'Read the audit of a feed: every act and its actor',
      role: 'chief',
      problems: ['no-such-feed', 'invalid-query', 'archive-away'],
      async handle(call) {
        const id = await existingFeedOf(deps.store, call)
        return page(deps, call, id)
      },
    }),
    route({
      ...shared,
      path: '/v1/audit',
      operationId: 'getAudit',
      summary: 'Read the audit of accounts, keys and invitations',
      role: 'admin',
      problems: ['invalid-query', 'archive-away'],
      handle: (call) => page(deps, call, 'desk'),
    }),
  ]
}

async function page({ store, archive }: ApiDeps, call: Call<unknown>, scope: string): Promise<Answer> {
  const { after, limit } = readQuery(auditQuerySchema, call)
  const { entries, head } = await readAuditPage({ store, archive }, scope, after, limit)
  return { status: 200, body: { entries: entries.map(entryOf), head } }
}

function entryOf({ n, chain, json }: ArchivedAuditEntry): object {
  if (json === undefined) return { n, chain, erased: true }
  return { ...(JSON.parse(json) as AuditEntry), chain }
}
