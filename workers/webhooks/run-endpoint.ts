import type { Store } from '../../src/eventlog/store/store.ts'
import type { Delivery } from '../../src/eventlog/webhooks/webhook-deliveries.ts'
import {
  settleWebhook,
  type Settlement,
  type WebhookState,
} from '../../src/eventlog/webhooks/webhook-state.ts'
import type { Logger } from '../../src/platform/logger.ts'
import type { Metrics } from '../../src/platform/metrics.ts'
import { parsePosition } from '../../src/protocol/position.ts'
import { pingMessage, type OutgoingMessage } from '../../src/webhooks/message.ts'
import { hasFailedTooLong, retryDelay } from '../../src/webhooks/retry-delay.ts'
import { signedHeaders } from '../../src/webhooks/sign-message.ts'
import type { Endpoint } from './endpoint.ts'
import type { FeedTail } from './feed-tail.ts'
import { findNext, stateAtEnd, type FindDeps, type NextMessage } from './find-next.ts'
import type { Poster, PostResult } from './poster.ts'

/** Messages after which an endpoint lets others have its place. */
const MOST_IN_A_ROW = 25
/** The lease outlives the try by so much. */
const LEASE_MARGIN_MS = 3_000

export interface RunDeps {
  readonly store: Store
  /** Random name of this worker. */
  readonly worker: string
  readonly poster: Poster
  /** Waits before the tries after the first one. */
  readonly waits?: readonly number[] | undefined
  readonly metrics: Metrics
  readonly logger: Logger
}

export interface Lane {
  readonly name: 'urgent' | 'fast' | 'slow'
  readonly limitMs: number
}

export function leaseOf({ limitMs }: Lane): number {
  return limitMs + LEASE_MARGIN_MS
}

/** `more`: others come first, then this one goes on. `lost`: another worker has it. A number: ms until the next try. */
export type RunEnd = 'idle' | 'more' | 'stopped' | 'lost' | number

const events = { on: 'webhook-failed', paused: 'webhook-paused', disabled: 'webhook-disabled' } as const

/** Delivers to one webhook, which this worker has leased, one message after the other. Errors: UnavailableError. */
export class EndpointRun {
  readonly #deps: RunDeps
  readonly #endpoint: Endpoint
  readonly #tail: FeedTail
  readonly #lane: Lane
  readonly #clock: () => number
  readonly #finding: FindDeps
  #state: WebhookState
  /** Changes of the state that are not written yet. */
  #unwritten: Partial<WebhookState> = {}

  constructor(deps: RunDeps, { endpoint, tail, lane, state, now }: RunStart) {
    const began = performance.now()
    this.#deps = deps
    this.#endpoint = endpoint
    this.#tail = tail
    this.#lane = lane
    this.#state = state
    this.#clock = () => now + (performance.now() - began)
    this.#finding = { store: deps.store, endpoint, tail, clock: this.#clock }
  }

  async run(mayGoOn: () => boolean): Promise<RunEnd> {
    if (!(await this.#obey())) return 'lost'
    if (this.#state.status !== 'on')
      return (await this.#settle({ state: {}, leaseMs: 0 })) ? 'stopped' : 'lost'
    for (let sent = 1; ; sent++) {
      // The partner may have lost the feed while a message was on its way.
      if (this.#endpoint.isOver(this.#clock()))
        return (await this.#settle({ state: {}, leaseMs: 0 })) ? 'stopped' : 'lost'
      const { next, passed } = await findNext(this.#finding, this.#state)
      this.#change(passed)
      if (!next) return (await this.#settle({ state: {}, leaseMs: 0 })) ? 'idle' : 'lost'
      const isForSlowLane =
        this.#state.slow === '1' && this.#lane.name !== 'slow' && next.removal === undefined
      if (isForSlowLane) return (await this.#settle({ state: {}, leaseMs: 0 })) ? 'more' : 'lost'
      const result = await this.#post(next.message, next.removal !== undefined)
      const goesOn = sent < MOST_IN_A_ROW && mayGoOn()
      const end = await this.#note(next, result, goesOn)
      if (end !== 'on') return end
    }
  }

  get state(): WebhookState {
    return this.#state
  }

  /** Does the acts of admins since the last run. False: another worker has the webhook. */
  async #obey(): Promise<boolean> {
    const { access, stamp } = this.#endpoint
    if (this.#state.done === stamp) return true
    const [enabled = -1, pinged = 0, replayed = 0] =
      this.#state.done === '' ? [] : this.#state.done.split(':').map(Number)
    if (access.enabled > enabled)
      this.#change({ status: 'on', failures: 0, failingSince: '', next: 0, slow: '' })
    if (access.replay.number > replayed) {
      const { position } = access.replay
      this.#change({ position, recalled: parsePosition(position)?.seq ?? 0, tried: 0, failures: 0, next: 0 })
    }
    this.#change({ done: stamp })
    if (access.pinged <= pinged) return true
    const at = new Date(this.#clock()).toISOString()
    const message = pingMessage(this.#endpoint.context, access.pinged, at)
    const result = await this.#post(message, false)
    return this.#settle({
      state: {},
      leaseMs: leaseOf(this.#lane),
      delivery: this.#deliveryOf(message, result),
    })
  }

  async #post(message: OutgoingMessage, isRemoval: boolean): Promise<PostResult> {
    const now = this.#clock()
    const headers = signedHeaders(this.#endpoint.keysAt(now), message.id, message.body, now)
    const signal = this.#endpoint.begin(isRemoval)
    const { url } = this.#endpoint.access
    try {
      return await this.#deps.poster.post({
        url,
        headers,
        body: message.body,
        limitMs: this.#lane.limitMs,
        signal,
      })
    } finally {
      this.#endpoint.end()
    }
  }

  /** Writes what became of a try. `on`: the next message is to be sent. */
  async #note(step: NextMessage, result: PostResult, goesOn: boolean): Promise<RunEnd | 'on'> {
    const delivery = this.#deliveryOf(step.message, result)
    const tried = this.#triedAfter(step)
    const { fault } = result
    this.#deps.metrics.webhookTries.inc({ outcome: fault ?? 'delivered' })
    if (fault === 'overtaken') {
      const isKept = await this.#settle({ state: {}, leaseMs: goesOn ? leaseOf(this.#lane) : 0, delivery })
      return isKept ? (goesOn ? 'on' : 'more') : 'lost'
    }
    if (fault !== undefined) return this.#fail(step, result, delivery)
    const { delivered } = this.#state
    const slow = result.ms * 2 < this.#lane.limitMs ? '' : this.#state.slow
    this.#change({
      ...step.after,
      tried,
      delivered: delivered + 1,
      failures: 0,
      failingSince: '',
      next: 0,
      slow,
    })
    const atEnd = stateAtEnd(this.#tail, this.#state)
    const isEnd = atEnd !== undefined
    this.#change(atEnd ?? {})
    const isOver = isEnd || !goesOn
    const ack = step.isRecall ? { ack: this.#ackOf(step.message) } : {}
    const isKept = await this.#settle({
      state: {},
      leaseMs: isOver ? 0 : leaseOf(this.#lane),
      delivery,
      ...ack,
    })
    if (!isKept) return 'lost'
    return isEnd ? 'idle' : isOver ? 'more' : 'on'
  }

  async #fail(step: NextMessage, result: PostResult, delivery: Delivery): Promise<RunEnd> {
    const { logger, waits } = this.#deps
    const { id, partner, feed } = this.#endpoint.access
    // A new withdrawal begins the tries anew: the endpoint may be well again.
    const tried = this.#triedAfter(step)
    const isAnew = tried > this.#state.tried
    const failures = isAnew ? 1 : this.#state.failures + 1
    const failingSince = this.#state.failingSince || new Date(this.#clock()).toISOString()
    const failingMs = this.#clock() - Date.parse(failingSince)
    const delay = hasFailedTooLong(failingMs, waits)
      ? 'give-up'
      : retryDelay(failures, result.retryAfterMs, Math.random, waits)
    const status = result.fault === 'gone' ? 'disabled' : delay === 'give-up' ? 'paused' : 'on'
    const slow = result.fault === 'time-out' ? '1' : this.#state.slow
    this.#change({ tried, failures, failingSince, status, slow })
    const { fault, status: answer, detail } = result
    const named = {
      event: events[status],
      webhook: id,
      partner,
      feed,
      message: step.message.id,
      fault,
      answer,
      detail,
      failures,
    }
    logger[status === 'on' ? 'info' : 'warn'](named)
    const isKept = await this.#settle({
      ...{ state: {}, leaseMs: 0, delivery },
      ...(typeof delay === 'number' && { nextMs: delay }),
    })
    if (!isKept) return 'lost'
    return status === 'on' && typeof delay === 'number' ? delay : 'stopped'
  }

  /** The removals that have had their try when this one has: the oldest is sent first, and the others wait with it. */
  #triedAfter({ removal }: NextMessage): number {
    const { tried } = this.#state
    return removal === undefined ? tried : Math.max(tried, removal, this.#tail.newestRemoval)
  }

  #change(changes: Partial<WebhookState>): void {
    this.#state = { ...this.#state, ...changes }
    this.#unwritten = { ...this.#unwritten, ...changes }
  }

  /** False: another worker has the webhook. */
  async #settle({ delivery, ...settlement }: Settlement): Promise<boolean> {
    if (delivery) this.#change({ last: JSON.stringify(delivery) })
    const state = this.#unwritten as Settlement['state']
    this.#unwritten = {}
    const { store, worker } = this.#deps
    const { id } = this.#endpoint.access
    return (await settleWebhook(store, worker, id, { ...settlement, delivery, state })) === 'kept'
  }

  #deliveryOf(
    { id, type, position, headline }: OutgoingMessage,
    { fault, status, detail, ms }: PostResult,
  ): Delivery {
    return {
      ...{ message: id, type, at: new Date(this.#clock()).toISOString() },
      ...(position !== undefined && { position }),
      ...(headline !== undefined && { headline }),
      outcome: fault === undefined ? ('delivered' as const) : ('failed' as const),
      ...(fault !== undefined && { fault }),
      ...(status !== undefined && { status }),
      ...(detail !== undefined && { detail }),
      ...{ ms, failures: this.#state.failures },
    }
  }

  #ackOf({ headline = '' }: OutgoingMessage) {
    const { feed, partner } = this.#endpoint.access
    const by = { at: new Date(this.#clock()).toISOString(), by: 'webhook' as const }
    return { feed, headline, partner, by }
  }
}

export interface RunStart {
  readonly endpoint: Endpoint
  readonly tail: FeedTail
  readonly lane: Lane
  readonly state: WebhookState
  /** Redis's clock at the claim. */
  readonly now: number
}
