import { Queue, type ConnectionOptions, type JobsOptions } from 'bullmq'

/** A doorbell: a change of this feed is due. */
export interface ReleaseJob {
  readonly feed: string
}

export const RELEASE_QUEUE = 'release'
export const SWEEP_QUEUE = 'sweep'

/**
 * A job holds no state. BullMQ keeps some finished jobs only so that operators can inspect them, and tries a failed job
 * again soon. The periodic sweep releases due changes whose job was lost.
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

/** Schedules one sweep every `everyMs` for all workers together. */
export async function scheduleSweep(
  connection: ConnectionOptions,
  prefix: string,
  everyMs: number,
): Promise<void> {
  const queue = new Queue(SWEEP_QUEUE, { connection, prefix })
  queue.on('error', () => undefined)
  try {
    await queue.upsertJobScheduler(
      'sweep',
      { every: everyMs },
      {
        name: 'sweep',
        opts: { attempts: 1, removeOnComplete: { count: 20 }, removeOnFail: { count: 200 } },
      },
    )
  } finally {
    await queue.close()
  }
}
