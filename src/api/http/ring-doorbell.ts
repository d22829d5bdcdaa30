import { within } from '../../platform/lifecycle.ts'
import type { ApiDeps } from './api-deps.ts'

/** Protects the process from doorbells that pile up while the queue does not answer. */
const RING_LIMIT_MS = 2_000

/** Asks the workers to release what is due in `delayMs`. Does not wait; a doorbell that fails is counted. */
export function ringDoorbell({ doorbell, metrics }: ApiDeps, feed: string, delayMs: number): void {
  within(doorbell.ring(feed, delayMs), RING_LIMIT_MS).catch(() => {
    metrics.doorbellsLost.inc()
  })
}
