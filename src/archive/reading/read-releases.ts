import {
  gatewayReceipts,
  readDueTimes,
  readEvent,
  readReceipts,
  type GatewayReceipt,
} from '../../eventlog/receipts.ts'
import { readTime } from '../../eventlog/store/read-time.ts'
import type { SavedVersion } from '../../eventlog/read-headline.ts'
import type { EventFrame } from '../../protocol/frames.ts'
import { ArchiveError, type ArchivedLine } from '../archive.ts'
import { readArchivedLine } from './read-line.ts'
import type { Sources } from './sources.ts'

export type ReleasedVersion = SavedVersion & { readonly position: string }

export interface ReleaseFacts {
  readonly event: EventFrame | undefined
  /** Due time in ms; 0: none is stored. */
  readonly due: number
  readonly gateways: readonly GatewayReceipt[]
}

/**
 * Event, due time and receipts of each released version. A headline that came back from the archive has left its older
 * receipts there. Errors: UnavailableError, ArchiveError.
 */
export async function readReleases(
  sources: Sources,
  feed: string,
  id: string,
  versions: readonly ReleasedVersion[],
): Promise<ReleaseFacts[]> {
  const { store } = sources
  const numbers = versions.map(({ version }) => version)
  const positions = versions.map(({ position }) => position)
  const [due, receipts, events, archived, now] = await Promise.all([
    readDueTimes(store, feed, id, numbers),
    readReceipts(store, feed, positions),
    Promise.all(positions.map((position) => readEvent(store, feed, position))),
    archivedLine(sources, feed, id),
    readTime(store),
  ])
  return Promise.all(
    versions.map(async (version, index) => {
      const recent = receipts[index] ?? []
      const { position } = version
      const key = `${store.keys.feed(feed).receipt(position)} (archive)`
      const older = archived?.stored.receipts[position]
      const dueAt = due[index] ?? Number(archived?.stored.versions[`${version.version}:due`] ?? 0)
      return {
        event: events[index] ?? (await archivedEvent(sources, feed, version, dueAt)),
        due: dueAt,
        gateways: recent.length === 0 && older ? gatewayReceipts(store, key, older, now) : recent,
      }
    }),
  )
}

/** A receipt of a headline in Redis is shown without the archive's part while the archive is away. */
async function archivedLine(sources: Sources, feed: string, id: string): Promise<ArchivedLine | undefined> {
  try {
    const line = await readArchivedLine(sources, feed, id)
    return line === 'no-archive' ? undefined : line
  } catch (error) {
    if (error instanceof ArchiveError) return undefined
    throw error
  }
}

/** An event is written at most so long after its due time, or not found: one request reads a bounded part of the log. */
const EVENTS_LOOKED_AT = 200

async function archivedEvent(
  { archive }: Sources,
  feed: string,
  { position, savedAt }: ReleasedVersion,
  due: number,
): Promise<EventFrame | undefined> {
  try {
    const from = Math.max(due, Date.parse(savedAt))
    const events = await archive()?.readEvents(feed, { from }, EVENTS_LOOKED_AT)
    const frame = events?.find((event) => event.position === position)?.frame
    return frame === undefined ? undefined : (JSON.parse(frame) as EventFrame)
  } catch (error) {
    if (error instanceof ArchiveError) return undefined
    throw error
  }
}
