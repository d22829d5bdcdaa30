import type { Redis } from 'ioredis'

type Listener = (payload: string, channel: string) => void

/**
 * Pub/sub over one connection. Redis forgets what it could not deliver, so `onRenewed` tells each time that the
 * subscriptions stand (again): what was published before is to be looked up.
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
      // ioredis sends its resubscriptions within this turn: a PING sent after them is answered after them.
      setImmediate(() => {
        subscriber.ping().then(onRenewed, () => undefined)
      })
    })
  }

  /** Settles when Redis has confirmed. */
  async subscribe(channel: string, listener: Listener): Promise<void> {
    this.#listeners.set(channel, listener)
    await this.#redis.subscribe(channel)
  }

  async subscribePattern(pattern: string, listener: Listener): Promise<void> {
    this.#patterns.set(pattern, listener)
    await this.#redis.psubscribe(pattern)
  }
}
