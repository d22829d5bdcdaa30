import type { Archive } from '../../../src/archive/archive.ts'
import { copyAudit } from '../../../src/archive/move/copy-audit.ts'
import { copyEvents } from '../../../src/archive/move/copy-events.ts'
import { moveLines } from '../../../src/archive/move/move-lines.ts'
import { trimAudit, trimLog } from '../../../src/eventlog/ended/trim.ts'
import type { Store } from '../../../src/eventlog/store/store.ts'

/** Later than every time. */
const LATER = Number.MAX_SAFE_INTEGER

/** Does what a worker does some hours later: copies log and audit, moves the ended headlines, and trims Redis. */
export async function moveAll(store: Store, archive: Archive, feed = 'en'): Promise<number> {
  const seq = await copyEvents(store, archive, feed)
  const entry = await copyAudit(store, archive, feed)
  const moved = await moveLines(store, archive, feed, LATER, 10_000)
  await trimAudit(store, feed, entry, LATER)
  await trimLog(store, feed, seq, LATER)
  return moved
}
