import { createHash } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { Store } from '../../eventlog/store/store.ts'
import {
  loadFeed,
  readAfter,
  readHeads,
  type FeedHead,
  type LoadedFeed,
  type LogEntry,
  type LogHead,
} from '../../eventlog/read-log.ts'
import { readTakenBack } from '../../eventlog/read-taken-back.ts'
import { readPresentation } from '../../eventlog/feeds/presentation.ts'
import { parseLive } from '../../fanout/live-event.ts'
import { formatWitness, type Witness } from '../../fanout/witness.ts'
import { messageOf } from '../../platform/errors.ts'
import type { Logger } from '../../platform/logger.ts'
import type { Metrics } from '../../platform/metrics.ts'
import { formatMarkProof } from '../../fanout/mark-proof.ts'
import { formatPosition, type MarkedPosition } from '../../protocol/position.ts'
import type { Hub } from '../readers/hub.ts'

const READ_AT_ONCE = 1_000
/** Tail checks at which a loss is reported again: an api or worker may be starting, and pub/sub keeps nothing. */
const REPORTS_OF_A_LOSS = 10
/** Time between two catch-ups on behalf of readers; well below the time for which a reader waits. */
const CATCH_UP_GAP_MS = 100
/** Time between two proofs of a feed: many readers return at once, and each of them may bring one. */
const PROOF_GAP_MS = 1_000

export interface SourceDeps {
  readonly store: Store
  readonly resumeEvents: number
  readonly metrics: Metrics
  readonly logger: Logger
}

/**
 * Keeps a hub in step with the feed's log. A message of the live channel is used only if it follows the head without a
 * gap. In every other case (a gap, a repeated seq with another chain, a lost last message) the log is read.
 */
export class FeedSource {
  readonly #feed: string
  readonly #hub: Hub
  readonly #deps: SourceDeps
  #reading: Promise<boolean> | undefined
  #readAgain = false
  #nextCatchUp: Promise<boolean> | undefined
  #caughtUpAt = -Infinity
  /** Position of the newest lost event that was reported. */
  #reportedLoss: string | undefined
  /** The newest loss, while it is reported. */
  #loss: { readonly witness: Witness; left: number } | undefined
  #provenAt = -Infinity
  /** Version of the presentation that was read. */
  #presented: number | undefined
  #isReadingTakenBack = false
  #isTakenBackRefused = false

  constructor(feed: string, hub: Hub, deps: SourceDeps) {
    this.#feed = feed
    this.#hub = hub
    this.#deps = deps
  }

  /** Takes a message of the live channel: messages may be lost, repeated or out of order. */
  onMessage(payload: string): void {
    const event = parseLive(payload)
    const { head } = this.#hub.log
    if (event === 'look') void this.catchUp()
    else if (event.seq === head.seq + 1 && this.#follows([event])) this.#append(event)
    else if (event.seq > head.seq || this.#hub.log.chainAt(event.seq) !== event.chain) void this.catchUp()
  }

  /** The tail check: compares the head in Redis with the hub's head. */
  onHead(head: FeedHead | undefined): void {
    if (!head) return
    this.#hub.marks.useKey(head.markKey)
    this.#hub.freeze(head.frozen)
    void this.present(head.presented)
    if (!this.#holds(head)) void this.catchUp()
    void this.readTakenBack()
    void this.#tellOfLoss()
  }

  /** Reads the feed's own words and digits if they have another version than the hub's. Never rejects. */
  async present(version?: number): Promise<void> {
    if (version === (this.#presented ?? 0)) return
    try {
      const presentation = await readPresentation(this.#deps.store, this.#feed)
      // A damaged record counts as none, and is not read again before the next change.
      this.#presented = version ?? presentation.version
      this.#hub.present(presentation)
    } catch (error) {
      this.#deps.logger.warn({ event: 'words-not-read', feed: this.#feed, error: messageOf(error) })
    }
  }

  /**
   * Reads which headlines were taken back, unless that is in memory. Never rejects: the next tail check tries again, and
   * only documents wait for it.
   */
  async readTakenBack(): Promise<void> {
    const { takenBack } = this.#hub
    if (takenBack.lines || this.#isReadingTakenBack) return
    this.#isReadingTakenBack = true
    try {
      takenBack.load(await readTakenBack(this.#deps.store, this.#feed))
      this.#isTakenBackRefused = false
    } catch (error) {
      if (!this.#isTakenBackRefused)
        this.#deps.logger.warn({ event: 'taken-back-not-read', feed: this.#feed, error: messageOf(error) })
      this.#isTakenBackRefused = true
    } finally {
      this.#isReadingTakenBack = false
    }
  }

  /**
   * Reads the missing events. A call during a running read makes it read once more. False: the log was not readable.
   */
  catchUp(): Promise<boolean> {
    this.#readAgain = true
    this.#reading ??= this.#read().finally(() => (this.#reading = undefined))
    return this.#reading
  }

  /** `catchUp` for a reader, whose position may be invented: all readers within CATCH_UP_GAP_MS share one read. */
  catchUpForReader(): Promise<boolean> {
    this.#nextCatchUp ??= this.#catchUpSoon()
    return this.#nextCatchUp
  }

  /**
   * Looks at a reader's position that may belong to another history than the log. A signed mark proves that Redis has
   * lost events, also if no gateway ran then. The proof goes to the api and the workers, which begin a new epoch.
   */
  examine(position: MarkedPosition | undefined): void {
    const mark = position?.mark
    if (!position || mark === undefined) return
    const { log, marks } = this.#hub
    const found = log.locate(position)
    if (found !== 'mark' && (found !== 'range' || position.seq <= log.head.seq)) return
    const isSigned = marks.isSigned(position, mark)
    this.#deps.metrics.marksUnfit.inc({ feed: this.#feed, signed: isSigned ? 'yes' : 'no' })
    if (isSigned) void this.#prove({ ...position, mark })
  }

  async #prove(position: MarkedPosition & { readonly mark: string }): Promise<void> {
    if (performance.now() - this.#provenAt < PROOF_GAP_MS) return
    this.#provenAt = performance.now()
    const { epoch, seq, mark } = position
    this.#deps.logger.error({
      event: 'log-contradicts-reader',
      feed: this.#feed,
      reader: formatPosition(position),
      log: this.#hub.log.position,
    })
    try {
      const { redis, keys } = this.#deps.store
      await redis.publish(
        keys.feed(this.#feed).witness,
        formatMarkProof({ feed: this.#feed, proof: { epoch, seq, mark } }),
      )
    } catch (error) {
      // The next reader with such a mark brings the proof again.
      this.#deps.logger.warn({ event: 'proof-not-sent', feed: this.#feed, error: messageOf(error) })
    }
  }

  async #catchUpSoon(): Promise<boolean> {
    await delay(Math.max(0, this.#caughtUpAt + CATCH_UP_GAP_MS - performance.now()))
    // A reader that comes later may know of an event that this read does not find: it starts the next one.
    this.#nextCatchUp = undefined
    this.#caughtUpAt = performance.now()
    return this.catchUp()
  }

  async #read(): Promise<boolean> {
    while (this.#readAgain) {
      this.#readAgain = false
      try {
        await this.#readOnce()
      } catch (error) {
        // The next tail check tries again within a second.
        this.#deps.logger.warn({ event: 'catch-up-failed', feed: this.#feed, error: messageOf(error) })
        return false
      }
    }
    return true
  }

  async #readOnce(): Promise<void> {
    const { store, metrics } = this.#deps
    const held = this.#hub.log.head
    // The head is read first: each of its events that the hub lacks is then among the entries.
    const [[head], entries] = await Promise.all([
      readHeads(store, [this.#feed]),
      readAfter(store, this.#feed, held.seq, READ_AT_ONCE),
    ])
    const newer = entries.filter(({ seq }) => seq > this.#hub.log.head.seq)
    const follow = newer.length > 0 && this.#follows(newer)
    if (follow) {
      for (const entry of newer) this.#append(entry)
      metrics.holesHealed.inc({ feed: this.#feed })
      metrics.eventsHealed.inc({ feed: this.#feed }, newer.length)
      if (entries.length === READ_AT_ONCE) this.#readAgain = true
    }
    if (!head) return
    this.#hub.freeze(head.frozen)
    await this.present(head.presented)
    const newest = entries.at(-1) ?? head
    // A log that ends before the hub's head has lost events.
    const inStep = newer.length === 0 && newest.seq >= held.seq && this.#agrees(head.epoch, newest)
    if (!follow && !inStep) await this.#compare(held)
  }

  #follows(entries: readonly LogEntry[]): boolean {
    let { seq, chain } = this.#hub.log.head
    return entries.every((entry) => {
      const expected = createHash('sha1')
        .update(chain + entry.json)
        .digest('hex')
      const fits = entry.seq === ++seq && entry.chain === expected
      chain = entry.chain
      return fits
    })
  }

  /** Finds how the log differs from the hub's: a new epoch, lost events, or a gap that the log no longer covers. */
  async #compare(held: LogHead): Promise<void> {
    const loaded = await loadFeed(this.#deps.store, this.#feed, this.#deps.resumeEvents)
    if (!loaded) return
    if (loaded.head.epoch !== held.epoch) this.#replace(loaded, 'new-epoch')
    else if (loaded.head.seq < held.seq || loaded.entries.some((entry) => this.#contradicts(entry))) {
      await this.#bearWitness(loaded)
    } else if (loaded.head.seq > this.#hub.log.head.seq) this.#replace(loaded, 'log-out-of-reach')
  }

  #holds({ epoch, seq, chain }: LogHead): boolean {
    const { head } = this.#hub.log
    return epoch === head.epoch && seq === head.seq && chain === head.chain
  }

  #agrees(epoch: string, { seq, chain }: { readonly seq: number; readonly chain: string }): boolean {
    return epoch === this.#hub.log.head.epoch && this.#hub.log.chainAt(seq) === chain
  }

  #contradicts({ seq, chain }: LogEntry): boolean {
    const held = this.#hub.log.chainAt(seq)
    return held !== undefined && held !== chain
  }

  #replace(loaded: LoadedFeed, event: string): void {
    const { log } = this.#hub
    // Another gateway may have sent its witness already; then this gateway meets the new epoch before it finds the loss
    // itself.
    if (loaded.head.epoch !== log.head.epoch) this.#reportLoss(log.head, this.#lost(loaded))
    this.#deps.logger.warn({ event, feed: this.#feed, from: log.position, to: formatPosition(loaded.head) })
    this.#hub.replace(loaded)
    void this.readTakenBack()
  }

  /**
   * Redis has lost events that readers hold (a failover, a restored backup). Only workers and the api write the log, so
   * the gateway tells the workers, at every tail check until they have begun a new epoch.
   */
  async #bearWitness(loaded: LoadedFeed): Promise<void> {
    const { head } = this.#hub.log
    const lost = this.#lost(loaded)
    this.#reportLoss(head, lost)
    await this.#tell({ feed: this.#feed, head, lost })
  }

  /** Also for the desk, which learns of lost headlines by it: another gateway that has caused the new epoch may hold less. */
  async #tellOfLoss(): Promise<void> {
    if (!this.#loss || this.#loss.left === 0) return
    this.#loss.left--
    await this.#tell(this.#loss.witness).catch(() => undefined)
  }

  async #tell(witness: Witness): Promise<void> {
    const { redis, keys } = this.#deps.store
    await redis.publish(keys.feed(this.#feed).witness, formatWitness(witness))
  }

  /** The events that the hub holds and the log lacks; compares only the part of the log that was read just now. */
  #lost({ chains }: LoadedFeed): Witness['lost'] {
    const [earliest = 0] = chains.keys()
    const lost = this.#hub.log
      .entries()
      .filter(({ seq, chain }) => seq >= earliest && chains.get(seq) !== chain)
      .map(({ event }) => event)
    const newest = new Map(lost.map((event) => [event.headline.id, event]))
    return lost.map((event) => {
      const { position, op, at, headline } = event
      const { id, version, status } = headline
      const shows = newest.get(id) === event && status === 'live'
      return { position, op, id, version, at, ...(shows && { headline: { ...headline } }) }
    })
  }

  #reportLoss(head: LogHead, lost: Witness['lost']): void {
    const newest = lost.at(-1)?.position
    if (newest === undefined || newest === this.#reportedLoss) return
    this.#reportedLoss = newest
    this.#loss = { witness: { feed: this.#feed, head, lost }, left: REPORTS_OF_A_LOSS }
    this.#deps.metrics.forks.inc({ feed: this.#feed })
    const named = lost.map(({ position, op, id, version }) => ({ position, op, id, version }))
    this.#deps.logger.error({ event: 'log-lost-events', feed: this.#feed, lost: named })
  }

  #append(entry: LogEntry): void {
    const event = this.#hub.append(entry)
    this.#deps.metrics.lagSeconds.observe(Math.max(0, Date.now() - Date.parse(event.at)) / 1_000)
  }
}
