import { randomBytes } from 'node:crypto'
import type { Store } from '../../eventlog/store/store.ts'
import { formatReport } from '../../fanout/receipt-report.ts'
import { messageOf } from '../../platform/errors.ts'
import type { Logger } from '../../platform/logger.ts'
import type { Hub } from '../readers/hub.ts'

const REPORT_EVERY_MS = 1_000
/** Reports between two that say again who has not cleared yet. */
const WAITING_EVERY = 5
/** Reports that are left out when nobody has heard one: who begins to listen asks for all. */
const LEFT_OUT = 10

export interface ReportDeps {
  readonly store: Store
  readonly hubs: () => readonly Hub[]
  readonly logger: Logger
}

/**
 * Tells the desk to how many readers the events were written, and whose screens have cleared: at most once a second
 * for each feed, and only while something changes or is waited for. Reports hold sums, so one that comes twice, or is
 * followed by a newer one, does no harm.
 */
export class ReceiptReports {
  readonly #deps: ReportDeps
  /** Says nothing of the machine. */
  readonly #gateway = randomBytes(9).toString('base64url')
  /** Of reports so far. */
  #number = 0
  #rounds = 0
  /** No report before this round. */
  #next = 0
  #timer: NodeJS.Timeout | undefined
  #reporting: Promise<unknown> = Promise.resolve()

  constructor(deps: ReportDeps) {
    this.#deps = deps
  }

  start(): void {
    this.#timer = setInterval(() => {
      if (++this.#rounds % WAITING_EVERY === 0)
        for (const { acknowledgements } of this.#deps.hubs()) acknowledgements.reportWaiting()
      if (this.#rounds >= this.#next) this.#reporting = this.#report()
    }, REPORT_EVERY_MS)
  }

  /** Somebody who keeps receipts has missed reports. */
  reportAgain(): void {
    this.#next = 0
    for (const hub of this.#deps.hubs()) hub.deliveries.reportAgain()
  }

  /** Reports what is left. */
  async close(): Promise<void> {
    clearInterval(this.#timer)
    await this.#reporting
    await this.#report()
  }

  async #report(): Promise<void> {
    await Promise.all(this.#deps.hubs().map((hub) => this.#reportFeed(hub)))
  }

  async #reportFeed({ feed, readers, deliveries }: Hub): Promise<void> {
    const events = deliveries.takeChanges()
    if (events.length === 0) return
    const { store, logger } = this.#deps
    const report = formatReport({ feed, gateway: this.#gateway, number: ++this.#number, readers, events })
    // Set before the answer comes: whoever asks meanwhile is not to wait.
    this.#next = this.#rounds + LEFT_OUT
    try {
      const heard = await store.redis.publish(store.keys.feed(feed).written, report)
      if (heard > 0) this.#next = 0
      else deliveries.reportAgain(events)
    } catch (error) {
      this.#next = 0
      deliveries.reportAgain(events)
      logger.warn({ event: 'written-not-reported', feed, error: messageOf(error) })
    }
  }
}
