import { Worker, type Processor } from 'bullmq'
import type { Redis } from 'ioredis'
import type { Store } from '../src/eventlog/store/store.ts'
import { RELEASE_QUEUE, removeSweepQueue } from '../src/fanout/queues.ts'
import { messageOf } from '../src/platform/errors.ts'
import type { Logger } from '../src/platform/logger.ts'
import type { Metrics } from '../src/platform/metrics.ts'
import { repeat } from '../src/platform/repeat.ts'
import { releaseJob } from './release-job.ts'
import { sweeper } from './sweeper.ts'

/**
 * The job of a dead worker is free after lockDuration, and another worker takes it at its next stalled check. The
 * defaults (30 s each) are too long for news, and so is the wait of 15 s after a lost connection.
 */
const timing = { lockDuration: 5_000, stalledInterval: 2_500, maxStalledCount: 10, runRetryDelay: 500 }

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
export function startWorkers(deps: WorkersDeps): Workers {
  const { store, connection, concurrency, sweepMs, metrics, logger } = deps
  const prefix = store.keys.queues
  const worker = startWorker(RELEASE_QUEUE, releaseJob(store, metrics), concurrency, deps)
  const sweeps = repeat(sweeper(deps), sweepMs)
  removeSweepQueue(connection, prefix).catch((error: unknown) => {
    logger.warn({ event: 'old-sweeps-not-removed', error: messageOf(error) })
  })
  return {
    async close() {
      await sweeps.close()
      // Without Redis no running job can be completed, so it is abandoned: another worker runs it again.
      const force = connection.status !== 'ready'
      await worker.close(force)
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
