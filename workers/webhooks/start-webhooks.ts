import { randomUUID } from 'node:crypto'
import type { Store } from '../../src/eventlog/store/store.ts'
import { readWebhookAccess, readWebhookVersion } from '../../src/eventlog/webhooks/webhook-access.ts'
import type { Subscriptions } from '../../src/fanout/subscriptions.ts'
import { messageOf } from '../../src/platform/errors.ts'
import type { Logger } from '../../src/platform/logger.ts'
import type { Metrics } from '../../src/platform/metrics.ts'
import { repeat } from '../../src/platform/repeat.ts'
import { Courier, type CourierOptions } from './courier.ts'
import { Poster } from './poster.ts'

/**
 * An endpoint that needs longer than the first limit is served apart; Standard Webhooks asks for 15 to 30 s. Withdrawals have
 * places of their own, since endpoints that hang may hold the others.
 */
const usual: CourierOptions = {
  limitMs: { fast: 2_000, slow: 15_000 },
  slots: { urgent: 128, fast: 128, slow: 128 },
}

export interface WebhooksDeps {
  readonly store: Store
  readonly subscriptions: Subscriptions
  /** Addresses or ranges of private networks that webhooks may be sent to. */
  readonly allowedAddresses: readonly string[]
  readonly sweepMs: number
  readonly metrics: Metrics
  readonly logger: Logger
  readonly options?: Partial<CourierOptions>
  readonly waits?: readonly number[]
}

export interface Webhooks {
  /** Lets the deliveries that run come to an end. */
  close(): Promise<void>
}

/**
 * Delivers to partners' webhooks. The live channels and `partners-changed` are doorbells: what was missed is found by the
 * look at feeds and settings every `sweepMs`. Any number of workers may run: a webhook is leased to one at a time.
 */
export async function startWebhooks(deps: WebhooksDeps): Promise<Webhooks> {
  const { store, subscriptions, sweepMs, logger, metrics, allowedAddresses, waits } = deps
  const poster = new Poster(allowedAddresses)
  const run = { store, worker: randomUUID(), poster, metrics, logger, waits }
  const courier = new Courier(run, { ...usual, ...deps.options })
  let version: string | undefined
  let failing: string | undefined

  async function look(): Promise<void> {
    try {
      const present = await readWebhookVersion(store)
      if (present !== version) {
        courier.set(await readWebhookAccess(store))
        version = present
      }
      await courier.look()
      failing = undefined
    } catch (error) {
      if (failing === messageOf(error)) return
      failing = messageOf(error)
      logger.warn({ event: 'webhooks-not-looked-at', error: failing })
    }
  }
  const looks = new Looks(look)

  const { live } = store.keys.feed('*')
  const feedOf = new RegExp(`^${store.keys.feed('(.+)').live.replace(/[{}]/g, '\\$&')}$`)
  await subscriptions.subscribePattern(live, (payload, channel) => {
    const feed = feedOf.exec(channel)?.[1] ?? ''
    if (courier.hear(feed, payload)) void looks.soon()
  })
  await subscriptions.subscribe(store.keys.partnersChanged, () => void looks.soon())
  const sweeps = repeat(() => looks.soon(), sweepMs)
  return {
    async close() {
      await sweeps.close()
      await courier.close()
      poster.close()
    },
  }
}

/** One look at a time; a wish during a look is one more look after it. */
class Looks {
  readonly #look: () => Promise<void>
  #running: Promise<void> | undefined
  #next: Promise<void> | undefined

  constructor(look: () => Promise<void>) {
    this.#look = look
  }

  soon(): Promise<void> {
    if (!this.#running) return this.#begin()
    this.#next ??= this.#running.then(() => {
      this.#next = undefined
      return this.#begin()
    })
    return this.#next
  }

  #begin(): Promise<void> {
    const running = this.#look().finally(() => {
      if (this.#running === running) this.#running = undefined
    })
    this.#running = running
    return running
  }
}
