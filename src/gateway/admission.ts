import type { IncomingMessage } from 'node:http'
import type { Metrics } from '../platform/metrics.ts'
import type { ProblemCode } from '../protocol/problems.ts'
import { clientAddress } from './client-address.ts'
import { TokenBucket } from './token-bucket.ts'

/** Those who are refused come back spread over this time (full jitter), so that they do not come all at once. */
const RETURN_WITHIN_MS = 5_000

export interface AdmissionOptions {
  readonly maxConnections: number
  readonly maxConnectionsPerIp: number
  readonly connectsPerSecond: number
  readonly trustedProxies: number
  /** Origins whose pages may read, `*` for all; pages of this server always may. */
  readonly allowedOrigins: readonly string[]
}

/** Held by a connection while it lasts; leaving twice counts once. */
export interface Place {
  leave(): void
}

export class NotAdmitted {
  readonly code: ProblemCode
  /** Undefined where coming back does not help. */
  readonly retryAfterMs: number | undefined

  constructor(code: ProblemCode, retryAfterMs?: number) {
    this.code = code
    this.retryAfterMs = retryAfterMs
  }
}

/** Decides who may connect, and counts who is connected. */
export class Admission {
  readonly #options: AdmissionOptions
  readonly #metrics: Metrics
  readonly #byAddress = new Map<string, number>()
  readonly #bucket: TokenBucket
  #connections = 0
  #draining = false

  constructor(options: AdmissionOptions, metrics: Metrics) {
    this.#options = options
    this.#metrics = metrics
    this.#bucket = new TokenBucket(options.connectsPerSecond, performance.now())
  }

  get draining(): boolean {
    return this.#draining
  }

  /** From now on nobody is admitted. */
  drain(): void {
    this.#draining = true
  }

  /** A poll is one of many by the same reader: it takes a place, but counts as no new connection. */
  admit(request: IncomingMessage, kind: 'stream' | 'poll' = 'stream'): Place | NotAdmitted {
    const address = clientAddress(request, this.#options.trustedProxies)
    const code = this.#refusal(request, address, kind)
    if (code) {
      this.#metrics.connectionsRefused.inc({ reason: code })
      return code === 'origin-refused' ? new NotAdmitted(code) : new NotAdmitted(code, returnAfterMs())
    }
    this.#connections++
    this.#byAddress.set(address, (this.#byAddress.get(address) ?? 0) + 1)
    let here = true
    return {
      leave: () => {
        if (here) this.#left(address)
        here = false
      },
    }
  }

  /** Requests without an Origin come from programs, not from a page on another site. */
  mayRead({ headers }: IncomingMessage): boolean {
    const { origin, host } = headers
    const { allowedOrigins } = this.#options
    if (origin === undefined || allowedOrigins.includes('*') || allowedOrigins.includes(origin)) return true
    return URL.canParse(origin) && new URL(origin).host === host
  }

  #refusal(request: IncomingMessage, address: string, kind: 'stream' | 'poll'): ProblemCode | undefined {
    if (this.#draining) return 'draining'
    if (!this.mayRead(request)) return 'origin-refused'
    if (this.#connections >= this.#options.maxConnections) return 'server-full'
    if ((this.#byAddress.get(address) ?? 0) >= this.#options.maxConnectionsPerIp)
      return 'too-many-connections'
    return kind === 'poll' || this.#bucket.take(performance.now()) ? undefined : 'server-busy'
  }

  #left(address: string): void {
    this.#connections--
    const rest = (this.#byAddress.get(address) ?? 1) - 1
    if (rest === 0) this.#byAddress.delete(address)
    else this.#byAddress.set(address, rest)
  }
}

/** When a reader that is sent away should come back: full jitter. */
export function returnAfterMs(): number {
  return Math.round(Math.random() * RETURN_WITHIN_MS)
}
