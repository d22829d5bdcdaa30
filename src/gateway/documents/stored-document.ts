import { createHash } from 'node:crypto'
import { codingFor, compress, IDENTITY, type Coding } from './codings.ts'

/** Names and values in turn, as `writeHead` takes them. */
type RawHeaders = readonly string[]

export interface Representation {
  readonly etag: string
  readonly bytes: Buffer
  /** The headers of 200, and of 304. */
  readonly whole: RawHeaders
  readonly notModified: RawHeaders
}

export interface DocumentFacts {
  readonly type: string
  /** When what it shows has changed (ms). */
  readonly changedAt: number
  /** Headers that every answer with this document has. */
  readonly headers: RawHeaders
}

/**
 * After a change, dates are not compared for so long: another change within the same second would have the same
 * `Last-Modified`, and a reader would keep a headline that is withdrawn by now.
 */
const UNSETTLED_MS = 2_000

/** One version of a document, in each coding that a reader has requested. It is compressed once. */
export class StoredDocument {
  readonly size: number
  readonly changedAt: number
  /** With `Last-Modified`, and without it while the date is not settled. */
  readonly #settled = new Map<Coding, Representation>()
  readonly #fresh = new Map<Coding, Representation>()
  readonly #bytes: Buffer
  readonly #hash: string
  readonly #facts: DocumentFacts

  constructor(text: string, facts: DocumentFacts) {
    this.#bytes = Buffer.from(text)
    this.#facts = facts
    this.size = this.#bytes.length
    // A date without fractions.
    this.changedAt = Math.floor(facts.changedAt / 1_000) * 1_000
    this.#hash = createHash('sha256').update(this.#bytes).digest('base64url').slice(0, 27)
  }

  isSettled(now: number): boolean {
    return now - this.changedAt >= UNSETTLED_MS
  }

  /** The document for a request with this `Accept-Encoding`. */
  representation(accepted: string | undefined, now: number): Representation {
    const coding = codingFor(accepted)
    const isSettled = this.isSettled(now)
    const held = isSettled ? this.#settled : this.#fresh
    const found = held.get(coding) ?? this.#represent(coding, isSettled)
    held.set(coding, found)
    return found
  }

  #represent(coding: Coding, isSettled: boolean): Representation {
    const held = this.#fresh.get(coding) ?? this.#settled.get(coding)
    const smaller = held?.bytes ?? compress(coding, this.#bytes)
    const isCoded = smaller.length < this.#bytes.length
    const bytes = isCoded ? smaller : this.#bytes
    const used = isCoded ? coding : IDENTITY
    // A strong tag names bytes, so each coding has its own (RFC 9110, section 8.8.1).
    const etag = `"${used === IDENTITY ? this.#hash : `${this.#hash}-${used}`}"`
    const modified = ['Last-Modified', new Date(this.changedAt).toUTCString()]
    const notModified = [...this.#facts.headers, 'ETag', etag, ...(isSettled ? modified : [])]
    const whole = [
      ...notModified,
      ...['Content-Type', this.#facts.type],
      ...(used === IDENTITY ? [] : ['Content-Encoding', used]),
      ...['Content-Length', String(bytes.length)],
    ]
    return { etag, bytes, whole, notModified }
  }
}
