import { Worker, type Processor } from 'bullmq'
import type { Redis } from 'ioredis'
import type { Store } from '../src/eventlog/store/store.ts'
import { RELEASE_QUEUE, scheduleSweep, SWEEP_QUEUE } from '../src/fanout/queues.ts'
import { messageOf } from '../src/platform/errors.ts'
import type { Logger } from '../src/platform/logger.ts'
import type { Metrics } from '../src/platform/metrics.ts'
import { releaseJob } from './release-job.ts'
import { sweepJob } from './sweep-job.ts'

const SCHEDULE_AGAIN_MS = 30_000

/**
 * A worker that dies in a job gives it up after lockDuration; another takes it at its next stalled check. The
 * defaults (30 s each) are too long for news.
 */
const timing = { lockDuration: 5_000, stalledInterval: 2_500, maxStalledCount: 10 }

export interface WorkersDeps {
  readonly store: Store
  /** Of kind `patient`. */
  readonly connection: Redis
  readonly concurrency: number
  readonly sweepMs: number
  readonly metrics: Metrics
  readonly logger: Logger
}

export interface Workers {
  /** Finishes the running jobs. */
  close(): Promise<void>
}

/** Any number of these may run: order and once-only are decided by the scripts, not by the queue. */
export async function startWorkers(deps: WorkersDeps): Promise<Workers> {
  const { store, connection, concurrency, sweepMs, metrics, logger } = deps
  const prefix = store.keys.queues
  const workers = [
    startWorker(RELEASE_QUEUE, releaseJob(store, metrics), concurrency, deps),
    startWorker(SWEEP_QUEUE, sweepJob(store, metrics, logger), 1, deps),
  ]
  const schedule = () => scheduleSweep(connection, prefix, sweepMs)
  await schedule()
  // The schedule lies in Redis: said again, it comes back where it was lost.
  const timer = setInterval(() => {
    schedule().catch((error: unknown) => {
      logger.warn({ event: 'sweep-not-scheduled', error: messageOf(error) })
    })
  }, SCHEDULE_AGAIN_MS)
  return {
    async close() {
      clearInterval(timer)
      // Without Redis no job can be finished: the next worker runs it again.
      const force = connection.status !== 'ready'
      await Promise.all(workers.map((worker) => worker.close(force)))
    },
  }
}

function startWorker(
  queue: string,
  work: Processor,
  concurrency: number,
  { store, connection, metrics, logger }: WorkersDeps,
): Worker {
  const worker = new Worker(queue, work, { connection, prefix: store.keys.queues, concurrency, ...timing })
  worker.on('failed', (job, error) => {
    metrics.jobsFailed.inc({ queue })
    logger.error({
      event: 'job-failed',
      queue,
      job: job?.id,
      attempts: job?.attemptsMade,
      error: error.message,
    })
  })
  // Connection trouble: reported once by the connection, and healed by it.
  worker.on('error', () => undefined)
  return worker
}
