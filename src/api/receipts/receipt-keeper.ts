import type { Store } from '../../eventlog/store/store.ts'
import { keepReceipts, readReceipts, type GatewayReceipt } from '../../eventlog/receipts.ts'
import type { Subscriptions } from '../../fanout/subscriptions.ts'
import { parseReport, type ReceiptReport } from '../../fanout/receipt-report.ts'
import { messageOf } from '../../platform/errors.ts'
import type { Logger } from '../../platform/logger.ts'
import { TimeBuckets } from '../../platform/time-buckets.ts'
import type { DeskStreams } from '../live/desk-streams.ts'
import { screensClearedAt, screensCleared, GONE_AFTER_MS, type ScreensCleared } from './screens-cleared.ts'

/** Several gateways report within one second: the desk gets their counts in one frame. */
const TELL_AFTER_MS = 250

export interface ReceiptKeeperDeps {
  readonly store: Store
  readonly desk: DeskStreams
  readonly logger: Logger
}

/** Stores the gateways' reports as receipts and sends them to the desk's streams. Any number of processes may do so. */
export class ReceiptKeeper {
  readonly #deps: ReceiptKeeperDeps
  /** Positions by feed whose receipts the desk has not got yet. */
  readonly #unsent = new Map<string, Set<string>>()
  /**
   * Positions with missing screens: their receipts are sent again after a gateway that reports no more counts as dead.
   */
  readonly #waiting = new Set<string>()

  constructor(deps: ReceiptKeeperDeps) {
    this.#deps = deps
  }

  /** Settles when Redis has confirmed. */
  async listen(subscriptions: Subscriptions): Promise<void> {
    await subscriptions.subscribePattern(this.#deps.store.keys.feed('*').written, (payload) => {
      const report = parseReport(payload)
      if (report) void this.#keep(report)
    })
    await this.ask()
  }

  /** Asks the gateways to report all counts that they still hold: reports may have been missed. */
  async ask(): Promise<void> {
    const { store, logger } = this.#deps
    try {
      await store.redis.publish(store.keys.writtenAsked, '')
    } catch (error) {
      logger.warn({ event: 'receipts-not-asked', error: messageOf(error) })
    }
  }

  async #keep({ feed, ...report }: ReceiptReport): Promise<void> {
    const { store, desk, logger } = this.#deps
    try {
      await keepReceipts(store, feed, report)
      const positions = report.events.map(({ position }) => position)
      if (desk.watches(feed)) this.#tellSoon(feed, positions)
    } catch (error) {
      // A report carries totals, so the next one makes up for it.
      logger.warn({ event: 'receipt-not-kept', feed, error: messageOf(error) })
    }
  }

  #tellSoon(feed: string, positions: Iterable<string>): void {
    const waiting = this.#unsent.get(feed)
    const unsent = waiting ?? new Set()
    for (const position of positions) unsent.add(position)
    if (waiting) return
    this.#unsent.set(feed, unsent)
    setTimeout(() => void this.#tell(feed), TELL_AFTER_MS)
  }

  /** A dead gateway reports no more, and its readers are still missing. */
  #lookAgain(feed: string, position: string): void {
    if (this.#waiting.has(position)) return
    this.#waiting.add(position)
    setTimeout(() => {
      this.#waiting.delete(position)
      this.#tellSoon(feed, [position])
    }, GONE_AFTER_MS + TELL_AFTER_MS).unref()
  }

  async #tell(feed: string): Promise<void> {
    const { store, desk, logger } = this.#deps
    const positions = [...(this.#unsent.get(feed) ?? [])]
    this.#unsent.delete(feed)
    try {
      const receipts = await readReceipts(store, feed, positions)
      positions.forEach((position, index) => {
        const receipt = receiptOf(receipts[index] ?? [])
        desk.tell(feed, { type: 'receipt', position, ...receipt })
        if (receipt.gateways.some(({ cleared }) => cleared && cleared.missing > 0))
          this.#lookAgain(feed, position)
      })
    } catch (error) {
      logger.warn({ event: 'receipt-not-told', feed, error: messageOf(error) })
    }
  }
}

/** The deliveries and cleared screens of all gateways together, and of each gateway. */
export function receiptOf(gateways: readonly GatewayReceipt[]) {
  const all = new TimeBuckets()
  for (const { times } of gateways) all.merge(times)
  return {
    ...summary(all),
    ...named(screensCleared(gateways)),
    gateways: gateways.map((its) => {
      const times = new TimeBuckets()
      times.merge(its.times)
      return { id: its.gateway, readers: its.readers, ...summary(times), ...named(screensClearedAt(its)) }
    }),
  }
}

function named(cleared: ScreensCleared | undefined): { cleared?: ScreensCleared } {
  return cleared ? { cleared } : {}
}

function summary(times: TimeBuckets) {
  return { written: times.total, p50Ms: times.within(0.5) ?? null, p99Ms: times.within(0.99) ?? null }
}
