import { ArchiveError } from '../../archive/archive.ts'
import { readLine } from '../../archive/reading/read-line.ts'
import { readReleasedPosition } from '../../eventlog/read-headline.ts'
import { releaseDue } from '../../eventlog/release-due.ts'
import { messageOf, UnavailableError } from '../../platform/errors.ts'
import type { Status } from '../../protocol/lists/statuses.ts'
import type { ApiDeps } from '../http/api-deps.ts'
import { ringDoorbell } from '../http/ring-doorbell.ts'
import type { ExpectedRelease } from '../live/release-watch.ts'
import type { SavedDecision } from './decide-and-save.ts'

/** A saved act as the HTTP answer describes it: released with a position, or still waiting. */
export interface AwaitedRelease {
  readonly id: string
  readonly version: number
  readonly status: Status
  /** The position of this version; null when it waits, was cancelled, or a later change has overtaken it. */
  readonly position: string | null
  /** The time of its release in ms, where that is still to come. */
  readonly releaseAt?: number
  /** The same request had been accepted before. */
  readonly repeated: boolean
}

/**
 * Rings the doorbell and waits for the release of an act that is due now, because the answer carries its position.
 * `expected` was opened before the save. It never fails: the act is saved, and a worker will release it, so an answer
 * that says "failed" would make the editor post it twice.
 */
export async function awaitRelease(
  deps: ApiDeps,
  feed: string,
  saved: SavedDecision,
  expected: ExpectedRelease,
): Promise<AwaitedRelease> {
  const { id, version, status, dueAt, now } = saved
  const unreleased = { id, version, status, position: null, repeated: saved.kind === 'repeated' }
  if (dueAt === undefined) return unreleased
  if (saved.kind === 'saved') ringDoorbell(deps, feed, dueAt - now)
  if (dueAt > now && status === 'due') return { ...unreleased, releaseAt: dueAt }
  try {
    const position = await releasedPosition(deps, feed, saved, expected)
    const statusNow = await statusAfter(deps, feed, saved, position)
    // A feed that was frozen meanwhile releases nothing.
    const waits = position === null && statusNow === 'due'
    return { ...unreleased, position, status: statusNow, ...(waits && { releaseAt: dueAt }) }
  } catch (error) {
    if (!(error instanceof UnavailableError || error instanceof ArchiveError)) {
      deps.logger.error({ event: 'release-failed', feed, id, version, error: messageOf(error) })
    }
    return { ...unreleased, releaseAt: dueAt }
  }
}

/** By a worker's release, or by this process's own: news goes out with every worker dead. */
async function releasedPosition(
  deps: ApiDeps,
  feed: string,
  { kind, id, version }: SavedDecision,
  expected: ExpectedRelease,
): Promise<string | null> {
  if (kind === 'saved') {
    const seen = await expected.released(version, deps.config.RELEASE_FALLBACK_MS)
    if (seen?.version === version) return seen.position
  }
  const position = await readReleasedPosition(deps.store, feed, id, version)
  if (position !== undefined) return position
  const moved = kind === 'repeated' && (await readLine(deps, feed, id))?.versions[version - 1]?.position
  if (moved) return moved
  const released = await releaseDue(deps.store, feed)
  if (released !== 'no-feed' && released.count > 0) {
    deps.metrics.releaseFallback.inc({ feed })
    deps.metrics.released.inc({ feed }, released.count)
  }
  return (await readReleasedPosition(deps.store, feed, id, version)) ?? null
}

async function statusAfter(
  deps: ApiDeps,
  feed: string,
  { id, status }: SavedDecision,
  position: string | null,
): Promise<Status> {
  if (position !== null) return status === 'due' ? 'live' : status
  return (await readLine(deps, feed, id))?.status ?? status
}
