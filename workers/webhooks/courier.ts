import { setImmediate } from 'node:timers'
import { readHeads } from '../../src/eventlog/read-log.ts'
import type { WebhookAccess } from '../../src/eventlog/webhooks/webhook-access.ts'
import { claimWebhooks, type Claim, type WebhookState } from '../../src/eventlog/webhooks/webhook-state.ts'
import { messageOf } from '../../src/platform/errors.ts'
import { formatPosition } from '../../src/protocol/position.ts'
import { Endpoint } from './endpoint.ts'
import { FeedTail } from './feed-tail.ts'
import { WaitingEndpoints } from './waiting-endpoints.ts'
import { EndpointRun, leaseOf, type Lane, type RunDeps, type RunEnd } from './run-endpoint.ts'

/** Webhooks that one script run claims at most, so that Redis can serve other clients between two runs. */
const CLAIMS = 50
/** Wait after Redis has not served a claim or the result of a delivery. */
const AFTER_FAULT_MS = 1_000
/** Time between two looks at a webhook whose partner has expired. */
const ENDED_MS = 30_000

export interface CourierOptions {
  /** First limit of an answer, and the limit for endpoints that have missed it. */
  readonly limitMs: { readonly fast: number; readonly slow: number }
  /** Endpoints that are served at the same time. */
  readonly slots: Readonly<Record<Lane['name'], number>>
}

/**
 * Delivers events to webhooks: one message at a time to each, many webhooks at the same time. An endpoint that does not
 * answer in time is served in a lane of its own from then on, so that any number of them delays no other.
 */
export class Courier {
  readonly #deps: RunDeps
  readonly #lanes: Readonly<Record<Lane['name'], Lane>>
  readonly #free: Record<Lane['name'], number>
  readonly #endpoints = new Map<string, Endpoint>()
  readonly #tails = new Map<string, FeedTail>()
  readonly #waiting = new WaitingEndpoints()
  readonly #running = new Set<Promise<unknown>>()
  #isPumpPlanned = false
  #isClosed = false

  constructor(deps: RunDeps, { limitMs, slots }: CourierOptions) {
    this.#deps = deps
    this.#lanes = {
      urgent: { name: 'urgent', limitMs: limitMs.fast },
      fast: { name: 'fast', limitMs: limitMs.fast },
      slow: { name: 'slow', limitMs: limitMs.slow },
    }
    this.#free = { ...slots }
  }

  /** The webhooks that there are now. */
  set(webhooks: readonly WebhookAccess[]): void {
    const ids = new Set(webhooks.map(({ id }) => id))
    for (const [id, endpoint] of this.#endpoints) if (!ids.has(id)) this.#drop(id, endpoint)
    for (const access of webhooks) {
      const endpoint = this.#endpoints.get(access.id)
      if (endpoint) {
        const before = endpoint.stamp
        endpoint.access = access
        // An act of an admin does not wait for a retry.
        if (endpoint.stamp !== before) endpoint.lookAt = 0
      } else this.#endpoints.set(access.id, new Endpoint(access))
      if (!this.#tails.has(access.feed))
        this.#tails.set(access.feed, new FeedTail(this.#deps.store, access.feed))
    }
    const feeds = new Set(webhooks.map(({ feed }) => feed))
    for (const feed of this.#tails.keys()) if (!feeds.has(feed)) this.#tails.delete(feed)
  }

  /** Looks which feeds have gone on, and wakes the webhooks that are behind. Errors: UnavailableError. */
  async look(): Promise<void> {
    const tails = [...this.#tails.values()]
    if (tails.length === 0) return
    const heads = await readHeads(
      this.#deps.store,
      tails.map(({ feed }) => feed),
    )
    await Promise.all(
      tails.map(async (tail, index) => {
        const head = heads[index]
        if (head) await tail.follow(head)
      }),
    )
    for (const endpoint of this.#endpoints.values()) this.#wakeIfBehind(endpoint)
  }

  /** A message of a feed's live channel. True: the feed has to be looked at. */
  hear(feed: string, payload: string): boolean {
    const tail = this.#tails.get(feed)
    if (!tail) return false
    const before = tail.newestRemoval
    if (!tail.hear(payload)) return true
    const isUrgent = tail.newestRemoval > before
    for (const endpoint of this.#endpoints.values())
      if (endpoint.access.feed === feed) this.#wakeIfBehind(endpoint, isUrgent)
    return false
  }

  /** Lets the tries that run come to an end, and ends those that hang. */
  async close(): Promise<void> {
    this.#isClosed = true
    for (const endpoint of this.#endpoints.values()) endpoint.overtake(this.#lanes.fast.limitMs)
    await Promise.all(this.#running)
  }

  #drop(id: string, endpoint: Endpoint): void {
    this.#endpoints.delete(id)
    this.#waiting.drop(endpoint)
    endpoint.abandon()
  }

  #wakeIfBehind(endpoint: Endpoint, isUrgent = false): void {
    const tail = this.#tails.get(endpoint.access.feed)
    if (!tail?.head || endpoint.isStopped) return
    if (!isUrgent && endpoint.lookAt > performance.now()) return
    if (endpoint.isBehind(formatPosition(tail.head), tail.newestRemoval)) this.#wake(endpoint, isUrgent)
  }

  #wake(endpoint: Endpoint, isUrgent: boolean): void {
    if (endpoint.phase === 'busy') {
      endpoint.again = true
      if (isUrgent) endpoint.overtake()
      return
    }
    if (endpoint.phase === 'resting') {
      endpoint.phase = 'queued'
      this.#waiting.add(endpoint, isUrgent)
    } else if (isUrgent) this.#waiting.hurry(endpoint)
    this.#planPump()
  }

  /** Once for all webhooks that one event wakes. */
  #planPump(): void {
    if (this.#isPumpPlanned || this.#isClosed) return
    this.#isPumpPlanned = true
    setImmediate(() => {
      this.#isPumpPlanned = false
      this.#pump()
    })
  }

  #pump(): void {
    if (this.#isClosed) return
    for (const [queue, lane] of [
      ['urgent', 'urgent'],
      ['ready', 'fast'],
      ['slow', 'slow'],
    ] as const) {
      while (this.#free[lane] > 0 && this.#waiting.sizeOf(queue) > 0) {
        const batch = this.#waiting.take(queue, Math.min(this.#free[lane], CLAIMS))
        this.#free[lane] -= batch.length
        for (const endpoint of batch) {
          endpoint.phase = 'busy'
          endpoint.again = false
        }
        this.#track(this.#serve(batch, this.#lanes[lane]))
      }
    }
  }

  #track(work: Promise<unknown>): void {
    this.#running.add(work)
    void work.finally(() => this.#running.delete(work))
  }

  async #serve(batch: readonly Endpoint[], lane: Lane): Promise<void> {
    const { store, worker } = this.#deps
    const wishes = batch.map((endpoint) => {
      const tail = this.#tails.get(endpoint.access.feed)
      const head = tail?.head ? formatPosition(tail.head) : ''
      return { id: endpoint.access.id, stamp: endpoint.stamp, head, removal: tail?.newestRemoval ?? 0 }
    })
    try {
      const { now, claims } = await claimWebhooks(store, worker, leaseOf(lane), wishes)
      for (const [index, endpoint] of batch.entries()) {
        const claim = claims[index]
        if (claim) this.#track(this.#begin(endpoint, claim, now, lane))
      }
    } catch (error) {
      for (const endpoint of batch) this.#failed(endpoint, lane, error)
    }
  }

  async #begin(
    endpoint: Endpoint,
    { outcome, waitMs, state }: Claim,
    now: number,
    lane: Lane,
  ): Promise<void> {
    const tail = this.#tails.get(endpoint.access.feed)
    try {
      this.#learn(endpoint, state)
      if (endpoint.hasEnded(now)) this.#rest(endpoint, lane, ENDED_MS)
      else if (outcome === 'claimed' && tail) {
        const run = new EndpointRun(this.#deps, { endpoint, tail, lane, state, now })
        // A withdrawal for others goes before more events for this one.
        const mayGoOn = () => lane.name !== 'urgent' && this.#waiting.sizeOf('urgent') === 0
        const end = await run.run(() => !this.#isClosed && mayGoOn())
        this.#learn(endpoint, run.state)
        this.#rest(endpoint, lane, end)
      } else if (outcome === 'waits' && tail && (await this.#hasNewRemoval(tail, state))) {
        this.#rest(endpoint, lane, 'more')
      } else this.#rest(endpoint, lane, outcome === 'held' || outcome === 'waits' ? waitMs : 'idle')
    } catch (error) {
      this.#failed(endpoint, lane, error)
    }
  }

  /** A worker that has begun just now does not know the withdrawals before its start. */
  async #hasNewRemoval(tail: FeedTail, { position = '', recalled, tried }: WebhookState): Promise<boolean> {
    const before = tail.newestRemoval
    await tail.footing(position)
    return tail.newestRemoval > before && tail.newestRemoval > Math.max(recalled, tried)
  }

  #learn(endpoint: Endpoint, state: WebhookState): void {
    endpoint.known = state
    endpoint.slow = state.slow === '1'
  }

  #rest(endpoint: Endpoint, lane: Lane, end: RunEnd): void {
    this.#free[lane.name] += 1
    endpoint.phase = 'resting'
    endpoint.lookAt = typeof end === 'number' ? performance.now() + end : 0
    if (end === 'lost') endpoint.lookAt = performance.now() + leaseOf(lane)
    const isWanted = end === 'more' || (endpoint.again && typeof end !== 'number')
    const tail = this.#tails.get(endpoint.access.feed)
    const known = Math.max(endpoint.known?.recalled ?? 0, endpoint.known?.tried ?? 0)
    // A withdrawal that has come meanwhile does not wait for the retry.
    const isUrgent = tail !== undefined && endpoint.again && tail.newestRemoval > known
    if ((isWanted || isUrgent) && this.#endpoints.has(endpoint.access.id))
      this.#wakeIfBehind(endpoint, isUrgent)
    this.#planPump()
  }

  #failed(endpoint: Endpoint, lane: Lane, error: unknown): void {
    this.#deps.logger.debug({
      event: 'webhook-not-served',
      webhook: endpoint.access.id,
      error: messageOf(error),
    })
    this.#rest(endpoint, lane, AFTER_FAULT_MS)
  }
}
