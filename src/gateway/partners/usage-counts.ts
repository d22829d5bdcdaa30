import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import {
  addUsage,
  noUsage,
  writeUsage,
  type Usage,
  type UsageReport,
} from '../../eventlog/partners/partner-usage.ts'
import type { Store } from '../../eventlog/store/store.ts'
import { messageOf } from '../../platform/errors.ts'
import type { Logger } from '../../platform/logger.ts'

/** Time between two writes to Redis: a crash loses at most the counts of this time. */
const FLUSH_MS = 10_000

/** The counts of one partner since the last flush. */
export type Meter = { -readonly [Count in keyof Usage]: Usage[Count] }

/** A socket with the bytes that were written to it so far; net.Socket counts those below its stream too. */
interface CountedSocket {
  readonly bytesWritten?: number
}

/** Counts how much each partner reads, in memory, and adds the counts to those in Redis in batches. */
export class UsageCounts {
  readonly #store: Store
  readonly #logger: Logger
  readonly #now: () => number
  /** Names this process: a process that starts again begins to count from 0. */
  readonly #process = randomBytes(8).toString('hex')
  readonly #meters = new Map<string, Meter>()
  readonly #totals = new Map<string, UsageReport>()
  readonly #unwritten = new Set<string>()
  readonly #streams = new Set<CountedStream>()
  readonly #timer: NodeJS.Timeout
  /** Whether the last flush has failed. */
  #isLate = false

  /** `now`: Redis's clock. */
  constructor(store: Store, logger: Logger, now: () => number) {
    this.#store = store
    this.#logger = logger
    this.#now = now
    this.#timer = setInterval(() => void this.flush(), FLUSH_MS)
  }

  meterOf(partner: string): Meter {
    const known = this.#meters.get(partner)
    if (known) return known
    const meter = { ...noUsage }
    this.#meters.set(partner, meter)
    return meter
  }

  /** Counts a request and the bytes of its answer. */
  countRequest(partner: string, { socket }: IncomingMessage, response: ServerResponse): void {
    const meter = this.meterOf(partner)
    meter.requests++
    const before = socket.bytesWritten
    // A stream does not finish, and counts its own bytes.
    response.once('finish', () => {
      meter.bytes += socket.bytesWritten - before
    })
  }

  /** Counts the bytes of a stream until it is left. */
  enter(partner: string, socket: CountedSocket): CountedStream {
    const stream = new CountedStream(this.meterOf(partner), socket, (left) => this.#streams.delete(left))
    this.#streams.add(stream)
    return stream
  }

  /** Writes all counts. Never rejects: counts that could not be written are written at the next flush. */
  async flush(): Promise<void> {
    for (const stream of this.#streams) stream.measure()
    const day = new Date(this.#now()).toISOString().slice(0, 10)
    for (const [partner, meter] of this.#meters) this.#addToTotal(partner, day, meter)
    const names = [...this.#unwritten]
    const reports = names.flatMap((name) => this.#totals.get(name) ?? [])
    if (reports.length === 0) return
    try {
      await writeUsage(this.#store, this.#process, reports)
    } catch (error) {
      if (!this.#isLate) this.#logger.warn({ event: 'usage-not-written', error: messageOf(error) })
      this.#isLate = true
      return
    }
    this.#isLate = false
    for (const [index, name] of names.entries()) {
      // A flush that began meanwhile has made a newer total.
      if (this.#totals.get(name) === reports[index]) this.#unwritten.delete(name)
      if (!name.endsWith(day) && !this.#unwritten.has(name)) this.#totals.delete(name)
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    await this.flush()
  }

  #addToTotal(partner: string, day: string, meter: Meter): void {
    if (Object.values(meter).every((count) => count === 0)) return
    const name = `${partner} ${day}`
    const usage = addUsage(this.#totals.get(name)?.usage ?? noUsage, meter)
    Object.assign(meter, noUsage)
    this.#totals.set(name, { partner, day, usage })
    this.#unwritten.add(name)
  }
}

/** A stream whose bytes count for a partner. */
export class CountedStream {
  readonly meter: Meter
  readonly #socket: CountedSocket
  readonly #left: (stream: CountedStream) => void
  #bytes: number

  constructor(meter: Meter, socket: CountedSocket, left: (stream: CountedStream) => void) {
    this.meter = meter
    this.#socket = socket
    this.#left = left
    this.#bytes = socket.bytesWritten ?? 0
    meter.connections++
  }

  measure(): void {
    const bytes = this.#socket.bytesWritten ?? 0
    this.meter.bytes += Math.max(0, bytes - this.#bytes)
    this.#bytes = bytes
  }

  leave(): void {
    this.measure()
    this.#left(this)
  }
}
