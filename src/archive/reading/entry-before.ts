import { auditEntryOf } from '../../eventlog/audit/read-audit.ts'
import type { ArchivedAuditEntry } from '../archive.ts'
import { readAuditPage } from './read-audit-page.ts'
import type { Sources } from './sources.ts'

/** The number of the last entry before a time, from `after` on. Entries stand in the order of their times. */
export async function entryBefore(
  sources: Sources,
  feed: string,
  time: number,
  { after, newest }: { readonly after: number; readonly newest: number },
): Promise<number> {
  let [older, newer] = [after, newest + 1]
  while (newer - older > 1) {
    const middle = Math.floor((older + newer) / 2)
    const [entry] = (await readAuditPage(sources, feed, middle - 1, 1)).entries
    if (entry !== undefined && timeOf(entry) < time) older = Math.max(middle, Math.min(entry.n, newer - 1))
    else newer = middle
  }
  return older
}

/** An erased entry has no time; it is older than all that have one. */
function timeOf({ n, chain, json }: ArchivedAuditEntry): number {
  return json === undefined ? 0 : Date.parse(auditEntryOf({ n, chain, json }).at)
}
