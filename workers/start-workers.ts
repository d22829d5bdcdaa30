import { Worker, type Processor } from 'bullmq'
import type { Redis } from 'ioredis'
import type { Store } from '../src/eventlog/store/store.ts'
import { RELEASE_QUEUE, scheduleSweep, SWEEP_QUEUE } from '../src/fanout/queues.ts'
import { messageOf } from '../src/platform/errors.ts'
import type { Logger } from '../src/platform/logger.ts'
import type { Metrics } from '../src/platform/metrics.ts'
import { releaseJob } from './release-job.ts'
import { sweepJob } from './sweep-job.ts'

const RESCHEDULE_MS = 30_000

/**
 * The job of a dead worker is free after lockDuration, and another worker takes it at its next stalled check. The
 * defaults (30 s each) are too long for news.
 */
const timing = { lockDuration: 5_000, stalledInterval: 2_500, maxStalledCount: 10 }

export interface WorkersDeps {
  readonly store: Store
  /** A connection of the kind `patient`. */
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

/** Any number of workers may run: the scripts, not the queue, decide the order and that each event is released once. */
export async function startWorkers(deps: WorkersDeps): Promise<Workers> {
  const { store, connection, concurrency, sweepMs, metrics, logger } = deps
  const prefix = store.keys.queues
  const workers = [
    startWorker(RELEASE_QUEUE, releaseJob(store, metrics), concurrency, deps),
    startWorker(SWEEP_QUEUE, sweepJob(store, metrics, logger), 1, deps),
  ]
  const schedule = () => scheduleSweep(connection, prefix, sweepMs)
  await schedule()
  // The schedule is stored in Redis, which may lose it, so it is written again from time to time.
  const timer = setInterval(() => {
    schedule().catch((error: unknown) => {
      logger.warn({ event: 'sweep-not-scheduled', error: messageOf(error) })
    })
  }, RESCHEDULE_MS)
  return {
    async close() {
      clearInterval(timer)
      // Without Redis no running job can be completed, so it is abandoned: another worker runs it again.
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
  // The connection reports its errors once and reconnects. Without a listener an error event would end the process.
  worker.on('error', () => undefined)
  return worker
}
