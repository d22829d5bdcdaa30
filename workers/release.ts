import type { Job } from 'bullmq'
import type { EventLog } from '../src/eventlog/log.ts'
import { releaseDue } from '../src/eventlog/release-due.ts'
import type { ReleaseJob } from '../src/fanout/queues.ts'
import type { Metrics } from '../src/platform/metrics.ts'

/** A doorbell rang: release what is due in its feed. Repeated, late or out of order, it does no harm. */
export function releaseJob(log: EventLog, metrics: Metrics) {
  return async ({ data }: Pick<Job<ReleaseJob>, 'data'>): Promise<void> => {
    const released = await releaseDue(log, data.feed)
    if (released !== 'no-feed') metrics.released.inc({ feed: data.feed }, released.count)
  }
}
