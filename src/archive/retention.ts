import { readPolicy } from '../eventlog/feeds/policy.ts'
import { trimAudit, trimLog } from '../eventlog/ended/trim.ts'
import type { Act } from '../eventlog/store/act.ts'
import { compareAndWrite } from '../eventlog/store/compare-and-write.ts'
import { readTime } from '../eventlog/store/read-time.ts'
import { answered } from '../eventlog/store/scripts.ts'
import type { Store } from '../eventlog/store/store.ts'
import type { Policy } from '../protocol/policy.ts'
import { parsePosition } from '../protocol/position.ts'
import type { Archive, ArchivedLine, AuditPart } from './archive.ts'
import { copiedSeq } from './log-events.ts'

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000
/** One run erases so much at most: the next one goes on. */
const LINES_PER_RUN = 2_000
const ENTRIES_PER_RUN = 10_000
const LINES_PER_READ = 200

const flashline: Act = { by: 'flashline', person: 'flashline', name: 'flashline' }

/** Words, entries and addresses older than these times (ms) are erased; undefined: none are. */
export interface Cuts {
  readonly words: number | undefined
  readonly entry: number | undefined
  readonly address: number | undefined
}

export function cutsAt(now: number, retention: Policy['retention'] = {}): Cuts {
  // Whole hours: otherwise each round would erase a little, and write an entry about it.
  const hour = now - (now % HOUR_MS)
  const cut = (days: number | undefined) => (days === undefined ? undefined : hour - days * DAY_MS)
  return {
    words: cut(retention.wordsDays),
    entry: cut(retention.auditDays),
    address: cut(retention.addressesDays),
  }
}

export interface Erased {
  readonly lines: number
  readonly entries: number
  readonly addresses: number
}

/**
 * Erases what the feed's policy keeps no longer, and writes one entry of the audit where that was something. Log and audit
 * must have been copied just before. Errors: UnavailableError, DamagedError, ArchiveError.
 */
export async function applyRetention(store: Store, archive: Archive, feed: string): Promise<Erased> {
  const { policy } = await readPolicy(store, feed)
  // The earlier of two clocks: one that is ahead must not erase for good what is kept.
  const cuts = cutsAt(Math.min(await readTime(store), Date.now()), policy.retention)
  await trimCopied(store, archive, feed, cuts)
  const erased = {
    lines: cuts.words === undefined ? 0 : await eraseLines(store, archive, feed, cuts.words),
    entries: await eraseAudit(archive, feed, cuts.entry, 'entry'),
    addresses: await eraseAudit(archive, feed, cuts.address, 'address'),
  }
  if (Object.values(erased).some((count) => count > 0)) {
    const before = Object.fromEntries(
      Object.entries(cuts).flatMap(([part, ms]) =>
        ms === undefined ? [] : [[part, new Date(Number(ms)).toISOString()]],
      ),
    )
    await compareAndWrite(store, feed, [], {
      action: 'erased',
      act: flashline,
      detail: { ...erased, before },
    })
  }
  return erased
}

/** Redis's own copies of what is to be erased go first: its log and its audit. */
async function trimCopied(
  store: Store,
  archive: Archive,
  feed: string,
  { words, entry, address }: Cuts,
): Promise<void> {
  if (words !== undefined)
    await trimLog(store, feed, await copiedSeq(store, feed, await archive.readNewestEvent(feed)), words)
  const audit = Math.max(entry ?? 0, address ?? 0)
  if (audit > 0) await trimAudit(store, feed, (await archive.readAuditHead(feed)).n, audit)
}

async function eraseLines(store: Store, archive: Archive, feed: string, before: number): Promise<number> {
  let erased = 0
  for await (const lines of linesToErase(store, archive, feed, before)) {
    erased += await archive.eraseWords(
      feed,
      lines.map(({ id }) => id),
    )
    if (erased >= LINES_PER_RUN) break
  }
  return erased
}

async function eraseAudit(
  archive: Archive,
  scope: string,
  before: number | undefined,
  part: AuditPart,
): Promise<number> {
  return before === undefined ? 0 : archive.eraseAudit(scope, before, part, ENTRIES_PER_RUN)
}

/** In pages. A headline that has come back to Redis stays: it has a life again. */
export async function* linesToErase(
  store: Store,
  archive: Archive,
  feed: string,
  before: number,
  after?: string,
): AsyncGenerator<ArchivedLine[]> {
  let last = after
  for (;;) {
    const lines = await archive.findToErase(feed, before, LINES_PER_READ, last)
    if (lines.length === 0) return
    const ids = lines.map(({ id }) => id)
    const states = await answered(store.redis.hmget(store.keys.feed(feed).states, ...ids))
    yield lines.filter((_, index) => typeof states[index] !== 'string')
    last = ids.at(-1)
  }
}

/**
 * Erases the words of one headline now, at the wish of a person who gives a reason. The log of Redis is trimmed up to its
 * newest event. `present`: the headline is in Redis, and nothing is erased. Errors: UnavailableError, ArchiveError.
 */
export async function eraseNow(
  store: Store,
  archive: Archive,
  line: ArchivedLine,
  act: Act,
): Promise<'erased' | 'present'> {
  const { feed, id } = line
  const { states } = store.keys.feed(feed)
  const isPresent = async () => (await answered(store.redis.hexists(states, id))) === 1
  if (await isPresent()) return 'present'
  // The audit first: an erasure without an entry would be worse than an entry that is written twice.
  await compareAndWrite(store, feed, [], { action: 'erased', headline: id, act })
  const copied = await copiedSeq(store, feed, await archive.readNewestEvent(feed))
  await trimLog(store, feed, Math.min(copied, newestSeq(line)), Number.MAX_SAFE_INTEGER)
  await archive.eraseWords(feed, [id])
  return (await isPresent()) ? 'present' : 'erased'
}

function newestSeq({ stored }: ArchivedLine): number {
  const seqs = Object.entries(stored.versions).map(([field, value]) =>
    field.endsWith(':position') ? (parsePosition(value)?.seq ?? 0) : 0,
  )
  return Math.max(0, ...seqs)
}
