import { Queue, type ConnectionOptions, type JobsOptions } from 'bullmq'

/** A doorbell: something of this feed is due. */
export interface ReleaseJob {
  readonly feed: string
}

export const RELEASE_QUEUE = 'release'
export const SWEEP_QUEUE = 'sweep'

/**
 * Jobs carry no state, so finished ones are kept only for the eye: few completed, failed ones longer. A failed
 * doorbell rings again soon, and the sweep comes by anyway.
 */
const jobOptions: JobsOptions = {
  attempts: 5,
  backoff: { type: 'exponential', delay: 200 },
  removeOnComplete: { count: 200 },
  removeOnFail: { count: 1_000 },
}

export interface Doorbell {
  /** Rings the workers for a feed, now or after `delayMs`. Errors: when the queue cannot be reached. */
  ring(feed: string, delayMs?: number): Promise<void>
  close(): Promise<void>
}

/** `connection` should fail fast: a lost doorbell is covered, a waiting editor is not. */
export function openDoorbell(connection: ConnectionOptions, prefix: string): Doorbell {
  const queue = new Queue<ReleaseJob>(RELEASE_QUEUE, { connection, prefix, defaultJobOptions: jobOptions })
  // Reported by the connection itself; without a listener an error event would end the process.
  queue.on('error', () => undefined)
  return {
    async ring(feed, delayMs = 0) {
      await queue.add('release', { feed }, { delay: Math.max(0, delayMs) })
    },
    close: () => queue.close(),
  }
}

/** Makes sure that exactly one sweep comes by every `everyMs`, however many workers start. */
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
