import { findLostEvents } from '../src/archive/move/find-lost-events.ts'
import type { Archive, ArchivedEvent } from '../src/archive/archive.ts'
import { releaseDue } from '../src/eventlog/release-due.ts'
import type { Witness } from '../src/fanout/witness.ts'
import type { EventFrame } from '../src/protocol/frames.ts'
import { parsePosition } from '../src/protocol/position.ts'
import { recoverReportedHeadlines, type RecoverDeps } from './recover-reported-headlines.ts'

/**
 * The archive is a witness too: it holds events also after a time without a gateway. Where the log has lost some, a new
 * epoch begins and their headlines are put to the desk, as on a gateway's word. Returns whether all were. Errors:
 * UnavailableError, ArchiveError.
 */
export async function healFromArchive(
  deps: RecoverDeps,
  archive: Archive,
  feed: string,
  handled: Set<string>,
): Promise<boolean> {
  const lost = await findLostEvents(deps.store, archive, feed)
  const newest = lost.at(-1)
  if (!newest || handled.has(newest.chain)) return true
  const { epoch, seq } = parsePosition(newest.position) ?? { epoch: '', seq: 0 }
  const head = { epoch, seq, chain: newest.chain }
  const released = await releaseDue(deps.store, feed, head)
  if (released === 'no-feed') return true
  deps.logger.error({ event: 'archive-has-lost-events', feed, lost: lost.length, head: released.head })
  const isWhole = await recoverReportedHeadlines(
    { ...deps, source: 'archive' },
    { feed, head, lost: lost.flatMap(lostEvent) },
  )
  if (isWhole) handled.add(newest.chain)
  return isWhole
}

/** Nothing for an event whose words are erased: what the law has taken away does not come back. */
function lostEvent({ frame, position }: ArchivedEvent): Witness['lost'] {
  if (frame === undefined) return []
  const { op, at, headline } = JSON.parse(frame) as EventFrame
  const { id, version } = headline
  const shows = headline.status === 'live' && { headline: { ...headline } }
  return [{ position, op, id, version, at, ...shows }]
}
