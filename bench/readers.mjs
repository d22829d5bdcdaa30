/**
 * Many WebSocket readers in one process with little CPU time: plain sockets that share one read buffer, and a parser
 * that reads only frame headers, seq and the time of sending.
 */
import { connect as connectSocket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { answerQuestions } from './support/child.mjs'
import { monotonicMs } from './support/clock.mjs'
import { Histogram } from './support/histogram.mjs'
import { markBytes, markDigits, momentDigits, momentFromEnd, seqAt, typeAt } from './support/sent-event.mjs'

const handshakeLimitMs = 30_000
const quietMs = 200
const trickleBytes = 1024
const trickleEveryMs = 1000
/** With too many readers for the ports of one address, the kernel would search long for a free port. */
const sourceAddresses = 32

/**
 * 1: readers read every millisecond instead of at each arrival. The server's write would otherwise wake a sleeping
 * reader on the same machine at the expense of the server's CPU, which a reader across a network does not.
 */
let restMs = 0
const restBell = new Int32Array(new SharedArrayBuffer(4))
let resting = false

// All sockets share this buffer, because the bytes of one read are parsed before the next read.
const shared = Buffer.allocUnsafeSlow(256 * 1024)

/**
 * The dialect of a contender: the path, the bytes around an event, and the greeting that a reader must send.
 *
 * @typedef {object} Dialect
 * @property {string} path `{feed}` is replaced
 * @property {number} before bytes before an event in its frame
 * @property {number} after bytes after it
 * @property {'none' | 'socket.io'} greeting
 */

/** @type {{ port: number, dialect: Dialect }} */
let target = { port: 0, dialect: { path: '/', before: 0, after: 0, greeting: 'none' } }
/** @type {Reader[]} */
let readers = []

const latency = new Histogram()
let events = 0
let bytesRead = 0
let reads = 0
let gaps = 0
let repeats = 0
let resets = 0
let closed = 0

/** @typedef {{ seq: number, count: number, sentAtMs: number, lastAtMs: number }} Arrival */

/** Arrivals by seq; undefined unless they are tracked. */
/** @type {Map<number, Arrival> | undefined} */
let arrivals

class Reader {
  /** @type {import('node:net').Socket | undefined} */
  socket
  open = false
  /** Seq of the reader's newest event; -1 before the first. */
  seq = -1
  epoch = ''
  /** The mark of the newest position, with its colon; '' for a server without marks. */
  mark = ''
  /** Bytes of a frame that is not complete. */
  /** @type {Buffer | undefined} */
  carry
  /** @type {(outcome: string) => void} */
  onOpen = () => undefined

  /**
   * @param {string} feed
   * @param {'prompt' | 'stalled' | 'trickle'} pace
   * @param {number} index
   * @param {string} query the filter as a query string
   */
  constructor(feed, pace, index, query) {
    this.feed = feed
    this.query = query
    this.pace = pace
    this.localAddress = `127.0.0.${2 + (index % sourceAddresses)}`
  }

  /** @param {boolean} resume whether to resume from the position */
  connect(resume) {
    const after = resume && this.seq >= 0 ? `after=${this.epoch}:${this.seq}${this.mark}` : ''
    const query = [this.query, after].filter(Boolean).join('&')
    const path = target.dialect.path.replace('{feed}', this.feed) + (query && `?${query}`)
    this.open = false
    this.carry = undefined
    return new Promise((/** @type {(outcome: string) => void} */ resolve) => {
      this.onOpen = resolve
      const buffer = this.pace === 'trickle' ? Buffer.allocUnsafeSlow(trickleBytes) : shared
      const socket = connectSocket({
        host: '127.0.0.1',
        port: target.port,
        localAddress: this.localAddress,
        onread: {
          buffer,
          callback: (size, chunk) => {
            this.read(/** @type {Buffer} */ (chunk), size)
            return this.pace === 'prompt' || !this.open
          },
        },
      })
      this.socket = socket
      socket.on('error', (error) => resolve(/** @type {NodeJS.ErrnoException} */ (error).code ?? 'error'))
      socket.on('close', () => {
        resolve('closed')
        if (this.open && this.socket === socket) closed++
        this.open = false
      })
      socket.write(
        `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${target.port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
          `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
      )
    })
  }

  /**
   * @param {Buffer} chunk
   * @param {number} size
   */
  read(chunk, size) {
    restSoon()
    bytesRead += size
    reads++
    const now = monotonicMs()
    let at = 0
    if (!this.open) {
      at = this.handshake(chunk, size)
      if (at < 0) return
    } else if (this.carry) {
      at = this.finishCarried(chunk, size, now)
      if (at < 0) return
    }
    at = this.frames(chunk, at, size, now)
    if (at < size) this.carry = Buffer.from(chunk.subarray(at, size))
  }

  /** @returns {number} offset of the first frame; -1 while the handshake is not complete */
  handshake(/** @type {Buffer} */ chunk, /** @type {number} */ size) {
    const before = this.carry?.length ?? 0
    const all = this.carry ? Buffer.concat([this.carry, chunk.subarray(0, size)]) : chunk.subarray(0, size)
    const end = all.indexOf('\r\n\r\n')
    if (end < 0) {
      this.carry = Buffer.from(all)
      return -1
    }
    this.carry = undefined
    const status = all.toString('latin1', 9, 12)
    if (status !== '101') {
      this.onOpen(status)
      this.socket?.destroy()
      return -1
    }
    this.open = true
    // A Socket.IO reader is connected with this packet, all other readers with the handshake.
    if (target.dialect.greeting === 'socket.io') this.socket?.write(maskedFrame(0x1, '40'))
    if (this.pace === 'stalled') this.socket?.pause()
    this.onOpen('open')
    return end + 4 - before
  }

  /** @returns {number} offset of the next frame; -1 while the carried frame is not complete */
  finishCarried(/** @type {Buffer} */ chunk, /** @type {number} */ size, /** @type {number} */ now) {
    const carry = /** @type {Buffer} */ (this.carry)
    const missing = missingOf(carry, 0, carry.length)
    const headMissing = missing < 0
    if (headMissing || missing > size) {
      const all = Buffer.concat([carry, chunk.subarray(0, size)])
      this.carry = undefined
      const at = this.frames(all, 0, all.length, now)
      this.carry = at < all.length ? all.subarray(at) : undefined
      return -1
    }
    const frame = Buffer.concat([carry, chunk.subarray(0, missing)])
    this.carry = undefined
    this.frames(frame, 0, frame.length, now)
    return missing
  }

  /** @returns {number} offset of the first frame that is not complete */
  frames(
    /** @type {Buffer} */ chunk,
    /** @type {number} */ from,
    /** @type {number} */ size,
    /** @type {number} */ now,
  ) {
    const { before, after } = target.dialect
    let at = from
    while (size - at >= 2) {
      let length = /** @type {number} */ (chunk[at + 1]) & 0x7f
      let start = at + 2
      if (length === 126) {
        start = at + 4
        if (start > size) break
        length = chunk.readUInt16BE(at + 2)
      } else if (length === 127) {
        start = at + 10
        if (start > size) break
        length = Number(chunk.readBigUInt64BE(at + 2))
      }
      const end = start + length
      if (end > size) break
      // "e" of "event". Control frames and hello, head, reset and bye are rare.
      if (length > 150 && chunk[start + before + typeAt] === 0x65) {
        this.event(chunk, start + before, end - after, now)
      } else this.other(chunk, at, start, end)
      at = end
    }
    return at
  }

  event(
    /** @type {Buffer} */ chunk,
    /** @type {number} */ start,
    /** @type {number} */ end,
    /** @type {number} */ now,
  ) {
    events++
    // A mark is the last member, after the headline: `…},"mark":"5b2f09c1kX-3_d"}`.
    const hasMark = chunk[end - 2] === 0x22
    this.mark = hasMark ? `:${chunk.toString('latin1', end - markDigits - 2, end - 2)}` : ''
    let seq = 0
    for (let at = start + seqAt; ; at++) {
      const digit = /** @type {number} */ (chunk[at]) - 48
      if (digit < 0 || digit > 9) break
      seq = seq * 10 + digit
    }
    if (this.seq >= 0 && seq !== this.seq + 1) {
      if (seq > this.seq) gaps += seq - this.seq - 1
      else repeats++
    }
    this.seq = seq
    if (this.pace !== 'prompt') return
    let sentAtUs = 0
    const moment = end - momentFromEnd - (hasMark ? markBytes : 0)
    for (let at = moment; at < moment + momentDigits; at++) {
      const digit = /** @type {number} */ (chunk[at]) - 48
      // An expiry has no text, and so no time of sending.
      if (digit < 0 || digit > 9) return
      sentAtUs = sentAtUs * 10 + digit
    }
    if (sentAtUs === 0) return
    latency.record(Math.max(0, now - sentAtUs / 1000))
    if (!arrivals) return
    const arrival = arrivals.get(seq)
    if (arrival) {
      arrival.count++
      arrival.lastAtMs = now
    } else arrivals.set(seq, { seq, count: 1, sentAtMs: sentAtUs / 1000, lastAtMs: now })
  }

  other(
    /** @type {Buffer} */ chunk,
    /** @type {number} */ at,
    /** @type {number} */ start,
    /** @type {number} */ end,
  ) {
    const opcode = /** @type {number} */ (chunk[at]) & 0xf
    if (opcode === 9) this.socket?.write(maskedFrame(0xa, ''))
    // A ping packet of Engine.IO.
    else if (end - start === 1 && chunk[start] === 0x32) this.socket?.write(maskedFrame(0x1, '3'))
    else if (end - start > 40 && chunk[start + typeAt] === 0x72) {
      resets++
      this.takePosition(chunk.toString('latin1', start, Math.min(end, start + 100)))
    } else if (this.seq < 0) this.takePosition(chunk.toString('latin1', start, end))
  }

  /** @param {string} text */
  takePosition(text) {
    const [, epoch = '', seq] = /"position":"(\w+):(\d+)"/.exec(text) ?? []
    if (seq === undefined) return
    const [, mark] = /"mark":"([\w-]+)"/.exec(text) ?? []
    this.mark = mark === undefined ? '' : `:${mark}`
    this.epoch = epoch
    this.seq = Number(seq)
  }

  /** Closes with RST, so that no socket remains in the kernel that would disturb the next connections. */
  close() {
    this.open = false
    this.socket?.resetAndDestroy()
  }
}

/** Sleeps after all available bytes have been read. */
function restSoon() {
  if (resting || restMs === 0) return
  resting = true
  setImmediate(() => {
    resting = false
    Atomics.wait(restBell, 0, 0, restMs)
  })
}

/** @returns {number} bytes missing of a frame; -1 while its header is not complete */
function missingOf(/** @type {Buffer} */ chunk, /** @type {number} */ at, /** @type {number} */ size) {
  if (size - at < 2) return -1
  const short = /** @type {number} */ (chunk[at + 1]) & 0x7f
  const header = short < 126 ? 2 : short === 126 ? 4 : 10
  if (size - at < header) return -1
  const length =
    header === 2 ? short : header === 4 ? chunk.readUInt16BE(at + 2) : Number(chunk.readBigUInt64BE(at + 2))
  return at + header + length - size
}

/**
 * A frame masked with zero, which leaves the payload unchanged.
 *
 * @param {number} opcode
 * @param {string} text shorter than 126 bytes
 */
function maskedFrame(opcode, text) {
  return Buffer.from([0x80 | opcode, 0x80 | text.length, 0, 0, 0, 0, ...Buffer.from(text)])
}

/**
 * @param {Reader[]} chosen
 * @param {boolean} resume
 * @param {number} atOnce number of parallel handshakes
 */
async function connectAll(chosen, resume, atOnce) {
  /** @type {Record<string, number>} */
  const outcomes = {}
  let next = 0
  const limit = pause(handshakeLimitMs, 'late', { ref: false })
  const lanes = Array.from({ length: Math.min(atOnce, chosen.length) }, async () => {
    while (next < chosen.length) {
      const reader = /** @type {Reader} */ (chosen[next++])
      const outcome = await Promise.race([reader.connect(resume), limit])
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
    }
  })
  await Promise.all(lanes)
  return outcomes
}

// Slow readers make one small read a second.
setInterval(() => {
  for (const reader of readers) if (reader.pace === 'trickle' && reader.open) reader.socket?.resume()
}, trickleEveryMs).unref()

answerQuestions({
  /** Adds readers, spread over the feeds and the queries; the first ones are slow. */
  async connect({
    port,
    dialect,
    feeds,
    count,
    stalled = 0,
    trickle = 0,
    atOnce = 100,
    rest = 0,
    queries = [''],
  }) {
    target = { port, dialect }
    restMs = rest
    const added = Array.from({ length: count }, (_, index) => {
      const pace = index < stalled ? 'stalled' : index < stalled + trickle ? 'trickle' : 'prompt'
      return new Reader(
        feeds[index % feeds.length],
        pace,
        readers.length + index,
        queries[index % queries.length],
      )
    })
    readers.push(...added)
    return connectAll(added, false, atOnce)
  },
  measure() {
    latency.reset()
    events = bytesRead = reads = gaps = repeats = resets = closed = 0
  },
  report() {
    const open = readers.filter((reader) => reader.open).length
    return { events, bytesRead, reads, gaps, repeats, resets, closed, open, latency: latency.summary() }
  },
  track() {
    arrivals = new Map()
  },
  /** @returns {Arrival[]} */
  arrivals: () => [...(arrivals?.values() ?? [])],
  cut() {
    for (const reader of readers) reader.close()
  },
  resume: ({ atOnce }) => connectAll(readers, true, atOnce),
  /** Settles when no event has arrived for a while. */
  async quiet() {
    for (let before = -1; before !== events;) {
      before = events
      await pause(quietMs)
    }
  },
  /** Settles when all open readers have the newest event. */
  async whole() {
    const open = readers.filter((reader) => reader.open)
    const newest = Math.max(...open.map((reader) => reader.seq))
    while (open.some((reader) => reader.seq < newest)) await pause(2)
    return { open: open.length, newest }
  },
  closeAll() {
    for (const reader of readers) reader.close()
    readers = []
  },
})
process.on('disconnect', () => process.exit(0))
process.send?.({ type: 'ready' })
