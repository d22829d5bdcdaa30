import { setTimeout as pause } from 'node:timers/promises'
import { endedStatuses, type EndedLine } from '../../eventlog/ended/ended-line.ts'
import { countByStatus, readEndedLines, readIdsByStatus } from '../../eventlog/ended/read-ended-lines.ts'
import { removeLines } from '../../eventlog/ended/remove-lines.ts'
import type { SavedVersion } from '../../eventlog/read-headline.ts'
import { withoutAddress } from '../../eventlog/store/act.ts'
import type { Store } from '../../eventlog/store/store.ts'
import type { Archive } from '../archive.ts'

interface Pace {
  /** Headlines of a feed before another feed has its turn. */
  readonly linesPerRound: number
  /** One write to the archive, and one pipeline of removals, behind which other commands of Redis wait. */
  readonly linesPerBatch: number
  readonly msPerLine: number
}

/**
 * 50 a second: many times as fast as newsrooms end headlines, and too slow for a POST to wait for it. A backlog, as an
 * upgrade or an archive that was away leaves it, goes at some 600 a second.
 */
const usual: Pace = { linesPerRound: 100, linesPerBatch: 20, msPerLine: 20 }
const forBacklog: Pace = { linesPerRound: 2_000, linesPerBatch: 20, msPerLine: 1.6 }

/** Headlines of one feed that wait: the ends of several days. */
const BACKLOG_LINES = 2_000

/**
 * Moves the headlines of a feed that ended before `endedBefore` (ms) to the archive, as many as one round may. The more of
 * them wait, the faster they go. Returns how many were moved. Errors: UnavailableError, ArchiveError.
 */
export async function moveRound(
  store: Store,
  archive: Archive,
  feed: string,
  endedBefore: number,
  backlogLines = BACKLOG_LINES,
): Promise<number> {
  const waiting = await countByStatus(store, feed, endedStatuses, endedBefore)
  const pace = waiting > backlogLines ? forBacklog : usual
  return moveLines(store, archive, feed, endedBefore, pace.linesPerRound, pace)
}

/**
 * Moves the headlines of a feed that ended before `endedBefore` (ms) to the archive, at most `most`. A headline is
 * removed from Redis after the archive has confirmed it, and only where it has not changed meanwhile. Returns how many
 * were moved. Errors: UnavailableError, ArchiveError.
 */
export async function moveLines(
  store: Store,
  archive: Archive,
  feed: string,
  endedBefore: number,
  most: number,
  { linesPerBatch, msPerLine }: Pace = forBacklog,
): Promise<number> {
  let moved = 0
  for (const status of endedStatuses) {
    let offset = 0
    while (moved < most) {
      const limit = Math.min(linesPerBatch, most - moved)
      const ids = await readIdsByStatus(store, feed, status, { offset, limit, createdBefore: endedBefore })
      if (ids.length === 0) break
      const begun = performance.now()
      const removed = await moveBatch(store, archive, feed, ids, endedBefore)
      moved += removed
      await pause(Math.max(0, removed * msPerLine - (performance.now() - begun)))
      // Those that stay are passed over: the index is ordered by creation, not by end.
      offset += ids.length - removed
    }
  }
  return moved
}

async function moveBatch(
  store: Store,
  archive: Archive,
  feed: string,
  candidates: readonly string[],
  endedBefore: number,
): Promise<number> {
  const read = await readEndedLines(store, feed, candidates)
  const ended = read.filter(({ endedAt }) => endedAt < endedBefore)
  if (ended.length === 0) return 0
  const ids = ended.map(({ id }) => id)
  const known = new Map(
    (await archive.readLines(feed, ids)).flatMap((line) => (line ? [[line.id, line]] : [])),
  )
  // A Redis that was set back to an older copy has lost acts that the archive has: both forms stay.
  const lines = ended.filter(({ id, version }) => version >= (known.get(id)?.version ?? 0))
  if (lines.length === 0) return 0
  await archive.write({ lines: lines.map((line) => ({ feed, ...archivedForm(line, known.get(line.id)) })) })
  return (await removeLines(store, feed, lines)).length
}

/**
 * A headline that came back left its receipts in the archive. The addresses of its acts are in the audit, where the policy
 * of the feed erases them.
 */
function archivedForm(line: EndedLine, known: EndedLine | undefined): EndedLine {
  const receipts = { ...known?.stored.receipts, ...line.stored.receipts }
  const versions = Object.entries(line.stored.versions).map(([field, value]): [string, string] => [
    field,
    /^\d+$/.test(field) ? withoutAddressOf(value) : value,
  ])
  return { ...line, stored: { ...line.stored, versions: Object.fromEntries(versions), receipts } }
}

function withoutAddressOf(json: string): string {
  const saved = JSON.parse(json) as SavedVersion
  return JSON.stringify({ ...saved, act: withoutAddress(saved.act) })
}
