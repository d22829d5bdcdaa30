import { z } from 'zod'
import { compareAndWrite } from '../../eventlog/store/compare-and-write.ts'
import { jobStates } from '../../fanout/release-jobs.ts'
import { actBy } from '../../people/principal.ts'
import { Problem } from '../../platform/problem.ts'
import type { ApiDeps } from '../http/api-deps.ts'
import type { Answer } from '../http/answer.ts'
import { actorOf, route, type Call, type Route } from '../http/route.ts'

const MOST_FAILED = 100
const MAX_REASON_LENGTH = 500

const queuesSchema = z
  .object({
    queues: z.array(
      z.object({
        name: z.string(),
        counts: z.object(Object.fromEntries(jobStates.map((state) => [state, z.int()]))),
        failed: z
          .array(
            z.object({
              id: z.string(),
              feed: z.string(),
              reason: z.string(),
              tries: z.int(),
              failedAt: z.iso.datetime(),
            }),
          )
          .describe(`The newest ones, at most ${MOST_FAILED}`),
      }),
    ),
  })
  .meta({ id: 'Queues' })

const path = '/v1/queues/{queue}/jobs/{job}'
const onJob = {
  tag: 'operations',
  role: 'admin',
  answers: { 204: { description: 'Done; the audit shows it' } },
  problems: ['no-such-job'],
} as const

/** Routes by which admins look at the jobs of the workers. The truth is in the log: no act here changes a headline. */
export function queueRoutes(deps: ApiDeps): Route[] {
  return [
    route({
      method: 'get',
      path: '/v1/queues',
      operationId: 'listQueues',
      tag: 'operations',
      summary: "List the workers' queues: how many jobs, and the failed ones with the reason",
      role: 'admin',
      answers: {
        200: {
          description: 'Jobs hold no headline: they only say that a feed has one due',
          schema: queuesSchema,
        },
      },
      problems: [],
      async handle() {
        const { jobs } = deps
        const [counts, failed] = await Promise.all([jobs.counts(), jobs.failed(MOST_FAILED)])
        const shown = failed.map(({ failedAt, reason, ...job }) => ({
          ...job,
          reason: reason.slice(0, MAX_REASON_LENGTH),
          failedAt: new Date(failedAt).toISOString(),
        }))
        return { status: 200, body: { queues: [{ name: jobs.name, counts, failed: shown }] } }
      },
    }),
    route({
      method: 'post',
      path: `${path}/retry`,
      operationId: 'retryJob',
      summary: 'Run a failed job once more',
      ...onJob,
      async handle(call) {
        return changed(deps, call, 'job-retried', (id) => deps.jobs.retry(id))
      },
    }),
    route({
      method: 'delete',
      path,
      operationId: 'removeJob',
      summary: 'Remove a failed job',
      ...onJob,
      async handle(call) {
        return changed(deps, call, 'job-removed', (id) => deps.jobs.remove(id))
      },
    }),
  ]
}

/** Errors: Problem. */
async function changed(
  { jobs, store }: ApiDeps,
  call: Call<unknown>,
  action: string,
  act: (id: string) => Promise<'done' | 'no-such-job'>,
): Promise<Answer> {
  const { queue = '', job = '' } = call.params
  if (queue !== jobs.name || (await act(job)) !== 'done') throw new Problem('no-such-job')
  await compareAndWrite(store, 'desk', [], { action, act: actBy(actorOf(call)), detail: { queue, job } })
  return { status: 204 }
}
