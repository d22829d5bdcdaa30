import type { Redis } from 'ioredis'
import { messageOf } from '../platform/errors.ts'
import type { Logger } from '../platform/logger.ts'
import type { Metrics } from '../platform/metrics.ts'

type Listener = (payload: string, channel: string) => void

/** Time between two tries to listen to the channels that Redis refuses. */
const RETRY_MS = 2_000

export interface SubscriptionsDeps {
  readonly logger: Logger
  readonly metrics: Metrics
}

/**
 * Pub/sub over one connection. Redis does not keep messages for a lost connection, so `onRenewed` is called each time
 * the subscriptions are established: the caller then looks up what it may have missed.
 *
 * Rights may change at any time. A channel that Redis refuses is named in `refused` and tried again; the other channels
 * are not affected.
 */
export class Subscriptions {
  readonly #redis: Redis
  readonly #deps: SubscriptionsDeps
  readonly #onRenewed: () => void
  readonly #listeners = new Map<string, Listener>()
  readonly #patterns = new Map<string, Listener>()
  readonly #refused = new Set<string>()
  #retry: NodeJS.Timeout | undefined

  /** `subscriber`: a connection of the kind `subscriber`. */
  constructor(subscriber: Redis, deps: SubscriptionsDeps, onRenewed: () => void = () => undefined) {
    this.#redis = subscriber
    this.#deps = deps
    this.#onRenewed = onRenewed
    subscriber.on('message', (channel: string, payload: string) => {
      this.#listeners.get(channel)?.(payload, channel)
    })
    subscriber.on('pmessage', (pattern: string, channel: string, payload: string) => {
      this.#patterns.get(pattern)?.(payload, channel)
    })
    subscriber.on('ready', () => void this.#renew([...this.#listeners.keys(), ...this.#patterns.keys()]))
    subscriber.on('end', () => {
      clearTimeout(this.#retry)
    })
  }

  /** Channels and patterns to which Redis does not let this process listen. */
  get refused(): string[] {
    return [...this.#refused]
  }

  /** Settles when Redis has confirmed or refused the subscription. */
  async subscribe(channel: string, listener: Listener): Promise<void> {
    this.#listeners.set(channel, listener)
    await this.#listen(channel)
  }

  async subscribePattern(pattern: string, listener: Listener): Promise<void> {
    this.#patterns.set(pattern, listener)
    await this.#listen(pattern)
  }

  async #renew(names: readonly string[]): Promise<void> {
    const confirmed = await Promise.all(names.map((name) => this.#listen(name)))
    if (names.length === 0 || confirmed.includes(true)) this.#onRenewed()
  }

  /** One command for each name: Redis refuses a command whole when it refuses one of its channels. */
  async #listen(name: string): Promise<boolean> {
    try {
      await (this.#patterns.has(name) ? this.#redis.psubscribe(name) : this.#redis.subscribe(name))
    } catch (error) {
      this.#refuse(name, error)
      return false
    }
    if (this.#refused.delete(name)) {
      this.#deps.metrics.channelsRefused.dec()
      this.#deps.logger.info({ event: 'channel-allowed', channel: name })
    }
    return true
  }

  #refuse(name: string, error: unknown): void {
    // The process stops.
    if (this.#redis.status === 'end') return
    if (!this.#refused.has(name)) {
      this.#refused.add(name)
      this.#deps.metrics.channelsRefused.inc()
      this.#deps.logger.error({ event: 'channel-refused', channel: name, error: messageOf(error) })
    }
    this.#retry ??= setTimeout(() => {
      this.#retry = undefined
      void this.#renew(this.refused)
    }, RETRY_MS)
  }
}
