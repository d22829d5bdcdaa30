import { listFeeds } from '../src/eventlog/feeds.ts'
import type { EventLog } from '../src/eventlog/log.ts'
import { releaseDue } from '../src/eventlog/release-due.ts'
import type { Metrics } from '../src/platform/metrics.ts'

/** Comes by every feed: covers lost doorbells, and lets lines expire, for which nobody rings. */
export function sweepJob(log: EventLog, metrics: Metrics) {
  return async (): Promise<void> => {
    for (const { id } of await listFeeds(log)) {
      const released = await releaseDue(log, id)
      if (released !== 'no-feed' && released.count > 0) metrics.released.inc({ feed: id }, released.count)
    }
  }
}
