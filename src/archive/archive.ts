import type { AuditHead } from '../eventlog/audit/read-audit.ts'
import type { EndedLine } from '../eventlog/ended/ended-line.ts'
import type { FoundPage, HeadlineQuery, ListCursor } from '../eventlog/find-headlines.ts'

/**
 * The store of headlines whose life has ended, of the whole log and of the audit. Two databases implement it. A write
 * that has settled survives a crash of the process and of the database. Every method fails with an ArchiveError.
 */
export interface Archive {
  readonly database: 'libsql' | 'postgres'
  /** Made with the database, for ever the same: Redis remembers which archive has its headlines. */
  readonly identity: string
  /**
   * Writes all of it or nothing. A headline replaces its earlier form; an audit entry or event that is there already
   * stays as it is.
   */
  write(batch: ArchiveBatch): Promise<void>
  /** In the order of `ids`; undefined for an id that the archive does not have. */
  readLines(feed: string, ids: readonly string[]): Promise<(ArchivedLine | undefined)[]>
  /** The same order and conditions as `findHeadlines` of the event log; never finds by `attention`. */
  findLines(feed: string, query: HeadlineQuery, limit: number, after?: ListCursor): Promise<FoundPage>
  /** Entries with `after` < n, oldest first. `scope`: a feed or `desk`. */
  readAudit(scope: string, after: number, limit: number): Promise<ArchivedAuditEntry[]>
  /** The newest entry; `n` is 0 before the first. */
  readAuditHead(scope: string): Promise<AuditHead>
  /**
   * Sets aside the entries after `n`, which Redis has lost: they stay as evidence, and others take their numbers.
   */
  setAuditAside(scope: string, n: number): Promise<void>
  /** Events after the event number `after`, released from `from` to `to` (ms, both included), in the order of release. */
  readEvents(feed: string, range: EventRange, limit: number): Promise<ArchivedEvent[]>
  /** The newest event that was written; undefined before the first. */
  readNewestEvent(feed: string): Promise<ArchivedEvent | undefined>
  /** The newest event released at `at` (ms) or before; undefined: none. */
  readEventAt(feed: string, at: number): Promise<ArchivedEvent | undefined>
  /** Whether this event was written. */
  hasEvent(feed: string, event: Pick<NewEvent, 'position' | 'chain'>): Promise<boolean>
  /** The newest stored strip whose event number is at most `number`. */
  readStoredStrip(feed: string, number: number): Promise<StoredStrip | undefined>
  /** Ended headlines whose newest act is older than `endedBefore` (ms) and whose words are there, oldest first. */
  findToErase(feed: string, endedBefore: number, limit: number, after?: string): Promise<ArchivedLine[]>
  /** Takes the words of these headlines out of lines, search and events; chain hashes stay. Returns how many lines. */
  eraseWords(feed: string, ids: readonly string[]): Promise<number>
  /** Number of audit entries up to `before` (ms) that an erasure would still change. */
  countAuditToErase(scope: string, before: number, part: AuditPart): Promise<number>
  /** Erases the whole entry or its address only, of at most `limit` entries up to `before` (ms). Returns how many. */
  eraseAudit(scope: string, before: number, part: AuditPart, limit: number): Promise<number>
  /** Number of headlines. For an operator. */
  countLines(feed: string): Promise<number>
  /** Whether it answers, and is still the one that was opened. */
  check(): Promise<void>
  /** Copies the whole database to a new file while it is used. Only libsql; PostgreSQL has pg_dump. */
  copyTo?(path: string): Promise<void>
  close(): Promise<void>
}

export type AuditPart = 'entry' | 'address'

export interface ArchiveBatch {
  readonly lines?: readonly ArchivedLine[]
  readonly audit?: { readonly scope: string; readonly entries: readonly ArchivedAuditEntry[] }
  readonly events?: { readonly feed: string; readonly events: readonly NewEvent[] }
  /** The strip after the last of `events`. */
  readonly strip?: { readonly feed: string; readonly lines: readonly string[] }
}

export type { StoredRecords } from '../eventlog/ended/ended-line.ts'

/** An ended headline of a feed. */
export interface ArchivedLine extends EndedLine {
  readonly feed: string
  /** The words are erased. */
  readonly erased?: true
}

export interface ArchivedAuditEntry {
  readonly n: number
  readonly chain: string
  /** undefined: the entry is erased; its chain hash stays. */
  readonly json: string | undefined
  /** Members of the entry are erased, so `json` no longer has the hash in `chain`. */
  readonly erased?: true
}

/** An event of the log as it is copied; `at` in ms. */
export interface NewEvent {
  readonly position: string
  readonly at: number
  readonly headline: string
  readonly chain: string
  /** The event frame (JSON); undefined: its words are erased. */
  readonly frame: string | undefined
}

/** `number`: its place in the order of release over all epochs, increasing, not without gaps. */
export type ArchivedEvent = NewEvent & { readonly number: number }

export interface EventRange {
  readonly after?: number
  readonly from?: number
  readonly to?: number
}

/** The strip after the event with this number: headlines as readers saw them (JSON), newest place first. */
export interface StoredStrip {
  readonly number: number
  readonly lines: readonly string[]
}

/** `away`: no answer. `full`, `read-only`: it reads and does not write. `newer`: a later version of Flashline made it. */
export type ArchiveFault = 'away' | 'full' | 'read-only' | 'newer' | 'damaged'

export class ArchiveError extends Error {
  override readonly name = 'ArchiveError'
  readonly fault: ArchiveFault

  constructor(fault: ArchiveFault, message: string, options?: ErrorOptions) {
    super(message, options)
    this.fault = fault
  }
}
