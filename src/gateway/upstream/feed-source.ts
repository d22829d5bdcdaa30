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
import { parseLive } from '../../fanout/live-event.ts'
import { formatWitness, type Witness } from '../../fanout/witness.ts'
import { messageOf } from '../../platform/errors.ts'
import type { Logger } from '../../platform/logger.ts'
import type { Metrics } from '../../platform/metrics.ts'
import { formatPosition } from '../../protocol/position.ts'
import type { Hub } from '../readers/hub.ts'

const READ_AT_ONCE = 1_000
/** Between two looks for readers; well within the time that they are kept waiting. */
const LOOK_GAP_MS = 100

export interface SourceDeps {
  readonly store: Store
  readonly resumeEvents: number
  readonly metrics: Metrics
  readonly logger: Logger
}

/**
 * Keeps a hub in step with the feed's log. The live channel is the fast way and is believed only where it follows
 * without a gap; everything else (a hole, a repeat with another history, a lost last message) is read from the log.
 */
export class FeedSource {
  readonly #feed: string
  readonly #hub: Hub
  readonly #deps: SourceDeps
  #reading: Promise<boolean> | undefined
  #readAgain = false
  #nextLook: Promise<boolean> | undefined
  #lookedAt = -Infinity
  /** The newest event whose loss was told. */
  #witnessed: string | undefined

  constructor(feed: string, hub: Hub, deps: SourceDeps) {
    this.#feed = feed
    this.#hub = hub
    this.#deps = deps
  }

  /** A message of the live channel, whatever its order and number. */
  onMessage(payload: string): void {
    const event = parseLive(payload)
    const { head } = this.#hub.log
    if (event === 'look') void this.catchUp()
    else if (event.seq === head.seq + 1 && this.#follows([event])) this.#append(event)
    else if (event.seq > head.seq || this.#hub.log.chainAt(event.seq) !== event.chain) void this.catchUp()
  }

  /** The tail check: compares the log's head with ours. */
  onHead(head: FeedHead | undefined): void {
    if (!head) return
    this.#hub.freeze(head.frozen)
    if (!this.#holds(head)) void this.catchUp()
  }

  /** Reads what is missing. While one reading runs, further calls make it look once more. False: it could not. */
  catchUp(): Promise<boolean> {
    this.#readAgain = true
    this.#reading ??= this.#read().finally(() => (this.#reading = undefined))
    return this.#reading
  }

  /** As `catchUp`, for readers, who can claim anything: those who ask within LOOK_GAP_MS wait for one look. */
  look(): Promise<boolean> {
    this.#nextLook ??= this.#lookSoon()
    return this.#nextLook
  }

  async #lookSoon(): Promise<boolean> {
    await delay(Math.max(0, this.#lookedAt + LOOK_GAP_MS - performance.now()))
    // What comes from here on may have been released after this look.
    this.#nextLook = undefined
    this.#lookedAt = performance.now()
    return this.catchUp()
  }

  async #read(): Promise<boolean> {
    while (this.#readAgain) {
      this.#readAgain = false
      try {
        await this.#readOnce()
      } catch (error) {
        // The next tail check comes within a second.
        this.#deps.logger.warn({ event: 'catch-up-failed', feed: this.#feed, error: messageOf(error) })
        return false
      }
    }
    return true
  }

  async #readOnce(): Promise<void> {
    const { store, metrics } = this.#deps
    const ours = this.#hub.log.head
    // In this order: what the head knows of and was not held yet is among the entries.
    const [[head], entries] = await Promise.all([
      readHeads(store, [this.#feed]),
      readAfter(store, this.#feed, ours.seq, READ_AT_ONCE),
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
    const newest = entries.at(-1) ?? head
    // One that ends before what we held has lost something.
    const inStep = newer.length === 0 && newest.seq >= ours.seq && this.#knows(head.epoch, newest)
    if (!follow && !inStep) await this.#compare(ours)
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

  /** The log is not the one that we know, or what follows in it is out of reach. */
  async #compare(ours: LogHead): Promise<void> {
    const loaded = await loadFeed(this.#deps.store, this.#feed, this.#deps.resumeEvents)
    if (!loaded) return
    if (loaded.head.epoch !== ours.epoch) this.#replace(loaded, 'new-epoch')
    else if (loaded.head.seq < ours.seq || loaded.entries.some((entry) => this.#contradicts(entry))) {
      await this.#bearWitness(loaded)
    } else if (loaded.head.seq > this.#hub.log.head.seq) this.#replace(loaded, 'log-out-of-reach')
  }

  #holds({ epoch, seq, chain }: LogHead): boolean {
    const { head } = this.#hub.log
    return epoch === head.epoch && seq === head.seq && chain === head.chain
  }

  #knows(epoch: string, { seq, chain }: { readonly seq: number; readonly chain: string }): boolean {
    return epoch === this.#hub.log.head.epoch && this.#hub.log.chainAt(seq) === chain
  }

  #contradicts({ seq, chain }: LogEntry): boolean {
    const ours = this.#hub.log.chainAt(seq)
    return ours !== undefined && ours !== chain
  }

  #replace(loaded: LoadedFeed, event: string): void {
    const { log } = this.#hub
    // Another gateway may have told of the loss before this one met it.
    if (loaded.head.epoch !== log.head.epoch) this.#tellOfLoss(this.#lost(loaded))
    this.#deps.logger.warn({ event, feed: this.#feed, from: log.position, to: formatPosition(loaded.head) })
    this.#hub.replace(loaded)
  }

  /**
   * Redis has lost events that readers hold (a failover, a restored backup). Only the release side writes, so it
   * is told, at every tail check until it has begun a new epoch.
   */
  async #bearWitness(loaded: LoadedFeed): Promise<void> {
    const { head } = this.#hub.log
    const lost = this.#lost(loaded)
    this.#tellOfLoss(lost)
    const { redis, keys } = this.#deps.store
    await redis.publish(keys.feed(this.#feed).witness, formatWitness({ feed: this.#feed, head, lost }))
  }

  /** What we hold and the log does not, as far back as it was read. */
  #lost({ chains }: LoadedFeed): Witness['lost'] {
    const [earliest = 0] = chains.keys()
    return this.#hub.log
      .entries()
      .filter(({ seq, chain }) => seq >= earliest && chains.get(seq) !== chain)
      .map(({ event: { position, op, headline } }) => ({
        position,
        op,
        id: headline.id,
        version: headline.version,
      }))
  }

  #tellOfLoss(lost: Witness['lost']): void {
    const newest = lost.at(-1)?.position
    if (newest === undefined || newest === this.#witnessed) return
    this.#witnessed = newest
    this.#deps.metrics.forks.inc({ feed: this.#feed })
    this.#deps.logger.error({ event: 'log-lost-events', feed: this.#feed, lost })
  }

  #append(entry: LogEntry): void {
    const event = this.#hub.append(entry)
    this.#deps.metrics.lagSeconds.observe(Math.max(0, Date.now() - Date.parse(event.at)) / 1_000)
  }
}
