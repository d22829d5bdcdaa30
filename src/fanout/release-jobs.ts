import { Queue, type ConnectionOptions, type Job } from 'bullmq'
import { RELEASE_QUEUE, type ReleaseJob } from './queues.ts'

/** States of jobs that operators look at. `completed` and `failed` count only the jobs that are still kept. */
export const jobStates = ['waiting', 'active', 'delayed', 'completed', 'failed'] as const
export type JobState = (typeof jobStates)[number]

export interface FailedJob {
  readonly id: string
  readonly feed: string
  readonly reason: string
  readonly tries: number
  readonly failedAt: number
}

/** The jobs of the release queue, for operators. A job only says "look again": removing one loses no headline. */
export interface ReleaseJobs {
  readonly name: string
  /** Errors: when Redis cannot be reached. */
  counts(): Promise<Record<JobState, number>>
  /** The newest failed jobs, at most `limit`. */
  failed(limit: number): Promise<FailedJob[]>
  retry(id: string): Promise<'done' | 'no-such-job'>
  remove(id: string): Promise<'done' | 'no-such-job'>
  close(): Promise<void>
}

/** `connection` must fail fast: an admin waits for the answer. */
export function openReleaseJobs(connection: ConnectionOptions, prefix: string): ReleaseJobs {
  const queue = new Queue<ReleaseJob>(RELEASE_QUEUE, { connection, prefix })
  // The connection reports its errors. Without a listener here an error event would end the process.
  queue.on('error', () => undefined)

  /** Only a failed job is touched: another one is running or will run by itself. */
  async function onFailed(id: string, act: (job: Job<ReleaseJob>) => Promise<void>) {
    const job = await queue.getJob(id)
    if (!job || !(await job.isFailed())) return 'no-such-job'
    await act(job)
    return 'done'
  }

  return {
    name: RELEASE_QUEUE,
    async counts() {
      const counts = await queue.getJobCounts(...jobStates)
      return Object.fromEntries(jobStates.map((state) => [state, counts[state] ?? 0])) as Record<
        JobState,
        number
      >
    },
    async failed(limit) {
      const jobs = await queue.getFailed(0, limit - 1)
      return jobs.map(({ id = '', data, failedReason, attemptsMade, finishedOn = 0 }) => ({
        id,
        feed: data.feed,
        reason: failedReason,
        tries: attemptsMade,
        failedAt: finishedOn,
      }))
    },
    retry: (id) => onFailed(id, (job) => job.retry()),
    remove: (id) => onFailed(id, (job) => job.remove()),
    close: () => queue.close(),
  }
}
