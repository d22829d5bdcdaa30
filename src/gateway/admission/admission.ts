import type { IncomingMessage } from 'node:http'
import type { Metrics } from '../../platform/metrics.ts'
import { Problem } from '../../platform/problem.ts'
import type { ProblemCode } from '../../protocol/problems.ts'
import type { ReaderGate } from '../partners/reader-gate.ts'
import type { ReaderPass } from '../partners/reader-pass.ts'
import { clientAddress } from './client-address.ts'
import { readerKeyOf } from './reader-key-of.ts'
import { returnAfterMs } from './return-after-ms.ts'
import { Tally } from './tally.ts'
import { TokenBucket } from './token-bucket.ts'
import { parseUrl } from '../../protocol/parse-url.ts'

export interface AdmissionOptions {
  readonly maxConnections: number
  readonly maxConnectionsPerIp: number
  /** Limits by the name of the reader key. */
  readonly maxConnectionsPerKey: ReadonlyMap<string, number>
  readonly connectsPerSecond: number
  readonly trustedProxies: number
  /** Origins whose pages may read, `*` for all; pages of the server's own origin always may. */
  readonly allowedOrigins: readonly string[]
}

/** One admitted connection. Freeing a slot twice counts once. */
export interface Slot {
  free(): void
}

/** Decides who may connect, and counts who is connected. */
export class Admission {
  readonly #options: AdmissionOptions
  readonly #metrics: Metrics
  /** Undefined: there are no partners. */
  readonly gate: ReaderGate | undefined
  readonly #byAddress = new Tally()
  readonly #byKey = new Tally()
  readonly #bucket: TokenBucket
  #connections = 0
  #draining = false

  constructor(options: AdmissionOptions, metrics: Metrics, gate?: ReaderGate) {
    this.#options = options
    this.gate = gate
    this.#metrics = metrics
    this.#bucket = new TokenBucket(options.connectsPerSecond, performance.now())
  }

  get draining(): boolean {
    return this.#draining
  }

  /** Stops admitting connections. */
  drain(): void {
    this.#draining = true
  }

  /**
   * A poll takes a slot, but no token for new connections, since one reader polls again and again. With a pass, the sites
   * and the limit are those of the partner.
   */
  admit(request: IncomingMessage, kind: 'stream' | 'poll' = 'stream', pass?: ReaderPass): Slot | Problem {
    const address = clientAddress(request, this.#options.trustedProxies)
    const key = pass ? pass.partner.id : readerKeyOf(request.url)
    const code = this.#refusal(request, address, key, kind, pass)
    if (code) {
      this.#metrics.connectionsRefused.inc({ reason: code })
      return new Problem(code, mayRetry(code) ? { extra: { retryAfterMs: returnAfterMs() } } : {})
    }
    return this.#takeSlot(address, key)
  }

  /** A slot for an answer that waits in memory until its reader takes it. Undefined: the address has no slot left. */
  takeSlotForAnswer(request: IncomingMessage): Slot | undefined {
    const address = clientAddress(request, this.#options.trustedProxies)
    if (this.#byAddress.of(address) < this.#options.maxConnectionsPerIp)
      return this.#takeSlot(address, undefined)
    this.#metrics.connectionsRefused.inc({ reason: 'too-many-connections' })
    return undefined
  }

  /** Whether the request's origin may read. Programs send no Origin; pages of other sites always do. */
  mayRead({ headers }: IncomingMessage): boolean {
    const { origin, host } = headers
    const { allowedOrigins } = this.#options
    if (origin === undefined || allowedOrigins.includes('*') || allowedOrigins.includes(origin)) return true
    return host !== undefined && parseUrl(origin)?.host === host
  }

  #refusal(
    request: IncomingMessage,
    address: string,
    key: string | undefined,
    kind: 'stream' | 'poll',
    pass: ReaderPass | undefined,
  ): ProblemCode | undefined {
    if (this.#draining) return 'draining'
    if (!pass && !this.mayRead(request)) return 'origin-refused'
    const { maxConnections, maxConnectionsPerIp, maxConnectionsPerKey } = this.#options
    if (this.#connections >= maxConnections) return 'server-full'
    if (this.#byAddress.of(address) >= maxConnectionsPerIp) return 'too-many-connections'
    if (key !== undefined) {
      const limit = pass ? pass.partner.limits.connections : maxConnectionsPerKey.get(key)
      if (limit === undefined) return 'unknown-reader-key'
      if (this.#byKey.of(key) >= limit) return 'reader-key-full'
    }
    return kind === 'poll' || this.#bucket.take(performance.now()) ? undefined : 'server-busy'
  }

  #takeSlot(address: string, key: string | undefined): Slot {
    this.#count(address, key, 1)
    let isTaken = true
    return {
      free: () => {
        if (isTaken) this.#count(address, key, -1)
        isTaken = false
      },
    }
  }

  #count(address: string, key: string | undefined, by: 1 | -1): void {
    this.#connections += by
    this.#byAddress.add(address, by)
    if (key === undefined) return
    this.#byKey.add(key, by)
    this.#metrics.readersByKey.inc({ key }, by)
  }
}

function mayRetry(code: ProblemCode): boolean {
  return code !== 'origin-refused' && code !== 'unknown-reader-key'
}
