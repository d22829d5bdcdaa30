import type { RedisKeys } from '../../eventlog/store/redis-keys.ts'
import { parseLive } from '../../fanout/live-event.ts'
import type { Subscriptions } from '../../fanout/subscriptions.ts'

/** A release of one headline, seen on the live channel. */
export interface SeenRelease {
  readonly version: number
  readonly position: string
}

/** Must be closed by whoever expects. */
export interface ExpectedRelease {
  /** The newest release with this version or a later one, seen since `expect`; undefined after `limitMs`. */
  released(version: number, limitMs: number): Promise<SeenRelease | undefined>
  close(): void
}

interface Waiter {
  readonly id: string
  seen: SeenRelease | undefined
  wake: () => void
}

/** Tells those who have saved a change when it is out. The live channel may lose messages: every wait has a limit. */
export class ReleaseWatch {
  readonly #keys: RedisKeys
  readonly #waiters = new Map<string, Set<Waiter>>()

  constructor(keys: RedisKeys) {
    this.#keys = keys
  }

  /** Settles when Redis has confirmed. */
  async listen(subscriptions: Subscriptions): Promise<void> {
    await subscriptions.subscribePattern(this.#keys.feed('*').live, (payload, channel) => {
      this.#hear(channel, payload)
    })
  }

  /** Called before the change is saved: a worker may be faster than the answer of Redis. */
  expect(feed: string, id: string): ExpectedRelease {
    const channel = this.#keys.feed(feed).live
    const waiter: Waiter = { id, seen: undefined, wake: () => undefined }
    const waiters = this.#waiters.get(channel) ?? new Set()
    this.#waiters.set(channel, waiters.add(waiter))
    return {
      released: (version, limitMs) => released(waiter, version, limitMs),
      close: () => {
        waiters.delete(waiter)
        if (waiters.size === 0) this.#waiters.delete(channel)
      },
    }
  }

  #hear(channel: string, payload: string): void {
    const waiters = this.#waiters.get(channel)
    if (!waiters) return
    const live = parseLive(payload)
    if (live === 'look') return
    const { position, headline } = live.event
    for (const waiter of waiters) {
      if (waiter.id !== headline.id) continue
      waiter.seen = { version: headline.version, position }
      waiter.wake()
    }
  }
}

function released(waiter: Waiter, version: number, limitMs: number): Promise<SeenRelease | undefined> {
  const answer = () => (waiter.seen && waiter.seen.version >= version ? waiter.seen : undefined)
  const seen = answer()
  if (seen) return Promise.resolve(seen)
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer)
      waiter.wake = () => undefined
      resolve(answer())
    }
    const timer = setTimeout(end, limitMs)
    waiter.wake = () => {
      if (answer()) end()
    }
  })
}
