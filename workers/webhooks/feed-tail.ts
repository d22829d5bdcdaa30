import { epochOf, readLogBounds } from '../../src/eventlog/log-bounds.ts'
import { entryAt, eventOf, readAfter, type LogEntry, type LogHead } from '../../src/eventlog/read-log.ts'
import type { Store } from '../../src/eventlog/store/store.ts'
import { parseLive } from '../../src/fanout/live-event.ts'
import { opsThat } from '../../src/protocol/lists/ops.ts'
import { formatPosition, parsePosition, type Position } from '../../src/protocol/position.ts'

const PAGE = 250
/** Entries that are kept whole, for all webhooks of the feed. */
const MOST_KEPT = 1_000
/** Entries that are known by headline and act: the events of some days. An older one is read from the log again. */
const MOST_KNOWN = 20_000

const goesFirst = opsThat((effect) => effect.goesFirst)

/**
 * The next thing to deliver after a cursor. `end`: nothing, everything up to `seq` is delivered or superseded. `unread`:
 * this process has not read the log from there on.
 */
export interface NextEntry {
  readonly kind: 'removal' | 'event' | 'end' | 'unread'
  readonly seq: number
}

/** Where the deliveries of a webhook stand in the log. */
export type Footing =
  | { readonly kind: 'in-log' }
  | { readonly kind: 'ahead' }
  | { readonly kind: 'lost'; readonly from: string; readonly reason: 'history-lost' | 'log-trimmed' }

interface Meta {
  readonly id: string
  readonly op: string
}

/**
 * The log of one feed, as deliveries need it: which headline each entry is about, which entries are holds and
 * withdrawals, and the newest entries whole. Each entry is read once for all webhooks of the process.
 */
export class FeedTail {
  readonly #store: Store
  readonly feed: string
  #head: LogHead | undefined
  /** Seq of the first of `#metas`, which follow each other. */
  #first = 1
  #metas: Meta[] = []
  readonly #newest = new Map<string, number>()
  /** Seqs of holds and withdrawals, ascending. */
  #removals: number[] = []
  #newestRemoval = 0
  readonly #mostKnown: number
  readonly #kept = new Map<number, LogEntry>()
  #work: Promise<unknown> = Promise.resolve()

  constructor(store: Store, feed: string, mostKnown = MOST_KNOWN) {
    this.#store = store
    this.feed = feed
    this.#mostKnown = mostKnown
  }

  get head(): LogHead | undefined {
    return this.#head
  }

  get newestRemoval(): number {
    return this.#newestRemoval
  }

  /** A message of the live channel. True: it was the next entry. False: the log has to be read. */
  hear(payload: string): boolean {
    const live = parseLive(payload)
    const head = this.#head
    if (live === 'look' || !head) return false
    const position = parsePosition(live.event.position)
    if (position?.epoch !== head.epoch || live.seq !== head.seq + 1) return false
    this.#append({ seq: live.seq, chain: live.chain, json: live.json })
    return true
  }

  /** Comes in step with the log. Errors: UnavailableError. */
  follow(head: LogHead): Promise<void> {
    return this.#inTurn(async () => {
      const own = this.#head
      if (own?.epoch !== head.epoch || head.seq < own.seq) {
        this.#begin(head)
        return
      }
      while (this.#head && this.#head.seq < head.seq) {
        const entries = await readAfter(this.#store, this.feed, this.#head.seq, PAGE)
        if (entries.length === 0) return
        for (const entry of entries) if (entry.seq === this.#head.seq + 1) this.#append(entry)
      }
    })
  }

  /** Finds a position in the log, and reads what follows it where this process has not read it. */
  async footing(position: string): Promise<Footing> {
    const wanted = parsePosition(position)
    const head = this.#head
    if (!wanted || !head) return { kind: 'ahead' }
    if (wanted.epoch !== head.epoch && !(await this.#isCommon(wanted))) return this.#lost('history-lost')
    if (wanted.seq > head.seq) return { kind: 'ahead' }
    return (await this.#reach(wanted.seq)) ? { kind: 'in-log' } : this.#lost('log-trimmed')
  }

  /** `recalled`: holds and withdrawals up to this seq are delivered. */
  next(cursor: number, recalled: number): NextEntry {
    if (cursor + 1 < this.#first) return { kind: 'unread', seq: cursor }
    const removal = this.#removalAfter(recalled)
    if (removal !== undefined) return { kind: 'removal', seq: removal }
    const end = this.#head?.seq ?? cursor
    for (let seq = cursor + 1; seq <= end; seq++) {
      const meta = this.#metas[seq - this.#first]
      if (!meta || goesFirst.has(meta.op)) continue
      if (this.#newest.get(meta.id) === seq) return { kind: 'event', seq }
    }
    return { kind: 'end', seq: end }
  }

  /** Errors: UnavailableError. */
  async entry(seq: number): Promise<LogEntry | undefined> {
    const kept = this.#kept.get(seq)
    if (kept) return kept
    for (const entry of await readAfter(this.#store, this.feed, seq - 1, PAGE)) this.#keep(entry)
    return this.#kept.get(seq)
  }

  #begin(head: LogHead): void {
    this.#head = head
    this.#first = head.seq + 1
    this.#metas = []
    this.#removals = []
    this.#newestRemoval = 0
    this.#newest.clear()
    this.#kept.clear()
  }

  #append(entry: LogEntry): void {
    const { op, headline, position } = eventOf(entry)
    const epoch = parsePosition(position)?.epoch ?? ''
    this.#metas.push({ id: headline.id, op })
    this.#newest.set(headline.id, entry.seq)
    if (goesFirst.has(op)) this.#removals.push(entry.seq)
    this.#newestRemoval = this.#removals.at(-1) ?? this.#newestRemoval
    if (this.#metas.length > this.#mostKnown) this.#forget(Math.floor(this.#mostKnown / 2))
    this.#keep(entry)
    this.#head = { epoch, seq: entry.seq, chain: entry.chain }
  }

  /** Forgets the oldest entries, so that a worker of many months stays small. */
  #forget(count: number): void {
    this.#first += count
    this.#metas = this.#metas.slice(count)
    this.#removals = this.#removals.filter((seq) => seq >= this.#first)
    for (const [id, seq] of this.#newest) if (seq < this.#first) this.#newest.delete(id)
  }

  #keep(entry: LogEntry): void {
    this.#kept.set(entry.seq, entry)
    const [oldest] = this.#kept.keys()
    if (this.#kept.size > MOST_KEPT && oldest !== undefined) this.#kept.delete(oldest)
  }

  /** False: the log does not have the entry after `seq` any more. */
  #reach(seq: number): Promise<boolean> {
    return this.#inTurn(async () => {
      if (seq + 1 >= this.#first) return true
      const metas: Meta[] = []
      const until = this.#first
      let at = seq
      while (at + 1 < until) {
        const entries = await readAfter(this.#store, this.feed, at, PAGE)
        if (entries[0]?.seq !== at + 1) return false
        for (const entry of entries) {
          if (entry.seq >= until) break
          const { op, headline } = eventOf(entry)
          metas.push({ id: headline.id, op })
          at = entry.seq
        }
      }
      if (this.#first === until) this.#prepend(seq + 1, metas)
      return true
    })
  }

  #prepend(first: number, metas: readonly Meta[]): void {
    this.#first = first
    this.#metas = [...metas, ...this.#metas]
    const removals: number[] = []
    for (const [index, { id, op }] of metas.entries()) {
      const seq = first + index
      if ((this.#newest.get(id) ?? 0) < seq) this.#newest.set(id, seq)
      if (goesFirst.has(op)) removals.push(seq)
    }
    this.#removals = [...removals, ...this.#removals]
    this.#newestRemoval = this.#removals.at(-1) ?? this.#newestRemoval
  }

  #removalAfter(seq: number): number | undefined {
    let [low, high] = [0, this.#removals.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#removals[middle] ?? 0) > seq) high = middle
      else low = middle + 1
    }
    return this.#removals[low]
  }

  /** Whether a position of an older epoch lies before the fork, where both histories are the same. */
  async #isCommon({ epoch, seq }: Position): Promise<boolean> {
    const entry = await entryAt(this.#store, this.feed, seq)
    return entry !== undefined && epochOf(entry) === epoch
  }

  async #lost(reason: 'history-lost' | 'log-trimmed'): Promise<Footing> {
    const bounds = await readLogBounds(this.#store, this.feed)
    if (!bounds) return { kind: 'ahead' }
    const { head, since, first } = bounds
    const seq = Math.max(since, first - 1)
    return { kind: 'lost', reason, from: formatPosition({ epoch: head.epoch, seq }) }
  }

  /** Two readings at the same time would read the same entries twice. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#work.then(work, work)
    this.#work = turn.catch(() => undefined)
    return turn
  }
}
