import { readWaiting } from '../src/eventlog/read-waiting.ts'
import { listFeedIds } from '../src/eventlog/feeds/feeds.ts'
import type { Store } from '../src/eventlog/store/store.ts'
import { messageOf, UnavailableError } from '../src/platform/errors.ts'
import type { Logger } from '../src/platform/logger.ts'
import type { Metrics } from '../src/platform/metrics.ts'
import { releaseAndFlag } from './release-job.ts'

interface SweepDeps {
  readonly store: Store
  readonly metrics: Metrics
  readonly logger: Logger
}

/**
 * Releases due changes whose doorbell was lost, and expiries, which have no doorbell. Every worker sweeps: two sweeps at
 * the same time find the same changes, and the script releases each once. A feed in which nothing waits costs a part of
 * one read. The returned function does not fail.
 */
export function sweeper({ store, metrics, logger }: SweepDeps): () => Promise<void> {
  /** Feeds whose last sweep failed: a failure is logged once, not every second. */
  const failing = new Map<string, string>()

  async function release(feed: string): Promise<void> {
    const name = store.keys.feed(feed).due
    try {
      await releaseAndFlag(store, feed, metrics)
      failing.delete(feed)
      store.faults.mended('record', name)
    } catch (error) {
      // Neither a damaged feed nor one that Redis does not serve just now may stop the sweep of the other feeds.
      metrics.jobsFailed.inc({ queue: 'sweep' })
      const isDamaged = !(error instanceof UnavailableError)
      if (isDamaged) store.faults.found('record', name, error)
      if (failing.get(feed) === messageOf(error)) return
      failing.set(feed, messageOf(error))
      logger[isDamaged ? 'error' : 'warn']({ event: 'sweep-failed', feed, error: messageOf(error) })
    }
  }

  return async () => {
    try {
      const feeds = await listFeedIds(store)
      const waiting = await readWaiting(store, feeds)
      for (const [index, feed] of feeds.entries()) {
        const found = waiting[index]
        const isIdle = found?.isDue === false && found.storyTodo === 0
        if (!isIdle) await release(feed)
        else store.faults.mended('record', store.keys.feed(feed).due)
      }
      failing.delete('')
    } catch (error) {
      if (failing.get('') === messageOf(error)) return
      failing.set('', messageOf(error))
      logger.warn({ event: 'sweep-failed', error: messageOf(error) })
    }
  }
}
