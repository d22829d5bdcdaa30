import { Queue, type ConnectionOptions, type JobsOptions } from 'bullmq'

/** A doorbell: a change of this feed is due. */
export interface ReleaseJob {
  readonly feed: string
}

export const RELEASE_QUEUE = 'release'

/**
 * A job holds no state. BullMQ keeps some finished jobs only so that operators can inspect them, and tries a failed job
 * again soon. The workers' sweep releases due changes whose job was lost.
 */
const jobOptions: JobsOptions = {
  attempts: 5,
  backoff: { type: 'exponential', delay: 200 },
  removeOnComplete: { count: 200 },
  removeOnFail: { count: 1_000 },
}

export interface Doorbell {
  /** Queues a release job for a feed, to run now or after `delayMs`. Errors: when Redis cannot be reached. */
  ring(feed: string, delayMs?: number): Promise<void>
  close(): Promise<void>
}

/** `connection` must fail fast: the sweep covers a lost doorbell, but an editor waits for the answer. */
export function openDoorbell(connection: ConnectionOptions, prefix: string): Doorbell {
  const queue = new Queue<ReleaseJob>(RELEASE_QUEUE, { connection, prefix, defaultJobOptions: jobOptions })
  // The connection reports its errors. Without a listener here an error event would end the process.
  queue.on('error', () => undefined)
  return {
    async ring(feed, delayMs = 0) {
      await queue.add('release', { feed }, { delay: Math.max(0, delayMs) })
    },
    close: () => queue.close(),
  }
}

/** Removes the queue in which an earlier version of the service scheduled its sweeps. */
export async function removeSweepQueue(connection: ConnectionOptions, prefix: string): Promise<void> {
  const queue = new Queue('sweep', { connection, prefix })
  queue.on('error', () => undefined)
  try {
    await queue.obliterate({ force: true })
  } finally {
    await queue.close()
  }
}
