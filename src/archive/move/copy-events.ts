import { loadFeed, readAfter } from '../../eventlog/read-log.ts'
import { answered } from '../../eventlog/store/scripts.ts'
import type { Store } from '../../eventlog/store/store.ts'
import type { Archive, ArchivedEvent } from '../archive.ts'
import { copiedSeq, newEventOf } from '../log-events.ts'

const EVENTS_PER_WRITE = 500
/** Events between two stored strips: what a replay reads at most to show one moment. */
const EVENTS_PER_STRIP = 200

/**
 * Copies the events of a feed's log that the archive does not have, with the strip after them from time to time. Returns
 * the seq up to which the archive has the log. Any number of processes may copy at the same time. Errors:
 * UnavailableError, ArchiveError.
 */
export async function copyEvents(store: Store, archive: Archive, feed: string): Promise<number> {
  const loaded = await loadFeed(store, feed, 0)
  if (!loaded) return 0
  const { head, strip } = loaded
  const newest = await archive.readNewestEvent(feed)
  // After a loss in Redis, the log is copied anew from its beginning.
  let copied = await copiedSeq(store, feed, newest)
  const stripIsDue = await isStripDue(archive, feed, newest, head.seq - copied)
  while (copied < head.seq) {
    const entries = await readAfter(store, feed, copied, Math.min(EVENTS_PER_WRITE, head.seq - copied))
    const last = entries.at(-1)
    if (!last) break
    copied = last.seq
    const lines = [...strip].sort((a, b) => b.place - a.place).map((line) => JSON.stringify(line))
    await archive.write({
      events: { feed, events: entries.map(newEventOf) },
      ...(copied === head.seq && last.chain === head.chain && stripIsDue && { strip: { feed, lines } }),
    })
  }
  await answered(store.redis.hset(store.keys.feed(feed).head, 'copied', copied))
  return copied
}

async function isStripDue(
  archive: Archive,
  feed: string,
  newest: ArchivedEvent | undefined,
  missing: number,
): Promise<boolean> {
  const stored = newest && (await archive.readStoredStrip(feed, newest.number))
  return !stored || newest.number + missing - stored.number >= EVENTS_PER_STRIP
}
