import { listFeeds } from '../src/eventlog/feeds/feeds.ts'
import type { Store } from '../src/eventlog/store/store.ts'
import { messageOf, UnavailableError } from '../src/platform/errors.ts'
import type { Logger } from '../src/platform/logger.ts'
import type { Metrics } from '../src/platform/metrics.ts'
import { releaseAndFlag } from './release-job.ts'

/** Checks every feed: releases due changes whose doorbell was lost, and expiries, which have no doorbell. */
export function sweepJob(store: Store, metrics: Metrics, logger: Logger) {
  return async (): Promise<void> => {
    for (const { id } of await listFeeds(store)) {
      try {
        await releaseAndFlag(store, id, metrics)
      } catch (error) {
        if (error instanceof UnavailableError) throw error
        // One damaged feed must not stop the sweep of the other feeds.
        metrics.jobsFailed.inc({ queue: 'sweep' })
        logger.error({ event: 'sweep-failed', feed: id, error: messageOf(error) })
      }
    }
  }
}
