import type { IncomingMessage } from 'node:http'
import type { ProblemCode } from '../protocol/problems.ts'
import { clientAddress } from './client-address.ts'
import type { Metrics } from '../platform/metrics.ts'

export interface AdmissionOptions {
  readonly maxConnections: number
  readonly maxConnectionsPerIp: number
  readonly trustedProxies: number
  /** Origins whose pages may read, `*` for all; pages of this server always may. */
  readonly allowedOrigins: readonly string[]
}

/** Held by a connection while it lasts. */
export interface Place {
  leave(): void
}

/** Decides who may connect, and counts who is connected. */
export class Admission {
  readonly #options: AdmissionOptions
  readonly #metrics: Metrics
  readonly #byAddress = new Map<string, number>()
  #connections = 0
  #draining = false

  constructor(options: AdmissionOptions, metrics: Metrics) {
    this.#options = options
    this.#metrics = metrics
  }

  get draining(): boolean {
    return this.#draining
  }

  /** From now on nobody is admitted. */
  drain(): void {
    this.#draining = true
  }

  /** A place, or why there is none. Leaving twice counts once. */
  admit(request: IncomingMessage): Place | ProblemCode {
    const refusal = this.#refusal(request)
    if (refusal) {
      this.#metrics.connectionsRefused.inc({ reason: refusal })
      return refusal
    }
    const address = clientAddress(request, this.#options.trustedProxies)
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

  #refusal(request: IncomingMessage): ProblemCode | undefined {
    if (this.#draining) return 'draining'
    if (!this.mayRead(request)) return 'origin-refused'
    if (this.#connections >= this.#options.maxConnections) return 'server-full'
    const address = clientAddress(request, this.#options.trustedProxies)
    const same = this.#byAddress.get(address) ?? 0
    return same >= this.#options.maxConnectionsPerIp ? 'too-many-connections' : undefined
  }

  #left(address: string): void {
    this.#connections--
    const rest = (this.#byAddress.get(address) ?? 1) - 1
    if (rest === 0) this.#byAddress.delete(address)
    else this.#byAddress.set(address, rest)
  }
}
