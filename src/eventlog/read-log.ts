import { createHash } from 'node:crypto'
import type { ChainableCommander } from 'ioredis'
import { messageOf, UnavailableError } from '../platform/errors.ts'
import type { EventFrame } from '../protocol/frames.ts'
import type { LiveHeadline } from '../protocol/headline.ts'
import type { Store } from './store/store.ts'
import { answered, classified, isUnavailable } from './store/scripts.ts'

/** The newest entry of a feed's log. */
export interface LogHead {
  readonly epoch: string
  readonly seq: number
  /** Hash over this entry and all before it; equal chains mean equal histories. */
  readonly chain: string
}

export interface LogEntry {
  readonly seq: number
  readonly chain: string
  /** The event frame as readers get it (JSON). */
  readonly json: string
}

/** Entries with `after` < seq, oldest first, at most `limit`. */
export async function readAfter(
  store: Store,
  feed: string,
  after: number,
  limit: number,
): Promise<LogEntry[]> {
  const entries = await answered(
    store.redis.xrange(store.keys.feed(feed).log, `${after + 1}-0`, '+', 'COUNT', limit),
  )
  return entries.map(entryOf)
}

/** The entry at a seq; undefined where the log does not have it. Errors: UnavailableError. */
export async function entryAt(store: Store, feed: string, seq: number): Promise<LogEntry | undefined> {
  const [entry] = await answered(store.redis.xrange(store.keys.feed(feed).log, `${seq}-0`, `${seq}-0`))
  return entry && entryOf(entry)
}

/** The secret of a feed's marks (store/mark.ts). */
export interface MarkKey {
  readonly secret: string
  /** By the clock of Redis: from this time on gateways send marks. */
  readonly fromMs: number
}

/** A feed's newest entry, and whether the newsroom has frozen the feed. */
export interface FeedHead extends LogHead {
  readonly frozen: boolean
  /** undefined until a worker or an api of this version has released something. */
  readonly markKey: MarkKey | undefined
  /** Version of the feed's presentation; 0: none is set. */
  readonly presented: number
}

const HEAD_FIELDS = ['epoch', 'seq', 'chain', 'frozen', 'secret', 'marked', 'presented'] as const

/** The head of each feed, in the order of `feeds`; undefined when it is missing or damaged. One round trip. */
export async function readHeads(store: Store, feeds: readonly string[]): Promise<(FeedHead | undefined)[]> {
  const pipeline = store.redis.pipeline()
  for (const feed of feeds) pipeline.hmget(store.keys.feed(feed).head, ...HEAD_FIELDS)
  const replies = await answered(pipeline.exec())
  return (replies ?? []).map(([error, fields]) => {
    if (error && isUnavailable(error)) throw error
    if (error) return undefined
    const values = fields as (string | null)[]
    const head = headOf(values)
    return (
      head && {
        ...head,
        frozen: isSet(values[3]),
        markKey: markKeyOf(values),
        presented: Number(values[6] ?? 0),
      }
    )
  })
}

/** Entries that follow each other, oldest first. */
export interface LogPart {
  readonly entries: readonly LogEntry[]
  /** Chain hash of the position before the oldest of the entries; undefined where the log has been trimmed there. */
  readonly chainBefore?: string | undefined
}

/** A feed at one moment: its head, its strip, and the newest entries of its epoch (at most `limit`). */
export interface LoadedFeed extends LogPart {
  readonly head: LogHead
  readonly frozen: boolean
  readonly strip: readonly LiveHeadline[]
  /** The seq before the first entry of the epoch; 0 where it is left out. */
  readonly since?: number
  readonly markKey?: MarkKey | undefined
  /** Chain hash by seq of all entries read, those of older epochs included. */
  readonly chains: ReadonlyMap<number, string>
}

type Fields = (string | null)[]
type FeedReplies = [head: Fields, strip: string[], newest: [string, string[]][]]

/** Undefined when the feed's head is missing or damaged. Errors: UnavailableError. */
export async function loadFeed(store: Store, feed: string, limit: number): Promise<LoadedFeed | undefined> {
  const [fields, headlines, newest] = await readAtOneMoment(store, feed, limit)
  const head = headOf(fields)
  if (!head) return undefined
  const since = Number(fields[HEAD_FIELDS.length])
  const read = newest.reverse().map(entryOf)
  const chains = new Map(read.map(({ seq, chain }) => [seq, chain]))
  return {
    head,
    frozen: isSet(fields[3]),
    strip: headlines.map((json) => JSON.parse(json) as LiveHeadline),
    since,
    ...partOf(read, { epoch: head.epoch, since, before: head.seq + 1 }, limit),
    markKey: markKeyOf(fields),
    chains,
  }
}

/** The entries of an epoch before a seq; `since`: the seq before the first entry of the epoch. */
export interface EarlierEntries {
  readonly epoch: string
  readonly since: number
  readonly before: number
}

/** The newest of them, at most `limit`. Errors: UnavailableError. */
export async function readBefore(
  store: Store,
  feed: string,
  earlier: EarlierEntries,
  limit: number,
): Promise<LogPart> {
  const { log } = store.keys.feed(feed)
  const [newest, oldest] = [`${earlier.before - 1}-0`, `${earlier.since}-0`]
  const read = await answered(store.redis.xrevrange(log, newest, oldest, 'COUNT', limit + 1))
  return partOf(read.reverse().map(entryOf), earlier, limit)
}

/** `read`: one entry more than is kept, since its chain hash is that of the position before the oldest entry. */
function partOf(read: readonly LogEntry[], { epoch, since, before }: EarlierEntries, limit: number): LogPart {
  const entries = read.filter(({ seq }) => seq > since).slice(-limit)
  const place = (entries[0]?.seq ?? before) - 1
  const chainBefore = place === since ? chainOfEpoch(epoch) : read.find(({ seq }) => seq === place)?.chain
  return { entries, chainBefore }
}

/** The chain hash with which an epoch begins. */
function chainOfEpoch(epoch: string): string {
  return createHash('sha1').update(epoch).digest('hex')
}

function markKeyOf([, , , , secret, from]: readonly (string | null)[]): MarkKey | undefined {
  return secret ? { secret, fromMs: Number(from) } : undefined
}

function isSet(field: string | null | undefined): boolean {
  return typeof field === 'string'
}

async function readAtOneMoment(store: Store, feed: string, limit: number): Promise<FeedReplies> {
  const { redis, keys } = store
  const { head, strip, log } = keys.feed(feed)
  const commands = (batch: ChainableCommander) => {
    batch
      .hmget(head, ...HEAD_FIELDS, 'since')
      .hvals(strip)
      // One more than is kept: its chain hash is that of the position before the oldest entry.
      .xrevrange(log, '+', '-', 'COUNT', limit + 1)
    return batch
  }
  try {
    return repliesOf(await commands(redis.multi()).exec()) as FeedReplies
  } catch (error) {
    if (!TRANSACTION_REFUSED.test(messageOf(error))) throw classified(error)
  }
  // Redis with full memory refuses transactions, even those that only read. It refuses all writes too, so the head seldom
  // changes between two commands.
  for (let attempt = 0; attempt < UNCHANGED_ATTEMPTS; attempt++) {
    const batch = commands(redis.pipeline()).hmget(head, ...HEAD_FIELDS, 'since')
    const [before, lines, entries, after] = repliesOf(await answered(batch.exec())) as [
      ...FeedReplies,
      Fields,
    ]
    if (before.join() === after.join()) return [before, lines, entries]
  }
  throw new UnavailableError(`the log of ${feed} changes while it is read`)
}

function repliesOf(replies: [Error | null, unknown][] | null): unknown[] {
  return (replies ?? []).map(([error, reply]) => {
    if (error) throw error
    return reply
  })
}

const TRANSACTION_REFUSED = /^(OOM|EXECABORT)/
const UNCHANGED_ATTEMPTS = 20
const WHOLE = /^\d{1,15}$/

function headOf([epoch, seq, chain]: readonly (string | null)[]): LogHead | undefined {
  return epoch && seq && chain && WHOLE.test(seq) ? { epoch, seq: Number(seq), chain } : undefined
}

function entryOf([id, fields]: [string, string[]]): LogEntry {
  return { seq: Number.parseInt(id, 10), chain: fields[1] ?? '', json: fields[3] ?? '' }
}

/** Parses an entry's event without a check, since only release-due.lua writes to the log. */
export function eventOf({ json }: LogEntry): EventFrame {
  return JSON.parse(json) as EventFrame
}
