import type { AuditEntry } from '../../eventlog/audit/read-audit.ts'
import type { Status } from '../../protocol/lists/statuses.ts'
import type { ArchivedAuditEntry, ArchivedEvent, ArchivedLine, NewEvent, StoredRecords } from '../archive.ts'

/** A line as both databases give it; `stored` is JSON. */
export interface LineRow {
  readonly feed: string
  readonly id: string
  readonly created_at: number
  readonly ended_at: number
  readonly status: string
  readonly version: number
  readonly story: string | null
  readonly section: string | null
  readonly authors: readonly string[]
  readonly words: readonly string[]
  readonly stored: string
  readonly erased: boolean | 0 | 1
}

export function lineOf(row: LineRow): ArchivedLine {
  return {
    feed: row.feed,
    id: row.id,
    createdAt: row.created_at,
    endedAt: row.ended_at,
    status: row.status as Status,
    version: row.version,
    ...(row.story !== null && { story: row.story }),
    ...(row.section !== null && { section: row.section }),
    authors: row.authors,
    words: row.words,
    stored: JSON.parse(row.stored) as StoredRecords,
    ...(row.erased && { erased: true }),
  }
}

export interface AuditRow {
  readonly n: number
  readonly chain: string
  readonly json: string | null
  readonly erased: boolean | 0 | 1
}

export function auditEntryOfRow({ n, chain, json, erased }: AuditRow): ArchivedAuditEntry {
  return { n, chain, json: json ?? undefined, ...(erased && { erased: true }) }
}

/** The values of an entry by which it is erased later. */
export function erasableOf({ json }: ArchivedAuditEntry): { at: number; address: boolean } {
  if (json === undefined) return { at: 0, address: false }
  const { at, act } = JSON.parse(json) as AuditEntry
  return { at: Date.parse(at), address: act.ip !== undefined }
}

export interface EventRow {
  readonly number: number
  readonly position: string
  readonly at: number
  readonly headline: string
  readonly chain: string
  readonly frame: string | null
}

export function eventOf({ number, position, at, headline, chain, frame }: EventRow): ArchivedEvent {
  return { number, position, at, headline, chain, frame: frame ?? undefined }
}

/** The events with the latest time up to each, which never goes back; `latest`: that of the event before. */
export function withReleased(
  events: readonly NewEvent[],
  latest: number,
): (NewEvent & { released: number })[] {
  let released = latest
  return events.map((event) => {
    released = Math.max(released, event.at)
    return { ...event, released }
  })
}
