import { auditEntryOf, readAuditHead, type AuditEntry } from '../../eventlog/audit/read-audit.ts'
import type { Painting } from '../../protocol/as-run.ts'
import { entryBefore } from './entry-before.ts'
import { paintingsOf, wasPaintedAt } from './paintings-of.ts'
import { readAuditPage } from './read-audit-page.ts'
import { readLineAudit } from './read-line-audit.ts'
import type { Sources } from './sources.ts'

const BATCH = 500
/** Words are in a picture for hours, not for days: those that were first painted earlier are not found. */
export const LOOK_BACK_MS = 2 * 86_400_000
/** A report may come so late, because the output could not reach the server. */
const LATE_MS = 3_600_000
/** Reports about one headline. */
const MOST_OF_LINE = 2_000

/** The words that were in the picture of each output at a time. Errors: UnavailableError, ArchiveError. */
export async function readAsRunAt(sources: Sources, feed: string, at: number): Promise<Painting[]> {
  const { n: newest } = await readAuditHead(sources.store, feed)
  const entries: AuditEntry[] = []
  for (let through = await entryBefore(sources, feed, at - LOOK_BACK_MS, { after: 0, newest }); ;) {
    const page = await readAuditPage(sources, feed, through, BATCH)
    const parsed = page.entries.flatMap(({ n, chain, json }) =>
      json === undefined ? [] : [auditEntryOf({ n, chain, json })],
    )
    entries.push(...parsed)
    const last = page.entries.at(-1)
    const isPast = parsed.some((entry) => Date.parse(entry.at) > at + LATE_MS)
    if (!last || isPast) return wasPaintedAt(paintingsOf(entries), at)
    through = last.n
  }
}

/** All that outputs have painted of one headline. `createdAt`: ms since 1970. Errors: UnavailableError, ArchiveError. */
export async function readAsRunOf(
  sources: Sources,
  feed: string,
  id: string,
  createdAt: number,
): Promise<Painting[]> {
  const audit = await readLineAudit(sources, feed, { id, createdAt, after: 0, limit: MOST_OF_LINE })
  const entries = audit.entries.flatMap(({ n, chain, json }) =>
    json === undefined ? [] : [auditEntryOf({ n, chain, json })],
  )
  return paintingsOf(entries).map(({ session: _, ...painting }) => painting)
}
