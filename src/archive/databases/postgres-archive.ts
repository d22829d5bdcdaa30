import { entryWithoutAddress, type AuditHead } from '../../eventlog/audit/read-audit.ts'
import type { FoundPage, HeadlineQuery, ListCursor } from '../../eventlog/find-headlines.ts'
import type {
  Archive,
  ArchiveBatch,
  ArchivedAuditEntry,
  ArchivedEvent,
  ArchivedLine,
  AuditPart,
  EventRange,
  NewEvent,
  StoredStrip,
} from '../archive.ts'
import {
  auditEntryOfRow,
  eventOf,
  lineOf,
  type AuditRow,
  type EventRow,
  type LineRow,
} from './database-values.ts'
import { findInPostgres } from './find-in-postgres.ts'
import { LAST_MS } from './place.ts'
import type { PostgresConnections } from './postgres-connections.ts'
import {
  eraseLineInPostgres,
  eraseStripLinesInPostgres,
  writeAuditToPostgres,
  writeEventsToPostgres,
  writeLinesToPostgres,
  writeStripToPostgres,
} from './postgres-writes.ts'

const LINE = `SELECT feed, id, created_at, ended_at, status, version, story, section, authors, words, stored, erased
  FROM lines`
const ENTRY = 'SELECT n, chain, json, erased FROM audit'
const EVENT = 'SELECT number, position, at, headline, chain, frame FROM events'
/** A server that is longer silent is away. */
const CHECK_MS = 5_000

/** The archive in a PostgreSQL database, which any number of processes and computers may share. */
export class PostgresArchive implements Archive {
  readonly database = 'postgres'
  readonly identity: string
  readonly #connections: PostgresConnections

  private constructor(identity: string, connections: PostgresConnections) {
    this.identity = identity
    this.#connections = connections
  }

  /** The schema must be there. Errors: ArchiveError. */
  static async open(connections: PostgresConnections): Promise<PostgresArchive> {
    const [archive] = await connections.rows<{ identity: string }>('SELECT identity FROM archive')
    return new PostgresArchive(archive?.identity ?? '', connections)
  }

  write({ lines = [], audit, events, strip }: ArchiveBatch): Promise<void> {
    return this.#connections.inTransaction(async (query) => {
      await writeLinesToPostgres(query, lines)
      if (audit) await writeAuditToPostgres(query, audit.scope, audit.entries)
      if (events) await writeEventsToPostgres(query, events)
      if (strip) await writeStripToPostgres(query, strip, events?.events.at(-1))
    })
  }

  async readLines(feed: string, ids: readonly string[]): Promise<(ArchivedLine | undefined)[]> {
    const rows = await this.#rows<LineRow>(`${LINE} WHERE feed = $1 AND id = ANY($2)`, feed, ids)
    const byId = new Map(rows.map((row) => [row.id, lineOf(row)]))
    return ids.map((id) => byId.get(id))
  }

  findLines(feed: string, query: HeadlineQuery, limit: number, after?: ListCursor): Promise<FoundPage> {
    return findInPostgres(this.#connections, { feed, query, limit, after })
  }

  async readAudit(scope: string, after: number, limit: number): Promise<ArchivedAuditEntry[]> {
    const rows = await this.#rows<AuditRow>(
      `${ENTRY} WHERE scope = $1 AND aside = 0 AND n > $2 ORDER BY n LIMIT $3`,
      scope,
      after,
      limit,
    )
    return rows.map(auditEntryOfRow)
  }

  async readAuditHead(scope: string): Promise<AuditHead> {
    const [newest] = await this.#rows<AuditRow>(
      `${ENTRY} WHERE scope = $1 AND aside = 0 ORDER BY n DESC LIMIT 1`,
      scope,
    )
    return { n: newest?.n ?? 0, chain: newest?.chain ?? '' }
  }

  setAuditAside(scope: string, n: number): Promise<void> {
    return this.#connections.inTransaction(async (query) => {
      await query(
        `UPDATE audit SET aside = (SELECT max(aside) + 1 FROM audit WHERE scope = $1)
         WHERE scope = $1 AND aside = 0 AND n > $2`,
        [scope, n],
      )
    })
  }

  async readEvents(feed: string, range: EventRange, limit: number): Promise<ArchivedEvent[]> {
    const { after = 0, from = 0, to = LAST_MS } = range
    const rows = await this.#rows<EventRow>(
      `${EVENT} WHERE feed = $1 AND number > $2
         AND released >= greatest($3, (SELECT released FROM events WHERE number = $2 AND feed = $1))
         AND released <= $4
       ORDER BY released, number LIMIT $5`,
      feed,
      after,
      from,
      to,
      limit,
    )
    return rows.map(eventOf)
  }

  readNewestEvent(feed: string): Promise<ArchivedEvent | undefined> {
    return this.readEventAt(feed, LAST_MS)
  }

  async readEventAt(feed: string, at: number): Promise<ArchivedEvent | undefined> {
    const [row] = await this.#rows<EventRow>(
      `${EVENT} WHERE feed = $1 AND released <= $2 ORDER BY released DESC, number DESC LIMIT 1`,
      feed,
      at,
    )
    return row && eventOf(row)
  }

  async hasEvent(feed: string, { position, chain }: Pick<NewEvent, 'position' | 'chain'>): Promise<boolean> {
    const [row] = await this.#rows<EventRow>(
      `${EVENT} WHERE feed = $1 AND position = $2 AND chain = $3`,
      feed,
      position,
      chain,
    )
    return row !== undefined
  }

  async readStoredStrip(feed: string, number: number): Promise<StoredStrip | undefined> {
    const [strip] = await this.#rows<StoredStrip>(
      `SELECT number, ARRAY(
         SELECT line FROM strip_lines WHERE feed = strips.feed AND number = strips.number ORDER BY rank
       ) AS lines FROM strips WHERE feed = $1 AND number <= $2 ORDER BY number DESC LIMIT 1`,
      feed,
      number,
    )
    return strip
  }

  async findToErase(
    feed: string,
    endedBefore: number,
    limit: number,
    after?: string,
  ): Promise<ArchivedLine[]> {
    const rows = await this.#rows<LineRow>(
      `${LINE} WHERE feed = $1 AND NOT erased AND ended_at < $2
         AND (ended_at, id) > (coalesce((SELECT ended_at FROM lines WHERE feed = $1 AND id = $3), -1), $3)
       ORDER BY ended_at, id LIMIT $4`,
      feed,
      endedBefore,
      after ?? '',
      limit,
    )
    return rows.map(lineOf)
  }

  eraseWords(feed: string, ids: readonly string[]): Promise<number> {
    return this.#connections.inTransaction(async (query) => {
      const rows = await query<LineRow>(`${LINE} WHERE feed = $1 AND NOT erased AND id = ANY($2)`, [
        feed,
        ids,
      ])
      for (const row of rows) await eraseLineInPostgres(query, lineOf(row))
      await query(
        'UPDATE events SET frame = NULL WHERE feed = $1 AND headline = ANY($2) AND frame IS NOT NULL',
        [feed, ids],
      )
      await eraseStripLinesInPostgres(query, feed, ids)
      return rows.length
    })
  }

  async countAuditToErase(scope: string, before: number, part: AuditPart): Promise<number> {
    const [counted] = await this.#rows<{ count: number }>(
      `SELECT count(*) FROM audit WHERE scope = $1 AND at <= $2 AND ${toErase[part]}`,
      scope,
      Math.min(before, LAST_MS),
    )
    return counted?.count ?? 0
  }

  eraseAudit(scope: string, before: number, part: AuditPart, limit: number): Promise<number> {
    return this.#connections.inTransaction(async (query) => {
      const rows = await query<{ aside: number; n: number; json: string }>(
        `SELECT aside, n, json FROM audit WHERE scope = $1 AND at <= $2 AND ${toErase[part]} ORDER BY at LIMIT $3`,
        [scope, Math.min(before, LAST_MS), limit],
      )
      const changed = rows.map((row) => ({
        ...row,
        json: part === 'entry' ? null : entryWithoutAddress(row.json),
      }))
      await query(
        `UPDATE audit SET json = changed.json, address = false, erased = true
         FROM json_to_recordset($2) AS changed (aside integer, n bigint, json text)
         WHERE audit.scope = $1 AND audit.aside = changed.aside AND audit.n = changed.n`,
        [scope, JSON.stringify(changed)],
      )
      return rows.length
    })
  }

  async countLines(feed: string): Promise<number> {
    const [counted] = await this.#rows<{ count: number }>('SELECT count(*) FROM lines WHERE feed = $1', feed)
    return counted?.count ?? 0
  }

  async check(): Promise<void> {
    await this.#connections.rows('SELECT version FROM archive', [], CHECK_MS)
  }

  close(): Promise<void> {
    return this.#connections.close()
  }

  #rows<Row>(sql: string, ...parameters: readonly unknown[]): Promise<Row[]> {
    return this.#connections.rows<Row>(sql, parameters)
  }
}

const toErase: Readonly<Record<AuditPart, string>> = { entry: 'json IS NOT NULL', address: 'address' }
