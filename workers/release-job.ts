import type { Job } from 'bullmq'
import { flagSiblings } from '../src/eventlog/flag-siblings.ts'
import type { Store } from '../src/eventlog/store/store.ts'
import { releaseDue } from '../src/eventlog/release-due.ts'
import type { ReleaseJob } from '../src/fanout/queues.ts'
import type { Metrics } from '../src/platform/metrics.ts'

/** Handles a doorbell. A job that is repeated, late or out of order has no harmful effect. */
export function releaseJob(store: Store, metrics: Metrics) {
  return ({ data }: Pick<Job<ReleaseJob>, 'data'>): Promise<void> => releaseAndFlag(store, data.feed, metrics)
}

/** Releases the due changes of a feed, and then flags the other headlines of their stories. */
export async function releaseAndFlag(store: Store, feed: string, metrics: Metrics): Promise<void> {
  const outcome = await releaseDue(store, feed)
  if (outcome === 'no-feed') return
  if (outcome.count > 0) metrics.released.inc({ feed }, outcome.count)
  if (outcome.storyTodo > 0) await flagSiblings(store, feed)
}
