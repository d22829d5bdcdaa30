import { randomUUID } from 'node:crypto'
import type { ArchiveConnection } from '../src/archive/archive-connection.ts'
import { ArchiveError, type Archive } from '../src/archive/archive.ts'
import { copyAudit } from '../src/archive/move/copy-audit.ts'
import { copyEvents } from '../src/archive/move/copy-events.ts'
import { moveRound } from '../src/archive/move/move-lines.ts'
import { applyRetention } from '../src/archive/retention.ts'
import { claimArchive } from '../src/eventlog/ended/claim-archive.ts'
import { trimAudit, trimLog } from '../src/eventlog/ended/trim.ts'
import { listFeedIds } from '../src/eventlog/feeds/feeds.ts'
import { readTime } from '../src/eventlog/store/read-time.ts'
import { answered } from '../src/eventlog/store/scripts.ts'
import type { Store } from '../src/eventlog/store/store.ts'
import { messageOf } from '../src/platform/errors.ts'
import type { Logger } from '../src/platform/logger.ts'
import type { Metrics } from '../src/platform/metrics.ts'
import { healFromArchive } from './heal-from-archive.ts'

/** A worker that dies in a round leaves its turn for so long. Two that move at the same time do no harm. */
const TURN_MS = 30_000

export interface ArchiverDeps {
  readonly store: Store
  readonly archive: ArchiveConnection
  /** Time that a headline stays in Redis after its end. */
  readonly afterMs: number
  /** Events that gateways hold, which stay in the log whatever their age. */
  readonly resumeEvents: number
  /** Headlines of one feed that may wait before they move at the pace for a backlog; left out: some days of them. */
  readonly backlogLines?: number
  readonly metrics: Metrics
  readonly logger: Logger
}

/**
 * One round: copies log and audit of each feed to the archive, moves the headlines that have ended, and trims what the
 * archive holds; then erases what the policy of the feed keeps no longer. The returned function does not fail.
 */
export function archiver(deps: ArchiverDeps): () => Promise<void> {
  const { store, archive, logger } = deps
  const worker = randomUUID()
  const failing = new Map<string, string>()
  /** Losses whose headlines are with the desk, by the chain hash of the newest event. */
  const handled = new Set<string>()

  async function inTurn(feed: string): Promise<void> {
    const { archiving } = store.keys.feed(feed)
    const turn = await answered(store.redis.set(archiving, worker, 'PX', TURN_MS, 'NX'))
    if (turn === null) {
      archive.leave(feed)
      return
    }
    try {
      await archive.use(feed, (open) => archiveFeed(deps, open, feed, handled))
      failing.delete(feed)
    } finally {
      await answered(store.redis.del(archiving))
    }
  }

  function failed(feed: string, error: unknown): void {
    // The connection to the archive tells its own state.
    if (error instanceof ArchiveError || failing.get(feed) === messageOf(error)) return
    failing.set(feed, messageOf(error))
    logger.warn({ event: 'archive-round-failed', feed, error: messageOf(error) })
  }

  return async () => {
    try {
      await archive.look(store)
      if (!archive.isUsable) return
      for (const feed of await listFeedIds(store))
        await inTurn(feed).catch((error: unknown) => {
          failed(feed, error)
        })
      failing.delete('')
    } catch (error) {
      failed('', error)
    }
  }
}

async function archiveFeed(
  deps: ArchiverDeps,
  archive: Archive,
  feed: string,
  handled: Set<string>,
): Promise<void> {
  const { store, afterMs, resumeEvents, backlogLines, metrics, logger } = deps
  const bound = await claimArchive(store, feed, archive.identity)
  if (bound !== archive.identity) return
  // Before the log is copied: the archive then has the events that Redis has instead.
  const sources = { store, archive: () => archive }
  if (!(await healFromArchive({ ...sources, metrics, logger }, archive, feed, handled))) return
  const before = (await readTime(store)) - afterMs
  const [copiedSeq, copiedEntry] = [
    await copyEvents(store, archive, feed),
    await copyAudit(store, archive, feed),
  ]
  const moved = await moveRound(store, archive, feed, before, backlogLines)
  if (moved > 0) metrics.linesArchived.inc({ feed }, moved)
  await trimAudit(store, feed, copiedEntry, before)
  await trimLog(store, feed, copiedSeq - resumeEvents, before)
  await applyRetention(store, archive, feed)
}
