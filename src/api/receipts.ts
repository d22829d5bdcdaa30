import type { EventLog } from '../eventlog/log.ts'
import { keepReceipts, readReceipts, type WrittenBy } from '../eventlog/receipts.ts'
import type { Subscriptions } from '../fanout/subscriptions.ts'
import { parseWritten, type WrittenReport } from '../fanout/written-channel.ts'
import { messageOf } from '../platform/errors.ts'
import type { Logger } from '../platform/logger.ts'
import { TimeBuckets } from '../platform/time-buckets.ts'
import type { DeskStreams } from './desk-streams.ts'

/** Several gateways report within the same second: the desk is told of them together. */
const TELL_AFTER_MS = 250

export interface ReceiptDeps {
  readonly log: EventLog
  readonly desk: DeskStreams
  readonly logger: Logger
}

/** Keeps what the gateways report, and tells it to those who look at the desk. Any number of processes may do so. */
export class Receipts {
  readonly #deps: ReceiptDeps
  /** Positions by feed of which the desk is still to be told. */
  readonly #untold = new Map<string, Set<string>>()

  constructor(deps: ReceiptDeps) {
    this.#deps = deps
  }

  /** Settles when Redis has confirmed. */
  async listen(subscriptions: Subscriptions): Promise<void> {
    await subscriptions.subscribePattern(this.#deps.log.keys.feed('*').written, (payload) => {
      const report = parseWritten(payload)
      if (report) void this.#keep(report)
    })
    await this.ask()
  }

  /** Reports may have been missed: gateways tell all that they still know. */
  async ask(): Promise<void> {
    const { log, logger } = this.#deps
    try {
      await log.redis.publish(log.keys.writtenAsked, '')
    } catch (error) {
      logger.warn({ event: 'receipts-not-asked', error: messageOf(error) })
    }
  }

  async #keep({ feed, gateway, readers, events }: WrittenReport): Promise<void> {
    const { log, desk, logger } = this.#deps
    try {
      const times = new Map(events.map((event) => [event.position, event.times]))
      await keepReceipts(log, feed, { gateway, readers, events: times })
      if (desk.watches(feed)) this.#tellSoon(feed, times.keys())
    } catch (error) {
      // Sums: the next report of these events brings what this one would have.
      logger.warn({ event: 'receipt-not-kept', feed, error: messageOf(error) })
    }
  }

  #tellSoon(feed: string, positions: Iterable<string>): void {
    const waiting = this.#untold.get(feed)
    const untold = waiting ?? new Set()
    for (const position of positions) untold.add(position)
    if (waiting) return
    this.#untold.set(feed, untold)
    setTimeout(() => void this.#tell(feed), TELL_AFTER_MS)
  }

  async #tell(feed: string): Promise<void> {
    const { log, desk, logger } = this.#deps
    const positions = [...(this.#untold.get(feed) ?? [])]
    this.#untold.delete(feed)
    try {
      const receipts = await readReceipts(log, feed, positions)
      receipts.forEach((written, index) => {
        desk.tell(feed, { type: 'receipt', position: positions[index], ...receiptOf(written) })
      })
    } catch (error) {
      logger.warn({ event: 'receipt-not-told', feed, error: messageOf(error) })
    }
  }
}

/** What all gateways together have written, and each of them. */
export function receiptOf(gateways: readonly WrittenBy[]) {
  const all = new TimeBuckets()
  for (const { times } of gateways) all.merge(times)
  return {
    ...summary(all),
    gateways: gateways.map(({ gateway, readers, times }) => {
      const its = new TimeBuckets()
      its.merge(times)
      return { id: gateway, readers, ...summary(its) }
    }),
  }
}

function summary(times: TimeBuckets) {
  return { written: times.total, p50Ms: times.within(0.5) ?? null, p99Ms: times.within(0.99) ?? null }
}
