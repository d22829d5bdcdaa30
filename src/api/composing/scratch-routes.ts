import { z } from 'zod'
import { dropScratch, keepScratch, readScratch } from '../../people/scratch.ts'
import { Problem } from '../../platform/problem.ts'
import { scratchSchema, scratchSubjectSchema } from '../../protocol/composing-requests.ts'
import type { ApiDeps } from '../http/api-deps.ts'
import { existingFeedOf } from '../http/path-parameters.ts'
import { ownSession, route, type Call, type Route } from '../http/route.ts'

const path = '/v1/feeds/{feed}/scratch'
const savedAt = z.iso.datetime()
const entrySchema = z.object({
  subject: z.string().describe('`new`, or the id of the headline whose words are being changed'),
  draft: z.string(),
  savedAt,
})

/** Unsent words of the composer. They belong to a person who is signed in: no key and no other person reads them. */
export function scratchRoutes({ store, people }: ApiDeps): Route[] {
  return [
    route({
      method: 'get',
      path,
      operationId: 'getScratch',
      tag: 'desk',
      summary: 'Read your own unsent words in a feed',
      role: 'reporter',
      answers: {
        200: { description: 'The newest first', schema: z.object({ scratch: z.array(entrySchema) }) },
      },
      problems: ['no-such-feed', 'session-needed'],
      async handle(call) {
        const { account } = ownSession(call)
        const found = await readScratch(people, account, await existingFeedOf(store, call))
        const scratch = found.map((each) => ({ ...each, savedAt: new Date(each.savedAt).toISOString() }))
        return { status: 200, body: { scratch } }
      },
    }),
    route({
      method: 'put',
      path: `${path}/{subject}`,
      operationId: 'keepScratch',
      tag: 'desk',
      summary: 'Keep your own unsent words for seven days, in no version and no audit',
      role: 'reporter',
      body: scratchSchema,
      answers: { 200: { description: 'Kept', schema: z.object({ savedAt }) } },
      problems: ['no-such-feed', 'no-such-headline', 'session-needed'],
      async handle(call) {
        const { account } = ownSession(call)
        const [feed, subject] = [await existingFeedOf(store, call), subjectOf(call)]
        const kept = await keepScratch(people, account, feed, { subject, ...call.body })
        return { status: 200, body: { savedAt: new Date(kept.savedAt).toISOString() } }
      },
    }),
    route({
      method: 'delete',
      path: `${path}/{subject}`,
      operationId: 'dropScratch',
      tag: 'desk',
      summary: 'Drop your own unsent words',
      role: 'reporter',
      answers: { 204: { description: 'Dropped, or not there' } },
      problems: ['no-such-feed', 'no-such-headline', 'session-needed'],
      async handle(call) {
        const { account } = ownSession(call)
        await dropScratch(people, account, await existingFeedOf(store, call), subjectOf(call))
        return { status: 204 }
      },
    }),
  ]
}

/** Errors: Problem. */
function subjectOf({ params }: Call<unknown>): string {
  const read = scratchSubjectSchema.safeParse(params.subject)
  if (!read.success) throw new Problem('no-such-headline')
  return read.data
}
