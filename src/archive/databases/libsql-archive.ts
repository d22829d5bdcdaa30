import { stat } from 'node:fs/promises'
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
import { ArchiveError } from '../archive.ts'
import { copyLibsqlFile } from './copy-libsql-file.ts'
import {
  auditEntryOfRow,
  eventOf,
  lineOf,
  type AuditRow,
  type EventRow,
  type LineRow,
} from './database-values.ts'
import { findInLibsql } from './find-in-libsql.ts'
import { LibsqlConnection, type Parameter } from './libsql-connection.ts'
import { libsqlFault } from './libsql-fault.ts'
import {
  eraseLineInLibsql,
  eraseStripLinesInLibsql,
  writeAuditToLibsql,
  writeEventsToLibsql,
  writeLinesToLibsql,
  writeStripToLibsql,
} from './libsql-writes.ts'
import { LAST_MS } from './place.ts'

/** A long search must not keep all readers waiting. */
const READERS = 2
const LINE = `SELECT json_object('feed', feed, 'id', id, 'created_at', created_at, 'ended_at', ended_at, 'status', status,
  'version', version, 'story', story, 'section', section, 'authors', json(authors), 'words', json(words),
  'stored', stored, 'erased', erased) AS row`
const ENTRY = `SELECT json_object('n', n, 'chain', chain, 'json', json, 'erased', erased) AS row FROM audit`
const EVENT = `SELECT json_object('number', number, 'position', position, 'at', at, 'headline', headline,
  'chain', chain, 'frame', frame) AS row FROM events`

/** The archive in one file, which several processes of one computer may share. */
export class LibsqlArchive implements Archive {
  readonly database = 'libsql'
  readonly identity: string
  readonly #path: string
  /** Device and number of the file that is open. */
  readonly #file: string
  readonly #writer: LibsqlConnection
  readonly #readers: readonly [LibsqlConnection, ...LibsqlConnection[]]
  #lastWrite: Promise<unknown> = Promise.resolve()

  private constructor(
    path: string,
    file: string,
    identity: string,
    writer: LibsqlConnection,
    readers: readonly [LibsqlConnection, ...LibsqlConnection[]],
  ) {
    this.#path = path
    this.#file = file
    this.identity = identity
    this.#writer = writer
    this.#readers = readers
  }

  /** The schema must be there. Errors: ArchiveError. */
  static async open(path: string, writer: LibsqlConnection): Promise<LibsqlArchive> {
    const readers: [LibsqlConnection, ...LibsqlConnection[]] = [await LibsqlConnection.open(path)]
    try {
      while (readers.length < READERS) readers.push(await LibsqlConnection.open(path))
      const [archive] = await writer.all<{ identity: string }>('SELECT identity FROM archive')
      return new LibsqlArchive(path, await fileAt(path), archive?.identity ?? '', writer, readers)
    } catch (error) {
      for (const reader of readers) await reader.close()
      throw libsqlFault(error)
    }
  }

  write({ lines = [], audit, events, strip }: ArchiveBatch): Promise<void> {
    return this.#inTransaction(async (writer) => {
      await writeLinesToLibsql(writer, lines)
      if (audit) await writeAuditToLibsql(writer, audit.scope, audit.entries)
      if (events) await writeEventsToLibsql(writer, events)
      if (strip) await writeStripToLibsql(writer, strip, events?.events.at(-1))
    })
  }

  async readLines(feed: string, ids: readonly string[]): Promise<(ArchivedLine | undefined)[]> {
    const rows = await this.#rows<LineRow>(
      `${LINE} FROM lines JOIN records USING (place) WHERE feed = ?1 AND id IN (SELECT value FROM json_each(?2))`,
      feed,
      JSON.stringify(ids),
    )
    const byId = new Map(rows.map((row) => [row.id, lineOf(row)]))
    return ids.map((id) => byId.get(id))
  }

  findLines(feed: string, query: HeadlineQuery, limit: number, after?: ListCursor): Promise<FoundPage> {
    return findInLibsql((select, ...parameters) => this.#rows(select, ...parameters), {
      feed,
      query,
      limit,
      after,
    })
  }

  async readAudit(scope: string, after: number, limit: number): Promise<ArchivedAuditEntry[]> {
    const rows = await this.#rows<AuditRow>(
      `${ENTRY} WHERE scope = ?1 AND aside = 0 AND n > ?2 ORDER BY n LIMIT ?3`,
      scope,
      after,
      limit,
    )
    return rows.map(auditEntryOfRow)
  }

  async readAuditHead(scope: string): Promise<AuditHead> {
    const [newest] = await this.#rows<AuditRow>(
      `${ENTRY} WHERE scope = ?1 AND aside = 0 ORDER BY n DESC LIMIT 1`,
      scope,
    )
    return { n: newest?.n ?? 0, chain: newest?.chain ?? '' }
  }

  setAuditAside(scope: string, n: number): Promise<void> {
    return this.#inTransaction(async (writer) => {
      await writer.all(
        `UPDATE audit SET aside = (SELECT max(aside) + 1 FROM audit WHERE scope = ?1)
         WHERE scope = ?1 AND aside = 0 AND n > ?2`,
        scope,
        n,
      )
    })
  }

  async readEvents(feed: string, range: EventRange, limit: number): Promise<ArchivedEvent[]> {
    const { after = 0, from = 0, to = LAST_MS } = range
    const rows = await this.#rows<EventRow>(
      `${EVENT} WHERE feed = ?1 AND number > ?2
         AND released >= max(?3, coalesce((SELECT released FROM events WHERE number = ?2 AND feed = ?1), 0))
         AND released <= ?4
       ORDER BY released, number LIMIT ?5`,
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
      `${EVENT} WHERE feed = ?1 AND released <= ?2 ORDER BY released DESC, number DESC LIMIT 1`,
      feed,
      at,
    )
    return row && eventOf(row)
  }

  async hasEvent(feed: string, { position, chain }: Pick<NewEvent, 'position' | 'chain'>): Promise<boolean> {
    const [row] = await this.#rows<EventRow>(
      `${EVENT} WHERE feed = ?1 AND position = ?2 AND chain = ?3`,
      feed,
      position,
      chain,
    )
    return row !== undefined
  }

  async readStoredStrip(feed: string, number: number): Promise<StoredStrip | undefined> {
    const [strip] = await this.#rows<StoredStrip>(
      `SELECT json_object('number', number, 'lines', json((
         SELECT json_group_array(line) FROM (
           SELECT line FROM strip_lines WHERE feed = strips.feed AND number = strips.number ORDER BY rank
         )
       ))) AS row FROM strips WHERE feed = ?1 AND number <= ?2 ORDER BY number DESC LIMIT 1`,
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
      `${LINE} FROM lines JOIN records USING (place)
       WHERE feed = ?1 AND erased = 0 AND ended_at < ?2
         AND (ended_at, id) > (coalesce((SELECT ended_at FROM lines WHERE feed = ?1 AND id = ?3), -1), ?3)
       ORDER BY ended_at, id LIMIT ?4`,
      feed,
      endedBefore,
      after ?? '',
      limit,
    )
    return rows.map(lineOf)
  }

  eraseWords(feed: string, ids: readonly string[]): Promise<number> {
    const wanted = JSON.stringify(ids)
    return this.#inTransaction(async (writer) => {
      const rows = await writer.rows<LineRow>(
        `${LINE} FROM lines JOIN records USING (place)
         WHERE feed = ?1 AND erased = 0 AND id IN (SELECT value FROM json_each(?2))`,
        feed,
        wanted,
      )
      for (const row of rows) await eraseLineInLibsql(writer, lineOf(row))
      await writer.all(
        `UPDATE events SET frame = NULL
         WHERE feed = ?1 AND headline IN (SELECT value FROM json_each(?2)) AND frame IS NOT NULL`,
        feed,
        wanted,
      )
      await eraseStripLinesInLibsql(writer, feed, wanted)
      return rows.length
    })
  }

  async countAuditToErase(scope: string, before: number, part: AuditPart): Promise<number> {
    const [counted] = await this.#rows<{ count: number }>(
      `SELECT json_object('count', count(*)) AS row FROM audit WHERE scope = ?1 AND at <= ?2 AND ${toErase[part]}`,
      scope,
      before,
    )
    return counted?.count ?? 0
  }

  eraseAudit(scope: string, before: number, part: AuditPart, limit: number): Promise<number> {
    return this.#inTransaction(async (writer) => {
      const rows = await writer.rows<{ key: string; json: string }>(
        `SELECT json_object('key', CAST(rowid AS TEXT), 'json', json) AS row FROM audit
         WHERE scope = ?1 AND at <= ?2 AND ${toErase[part]} ORDER BY at LIMIT ?3`,
        scope,
        before,
        limit,
      )
      const changed = rows.map(({ key, json }) => ({
        key,
        json: part === 'entry' ? null : entryWithoutAddress(json),
      }))
      await writer.all(
        `UPDATE audit SET json = value ->> 'json', address = 0, erased = 1
         FROM json_each(?1) WHERE audit.rowid = CAST(value ->> 'key' AS INTEGER)`,
        JSON.stringify(changed),
      )
      return rows.length
    })
  }

  async countLines(feed: string): Promise<number> {
    const [counted] = await this.#rows<{ count: number }>(
      `SELECT json_object('count', count(*)) AS row FROM lines WHERE feed = ?1`,
      feed,
    )
    return counted?.count ?? 0
  }

  async check(): Promise<void> {
    await this.#refuseOtherFile()
    await this.#rows(`SELECT json_object('version', version) AS row FROM archive`)
  }

  copyTo(path: string): Promise<void> {
    return copyLibsqlFile(this.#path, path)
  }

  async close(): Promise<void> {
    await this.#lastWrite
    // libsql ends a connection only when its statements are collected as garbage. Whoever copies the file before that
    // would miss the changes in the file beside it.
    await this.#writer.all('PRAGMA wal_checkpoint(TRUNCATE)').catch(() => undefined)
    for (const connection of [...this.#readers, this.#writer]) await connection.close()
  }

  #rows<Row>(select: string, ...parameters: readonly Parameter[]): Promise<Row[]> {
    const [first, ...others] = this.#readers
    const reader = others.reduce((least, one) => (one.waiting < least.waiting ? one : least), first)
    return reader.rows<Row>(select, ...parameters)
  }

  /** One transaction after the other: `transaction` of libsql does not wait for an async function. */
  #inTransaction<T>(run: (writer: LibsqlConnection) => Promise<T>): Promise<T> {
    const result = this.#lastWrite.then(async () => {
      await this.#refuseOtherFile()
      await this.#writer.exec('BEGIN IMMEDIATE')
      try {
        const value = await run(this.#writer)
        await this.#writer.exec('COMMIT')
        return value
      } catch (error) {
        // After some errors SQLite has rolled back already.
        await this.#writer.exec('ROLLBACK').catch(() => undefined)
        throw error
      }
    })
    this.#lastWrite = result.catch(() => undefined)
    return result
  }

  /** A file that was removed or replaced can still be written, and nobody would ever read it. */
  async #refuseOtherFile(): Promise<void> {
    const file = await fileAt(this.#path).catch(() => 'none')
    if (file !== this.#file)
      throw new ArchiveError('away', `the archive's file ${this.#path} was removed or replaced`)
  }
}

const toErase: Readonly<Record<AuditPart, string>> = { entry: 'json IS NOT NULL', address: 'address = 1' }

async function fileAt(path: string): Promise<string> {
  const { dev, ino } = await stat(path)
  return `${dev}:${ino}`
}
