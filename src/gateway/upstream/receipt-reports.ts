import { randomBytes } from 'node:crypto'
import type { Store } from '../../eventlog/store/store.ts'
import { formatReport } from '../../fanout/receipt-report.ts'
import { messageOf } from '../../platform/errors.ts'
import type { Logger } from '../../platform/logger.ts'
import type { Hub } from '../readers/hub.ts'

const REPORT_EVERY_MS = 1_000
/** Events that screens have yet to clear are reported again in every so many rounds. */
const UNCLEARED_EVERY = 5
/**
 * After a report that no api has received, the gateway skips this many of its rounds of reports. No count is lost: an
 * api that begins to listen asks for all reports.
 */
const SKIPPED_ROUNDS = 10

export interface ReportDeps {
  readonly store: Store
  readonly hubs: () => readonly Hub[]
  readonly logger: Logger
}

/**
 * Publishes the counts of deliveries and of cleared screens to the api, at most once a second for each feed, while they
 * change or acknowledgements are missing. A report holds sums, so a repeated report, or a lost one that a newer one
 * follows, does no harm.
 */
export class ReceiptReports {
  readonly #deps: ReportDeps
  /** Names this process in its reports; random, so that it reveals nothing about the machine. */
  readonly #gateway = randomBytes(9).toString('base64url')
  /** The number of reports so far. */
  #reports = 0
  #rounds = 0
  /** The next round in which a report may be sent. */
  #notBefore = 0
  #timer: NodeJS.Timeout | undefined
  #reporting: Promise<unknown> = Promise.resolve()

  constructor(deps: ReportDeps) {
    this.#deps = deps
  }

  start(): void {
    this.#timer = setInterval(() => {
      if (++this.#rounds % UNCLEARED_EVERY === 0)
        for (const { acknowledgements } of this.#deps.hubs()) acknowledgements.reportUncleared()
      if (this.#rounds >= this.#notBefore) this.#reporting = this.#report()
    }, REPORT_EVERY_MS)
  }

  /** Called when an api has missed reports: the next reports carry all counts. */
  reportAgain(): void {
    this.#notBefore = 0
    for (const hub of this.#deps.hubs()) hub.deliveries.reportAgain()
  }

  /** Stops the rounds and sends the last report. */
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
    const report = formatReport({ feed, gateway: this.#gateway, number: ++this.#reports, readers, events })
    // Set before the publish: an api that asks for reports meanwhile resets it and does not wait.
    this.#notBefore = this.#rounds + SKIPPED_ROUNDS
    try {
      const receivers = await store.redis.publish(store.keys.feed(feed).written, report)
      if (receivers > 0) this.#notBefore = 0
      else deliveries.reportAgain(events)
    } catch (error) {
      this.#notBefore = 0
      deliveries.reportAgain(events)
      logger.warn({ event: 'written-not-reported', feed, error: messageOf(error) })
    }
  }
}
