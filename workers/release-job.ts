import type { Job } from 'bullmq'
import { flagSiblings } from '../src/eventlog/flag-siblings.ts'
import type { Store } from '../src/eventlog/store/store.ts'
import { releaseDue } from '../src/eventlog/release-due.ts'
import type { ReleaseJob } from '../src/fanout/queues.ts'
import type { Metrics } from '../src/platform/metrics.ts'

/** A doorbell rang: look after its feed. Repeated, late or out of order, it does no harm. */
export function releaseJob(store: Store, metrics: Metrics) {
  return ({ data }: Pick<Job<ReleaseJob>, 'data'>): Promise<void> => lookAfter(store, data.feed, metrics)
}

/** Releases what is due, and then tells the other lines of a story. */
export async function lookAfter(store: Store, feed: string, metrics: Metrics): Promise<void> {
  const released = await releaseDue(store, feed)
  if (released === 'no-feed') return
  if (released.count > 0) metrics.released.inc({ feed }, released.count)
  if (released.storyTodo > 0) await flagSiblings(store, feed)
}
