import { z } from 'zod'
import { readLine } from '../../archive/reading/read-line.ts'
import { readArchivedSince } from '../../archive/reading/read-archived-since.ts'
import type { LinesPage } from '../../archive/reading/find-lines.ts'
import type { Sources } from '../../archive/reading/sources.ts'
import { isActOf } from '../../desk/stops.ts'
import type { ActedLine } from '../../eventlog/duties/read-lines.ts'
import { readReleasedSince } from '../../eventlog/read-released-since.ts'
import { readSummaries, type HeadlineSummary } from '../../eventlog/read-summaries.ts'
import { actBy } from '../../people/principal.ts'
import { retractionSchema } from '../../protocol/desk-requests.ts'
import { DamagedError } from '../../platform/errors.ts'
import { isOfKind } from '../../protocol/lists/actions.ts'
import { statuses } from '../../protocol/lists/statuses.ts'
import { stopLines, waitingLines } from '../duties/waiting-lines.ts'
import type { ApiDeps } from '../http/api-deps.ts'
import { onceOf } from '../http/conditions.ts'
import { existingFeedOf } from '../http/path-parameters.ts'
import { inBatches } from '../http/in-batches.ts'
import { problemOf } from '../http/problem-of.ts'
import { Problem } from '../../platform/problem.ts'
import { actorOf, route, type Call, type Route } from '../http/route.ts'
import { actOnHeadline } from './act-on-headline.ts'
import type { ActRequest } from './decide-and-save.ts'
import { searchedMember, searchedSchema } from './searched.ts'

/** Bounds the time and size of one answer; with `more` the caller sends the same request again. */
const MOST_LINES = 500

type Retraction = z.output<typeof retractionSchema>

const answerSchema = z.object({
  lines: z.array(
    z.object({
      id: z.string(),
      status: z.enum(statuses),
      text: z.string(),
      publishedAt: z.iso.datetime().optional(),
      releaseAt: z.iso
        .datetime()
        .optional()
        .describe('The time for which a headline that was not out waited'),
      outcome: z
        .string()
        .describe(
          '`withdrawn`; `needs-decision` where it only waited; `would-withdraw`, `would-need-decision`; or the code of a problem',
        ),
    }),
  ),
  more: z.boolean().describe(`There are more than ${MOST_LINES}: ask again`),
  searched: searchedSchema,
})
type Line = z.output<typeof answerSchema>['lines'][number]

export function retractRoutes(deps: ApiDeps): Route[] {
  return [
    route({
      method: 'post',
      path: '/v1/feeds/{feed}/retract',
      operationId: 'retractHeadlines',
      tag: 'feeds',
      summary:
        'Withdraw all that a feed, or one API key in it, has released since a time, and stop what waits. Never rate-limited',
      role: 'chief',
      unlimited: true,
      body: retractionSchema,
      idempotent: true,
      answers: {
        200: {
          description:
            'Each headline with its outcome: those that wait first, then those that are out, newest first',
          schema: answerSchema,
        },
      },
      problems: ['no-such-feed'],
      async handle(call) {
        const feed = await existingFeedOf(deps.store, call)
        // The waiting headlines come first: one that is released meanwhile is found among the others.
        const waiting = await retractWaiting(deps, call, feed)
        const { lines: found, searched } = await concerned(deps, feed, call.body)
        const free = MOST_LINES - waiting.lines.length
        const out = await inBatches(found.slice(0, free), (line) => retract(deps, call, feed, line))
        const outIds = new Set(out.map(({ id }) => id))
        const lines = [...waiting.lines.filter(({ id }) => !outIds.has(id)), ...out]
        const more = waiting.more || found.length > free
        return { status: 200, body: { lines, more, ...searchedMember(searched) } }
      },
    }),
  ]
}

/** Puts the headlines that wait to a decision: readers have not seen them, and good ones among them are not lost. */
async function retractWaiting(
  { store }: ApiDeps,
  call: Call<Retraction>,
  feed: string,
): Promise<{ lines: Line[]; more: boolean }> {
  const { since, key, dryRun, reason } = call.body
  const by = key === undefined ? undefined : `key:${key}`
  const sinceMs = Date.parse(since)
  const isConcerned = ({ acts, stoppedFor }: ActedLine) =>
    acts.some((act) => act.at >= sinceMs && isActOf(act, { by }, by === undefined ? 0 : stoppedFor[by]))
  const found = (await waitingLines(store, feed, isConcerned)).reverse()
  const waiting = found.slice(0, MOST_LINES)
  const cause = { why: 'retracted', ...(by !== undefined && { cause: by }) } as const
  const act = { ...actBy(actorOf(call)), reason }
  const stopped = dryRun ? waiting : await stopLines(store, feed, waiting, isConcerned, { cause, act })
  const outcome = dryRun ? 'would-need-decision' : 'needs-decision'
  const wanted = dryRun ? 'due' : 'needs-decision'
  const lines = stopped
    .filter(({ status }) => status === wanted)
    .map(({ id, status, text, releaseAt = 0 }) => ({
      ...{ id, status, text, outcome },
      releaseAt: new Date(releaseAt).toISOString(),
    }))
  return { lines, more: found.length > MOST_LINES }
}

/** The headlines to withdraw: those of Redis, newest first, then those of the archive; about so many as a call withdraws. */
async function concerned(
  sources: Sources,
  feed: string,
  { since, key }: Retraction,
): Promise<Pick<LinesPage, 'lines' | 'searched'>> {
  const { store } = sources
  const found: HeadlineSummary[] = []
  for (let offset = 0; found.length <= MOST_LINES; offset += MOST_LINES) {
    const ids = await readReleasedSince(store, feed, Date.parse(since), { offset, limit: MOST_LINES })
    const lines = (await readSummaries(store, feed, ids)).filter(
      (line) => line && line.status !== 'withdrawn',
    )
    found.push(...(await ofKey(sources, feed, lines, key)))
    if (ids.length < MOST_LINES) break
  }
  if (found.length > MOST_LINES) return { lines: found, searched: 'all' }
  const wanted = (lines: readonly HeadlineSummary[]) => ofKey(sources, feed, lines, key)
  const archived = await readArchivedSince(sources, feed, Date.parse(since), MOST_LINES + 1, wanted)
  const known = new Set(found.map(({ id }) => id))
  const others = archived.lines.filter(({ id }) => !known.has(id))
  return { lines: [...found, ...others], searched: archived.searched }
}

async function ofKey(
  sources: Sources,
  feed: string,
  lines: readonly (HeadlineSummary | undefined)[],
  key: string | undefined,
): Promise<HeadlineSummary[]> {
  const wanted = await inBatches(
    lines,
    async (line) => line && (await isOf(sources, feed, line.id, key)) && line,
  )
  return wanted.filter((line) => line !== undefined && line !== false)
}

/** Whether the key wrote or released the headline. */
async function isOf(sources: Sources, feed: string, id: string, key: string | undefined): Promise<boolean> {
  if (key === undefined) return true
  const record = await readLine(sources, feed, id)
  return (record?.versions ?? []).some(
    ({ action, act, content }) =>
      act.by === `key:${key}` &&
      (isOfKind('releases', action) || (content !== undefined && 'text' in content)),
  )
}

async function retract(
  deps: ApiDeps,
  call: Call<Retraction>,
  feed: string,
  { id, status, content, publishedAt = '' }: HeadlineSummary,
): Promise<Line> {
  const line = { id, status, text: content?.text ?? '', publishedAt }
  const { dryRun, note } = call.body
  if (dryRun) return { ...line, outcome: 'would-withdraw' }
  try {
    const wish = { action: 'withdraw', ...(note !== undefined && { note }) } as const
    const { status: after } = await actOnHeadline(deps, actRequestOf(call, feed, id), 'any', () => wish)
    return { ...line, status: after, outcome: 'withdrawn' }
  } catch (error) {
    if (error instanceof Problem || error instanceof DamagedError)
      return { ...line, outcome: problemOf(error).code }
    throw error
  }
}

function actRequestOf(call: Call<Retraction>, feed: string, id: string): ActRequest {
  const { headers, requestId, who, body } = call
  const request = ['retract', id, body]
  const once = onceOf({ headers, requestId, credential: who.credential, feed, request })
  return {
    feed,
    id,
    who,
    act: { ...actBy(actorOf(call)), reason: body.reason },
    once: { ...once, token: `${once.token} ${id}` },
    force: false,
  }
}
