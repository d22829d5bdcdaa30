import { listFeeds } from '../src/eventlog/feeds/feeds.ts'
import type { Store } from '../src/eventlog/store/store.ts'
import { messageOf, UnavailableError } from '../src/platform/errors.ts'
import type { Logger } from '../src/platform/logger.ts'
import type { Metrics } from '../src/platform/metrics.ts'
import { lookAfter } from './release-job.ts'

/** Comes by every feed: covers lost doorbells, and lets lines expire, for which nobody rings. */
export function sweepJob(store: Store, metrics: Metrics, logger: Logger) {
  return async (): Promise<void> => {
    for (const { id } of await listFeeds(store)) {
      try {
        await lookAfter(store, id, metrics)
      } catch (error) {
        if (error instanceof UnavailableError) throw error
        // One damaged feed does not hold up the others.
        metrics.jobsFailed.inc({ queue: 'sweep' })
        logger.error({ event: 'sweep-failed', feed: id, error: messageOf(error) })
      }
    }
  }
}
