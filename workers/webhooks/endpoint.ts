import { stampOf, type WebhookAccess } from '../../src/eventlog/webhooks/webhook-access.ts'
import type { WebhookState } from '../../src/eventlog/webhooks/webhook-state.ts'
import type { MessageContext } from '../../src/webhooks/message.ts'

/** A try is left alone for so long when a withdrawal is to overtake it: most of them end by then. */
const GRACE_MS = 150

/** One webhook as this process knows it. Another worker may have done more: Redis decides at each claim. */
export class Endpoint {
  access: WebhookAccess
  /** `queued` and `busy`: it is not queued again. */
  phase: 'resting' | 'queued' | 'busy' = 'resting'
  /** Something has happened while it was busy. */
  again = false
  /** It has not answered in time: it is served apart, so that it takes no place of the others. */
  slow = false
  /** Not before this time, by `performance.now()`. */
  lookAt = 0
  known: Pick<WebhookState, 'position' | 'recalled' | 'tried' | 'done' | 'status'> | undefined
  #isAbandoned = false
  #try: { readonly isRemoval: boolean; readonly controller: AbortController } | undefined

  constructor(access: WebhookAccess) {
    this.access = access
  }

  get stamp(): string {
    return stampOf(this.access)
  }

  /** Paused or disabled, and no admin has enabled it since. */
  get isStopped(): boolean {
    return this.known !== undefined && this.known.status !== 'on' && this.known.done === this.stamp
  }

  get context(): MessageContext {
    const { id: webhook, feed, replay } = this.access
    return { webhook, feed, replay: replay.number }
  }

  isBehind(head: string, newestRemoval: number): boolean {
    const { known } = this
    return known?.done !== this.stamp || known.position !== head || known.recalled < newestRemoval
  }

  /** Secrets that sign at a time. */
  keysAt(now: number): WebhookAccess['keys'] {
    return this.access.keys.filter(({ until }) => until === undefined || Date.parse(until) > now)
  }

  hasEnded(now: number): boolean {
    const { expiresAt } = this.access
    return expiresAt !== undefined && Date.parse(expiresAt) <= now
  }

  /** No further message may go out: the webhook is not among those to serve any more, or its partner has expired. */
  isOver(now: number): boolean {
    return this.#isAbandoned || this.hasEnded(now)
  }

  /** The signal of a try that begins. */
  begin(isRemoval: boolean): AbortSignal {
    const controller = new AbortController()
    this.#try = { isRemoval, controller }
    return controller.signal
  }

  end(): void {
    this.#try = undefined
  }

  /** Ends a try that hangs, because a withdrawal is to go out; the message is sent again after it. */
  overtake(graceMs = GRACE_MS): void {
    const running = this.#try
    if (!running || running.isRemoval) return
    setTimeout(() => {
      if (this.#try === running) running.controller.abort()
    }, graceMs)
  }

  /** Ends the try whatever it is, and lets no other begin. */
  abandon(): void {
    this.#isAbandoned = true
    this.#try?.controller.abort()
  }
}
