import type { Redis } from 'ioredis'

type Listener = (payload: string, channel: string) => void

/**
 * Pub/sub over one connection. Redis does not keep messages for a lost connection, so `onRenewed` is called each time
 * the subscriptions are established: the caller then looks up what it may have missed.
 */
export class Subscriptions {
  readonly #redis: Redis
  readonly #listeners = new Map<string, Listener>()
  readonly #patterns = new Map<string, Listener>()

  constructor(subscriber: Redis, onRenewed: () => void = () => undefined) {
    this.#redis = subscriber
    subscriber.on('message', (channel: string, payload: string) => {
      this.#listeners.get(channel)?.(payload, channel)
    })
    subscriber.on('pmessage', (pattern: string, channel: string, payload: string) => {
      this.#patterns.get(pattern)?.(payload, channel)
    })
    subscriber.on('ready', () => {
      // ioredis resubscribes within this turn of the event loop, so Redis answers this PING after the subscriptions.
      setImmediate(() => {
        subscriber.ping().then(onRenewed, () => undefined)
      })
    })
  }

  /** Settles when Redis has confirmed the subscription. */
  async subscribe(channel: string, listener: Listener): Promise<void> {
    this.#listeners.set(channel, listener)
    await this.#redis.subscribe(channel)
  }

  async subscribePattern(pattern: string, listener: Listener): Promise<void> {
    this.#patterns.set(pattern, listener)
    await this.#redis.psubscribe(pattern)
  }
}
