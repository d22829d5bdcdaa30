import { open, rename, rm, stat } from 'node:fs/promises'
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
  StoredLine,
  StoredStrip,
} from '../archive.ts'
import { ArchiveError } from '../archive.ts'
import {
  auditEntryOfRow,
  erasableOf,
  eventOf,
  lineOf,
  withReleased,
  type AuditRow,
  type EventRow,
  type LineRow,
} from './database-values.ts'
import { storedWithoutWords, stripLineWithoutWords } from './erased-words.ts'
import { LibsqlConnection, type Parameter } from './libsql-connection.ts'
import { libsqlFault } from './libsql-fault.ts'
import { newestFirst, pageOf } from './found-page.ts'
import { searchExpressionOf, searchTermsOf } from './search-terms.ts'

/** A long search must not keep all readers waiting. */
const READERS = 2
/** Places of one ms; see the table `lines`. */
const PLACE_BITS = 20n
/** Later than every creation time, and its place is below 2^63. */
const LAST_MS = 2 ** 43 - 2

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
  readonly #readers: readonly LibsqlConnection[]
  #lastWrite: Promise<unknown> = Promise.resolve()

  private constructor(
    path: string,
    file: string,
    identity: string,
    writer: LibsqlConnection,
    readers: readonly LibsqlConnection[],
  ) {
    this.#path = path
    this.#file = file
    this.identity = identity
    this.#writer = writer
    this.#readers = readers
  }

  /** The schema must be there. Errors: ArchiveError. */
  static async open(path: string, writer: LibsqlConnection): Promise<LibsqlArchive> {
    const readers: LibsqlConnection[] = []
    try {
      for (let n = 0; n < READERS; n++) readers.push(await LibsqlConnection.open(path))
      const [archive] = await writer.all<{ identity: string }>('SELECT identity FROM archive')
      return new LibsqlArchive(path, await fileAt(path), archive?.identity ?? '', writer, readers)
    } catch (error) {
      for (const reader of readers) await reader.close()
      throw libsqlFault(error)
    }
  }

  write({ lines = [], audit, events, strip }: ArchiveBatch): Promise<void> {
    return this.#inTransaction(async (writer) => {
      for (const line of lines) await writeLine(writer, line)
      if (audit) await writeAudit(writer, audit.scope, audit.entries)
      if (events) await writeEvents(writer, events)
      if (strip) await writeStrip(writer, strip)
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

  async findLines(feed: string, query: HeadlineQuery, limit: number, after?: ListCursor): Promise<FoundPage> {
    const { since = 0, until = LAST_MS } = query
    if (query.attention) return { found: [], next: undefined }
    const latest = Math.min(until, after?.ms ?? LAST_MS)
    const first = await this.#search(feed, query, { since, until: latest }, after, limit + 1)
    const oldest = first.at(-1)
    if (oldest === undefined || first.length <= limit) return pageOf(first.sort(newestFirst), limit)
    // Lines of the same ms are not in the order of their ids here, so all lines of the oldest ms are needed.
    const sameTime = await this.#search(feed, query, { since: oldest.ms, until: oldest.ms }, after, -1)
    const newer = first.filter(({ ms }) => ms > oldest.ms)
    return pageOf([...newer, ...sameTime].sort(newestFirst), limit)
  }

  #search(
    feed: string,
    query: HeadlineQuery,
    { since, until }: { since: number; until: number },
    after: ListCursor | undefined,
    limit: number,
  ): Promise<ListCursor[]> {
    // The index narrows the search; it knows no letter case of ids, so the line itself decides.
    return this.#rows<ListCursor>(
      `SELECT json_object('id', id, 'ms', created_at) AS row
       FROM search CROSS JOIN lines ON place = search.rowid
       WHERE search MATCH ?1 AND search.rowid >= ?2 AND search.rowid < ?3
         AND (?4 IS NULL OR created_at < ?4 OR id < ?5)
         AND (?6 IS NULL OR status IN (SELECT value FROM json_each(?6)))
         AND (?7 IS NULL OR story = ?7)
         AND (?8 IS NULL OR ?8 IN (SELECT value FROM json_each(authors)))
       ORDER BY search.rowid DESC LIMIT ?9`,
      searchExpressionOf(feed, query),
      placeOf(since),
      placeOf(until + 1),
      after?.ms ?? null,
      after?.id ?? null,
      query.statuses.length === 0 ? null : JSON.stringify(query.statuses),
      query.story ?? null,
      query.author ?? null,
      limit,
    )
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
      for (const row of rows) await eraseLine(writer, lineOf(row))
      await writer.all(
        `UPDATE events SET frame = NULL
         WHERE feed = ?1 AND headline IN (SELECT value FROM json_each(?2)) AND frame IS NOT NULL`,
        feed,
        wanted,
      )
      await eraseStripLines(writer, feed, wanted)
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

  /** The new file appears under its name when it is whole and on the disk. */
  async copyTo(path: string): Promise<void> {
    const part = `${path}.part`
    const copying = await LibsqlConnection.open(this.#path)
    try {
      await rm(part, { force: true })
      await copying.all('VACUUM INTO ?1', part)
      await syncFile(part)
      await rename(part, path)
    } catch (error) {
      await rm(part, { force: true }).catch(() => undefined)
      throw libsqlFault(error)
    } finally {
      await copying.close()
    }
  }

  async close(): Promise<void> {
    await this.#lastWrite
    for (const connection of [...this.#readers, this.#writer]) await connection.close()
  }

  #rows<Row>(select: string, ...parameters: readonly Parameter[]): Promise<Row[]> {
    const [first, ...others] = this.#readers
    const reader = others.reduce((least, one) => (one.waiting < least!.waiting ? one : least), first)
    return reader!.rows<Row>(select, ...parameters)
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

function placeOf(ms: number): bigint {
  return BigInt(Math.max(0, Math.min(Math.trunc(ms), LAST_MS + 1))) << PLACE_BITS
}

async function fileAt(path: string): Promise<string> {
  const { dev, ino } = await stat(path)
  return `${dev}:${ino}`
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r+')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}

/** An erased line stays erased when it is written again with the same version. */
async function writeLine(writer: LibsqlConnection, line: ArchivedLine): Promise<void> {
  const { feed, id, createdAt, endedAt, status, version, story, section, authors, words, stored } = line
  const [written] = await writer.all(
    `INSERT INTO lines (place, feed, id, created_at, ended_at, status, version, story, section, authors, words, erased)
     VALUES (
       coalesce((SELECT max(place) + 1 FROM lines WHERE place >= ?1 AND place < ?2), ?1),
       ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13
     )
     ON CONFLICT (feed, id) DO UPDATE SET
       ended_at = excluded.ended_at, status = excluded.status, version = excluded.version, story = excluded.story,
       section = excluded.section, authors = excluded.authors, words = excluded.words, erased = excluded.erased
     WHERE excluded.version > version OR (excluded.version = version AND erased <= excluded.erased)
     RETURNING 1`,
    placeOf(createdAt),
    placeOf(createdAt + 1),
    feed,
    id,
    createdAt,
    endedAt,
    status,
    version,
    story ?? null,
    section ?? null,
    JSON.stringify(authors),
    JSON.stringify(words),
    line.erased ? 1 : 0,
  )
  if (written !== undefined) await writeParts(writer, line, stored)
}

async function writeParts(writer: LibsqlConnection, line: ArchivedLine, stored: StoredLine): Promise<void> {
  const { feed, id } = line
  await writer.all(
    `INSERT OR REPLACE INTO records (place, stored) SELECT place, ?3 FROM lines WHERE feed = ?1 AND id = ?2`,
    feed,
    id,
    JSON.stringify(stored),
  )
  await writer.all(
    `INSERT OR REPLACE INTO search (rowid, terms) SELECT place, ?3 FROM lines WHERE feed = ?1 AND id = ?2`,
    feed,
    id,
    searchTermsOf(line),
  )
}

async function eraseLine(writer: LibsqlConnection, { story: _, ...line }: ArchivedLine): Promise<void> {
  await writer.all(
    `UPDATE lines SET words = '[]', story = NULL, erased = 1 WHERE feed = ?1 AND id = ?2`,
    line.feed,
    line.id,
  )
  await writeParts(writer, { ...line, words: [], erased: true }, storedWithoutWords(line.stored))
}

async function writeAudit(
  writer: LibsqlConnection,
  scope: string,
  entries: readonly ArchivedAuditEntry[],
): Promise<void> {
  await writer.all(
    `INSERT INTO audit (scope, aside, n, chain, json, at, address, erased)
     SELECT ?1, 0, value ->> 'n', value ->> 'chain', value ->> 'json', value ->> 'at', value ->> 'address',
       coalesce(value ->> 'erased', 0)
     FROM json_each(?2) WHERE true ON CONFLICT DO NOTHING`,
    scope,
    JSON.stringify(entries.map((entry) => ({ ...entry, ...erasableOf(entry) }))),
  )
}

async function writeEvents(
  writer: LibsqlConnection,
  { feed, events }: NonNullable<ArchiveBatch['events']>,
): Promise<void> {
  const [newest] = await writer.rows<{ released: number }>(
    `SELECT json_object('released', released) AS row FROM events
     WHERE feed = ?1 ORDER BY released DESC, number DESC LIMIT 1`,
    feed,
  )
  await writer.all(
    `INSERT INTO events (feed, position, at, released, headline, chain, frame)
     SELECT ?1, value ->> 'position', value ->> 'at', value ->> 'released', value ->> 'headline', value ->> 'chain',
       value ->> 'frame'
     FROM json_each(?2) WHERE true ORDER BY key ON CONFLICT DO NOTHING`,
    feed,
    JSON.stringify(withReleased(events, newest?.released ?? 0)),
  )
}

async function writeStrip(
  writer: LibsqlConnection,
  { feed, lines }: NonNullable<ArchiveBatch['strip']>,
): Promise<void> {
  const [strip] = await writer.all<{ number: number }>(
    `INSERT INTO strips (feed, number)
     SELECT ?1, coalesce((SELECT number FROM events WHERE feed = ?1 ORDER BY released DESC, number DESC LIMIT 1), 0)
     ON CONFLICT DO NOTHING RETURNING number`,
    feed,
  )
  if (strip === undefined) return
  await writer.all(
    `INSERT INTO strip_lines (feed, number, rank, headline, line)
     SELECT ?1, ?2, key, value ->> '$.id', value FROM json_each(?3)`,
    feed,
    strip.number,
    JSON.stringify(lines),
  )
}

async function eraseStripLines(writer: LibsqlConnection, feed: string, ids: string): Promise<void> {
  const rows = await writer.rows<{ key: number; line: string }>(
    `SELECT json_object('key', strip_lines.rowid, 'line', line) AS row FROM strip_lines
     WHERE feed = ?1 AND headline IN (SELECT value FROM json_each(?2))`,
    feed,
    ids,
  )
  await writer.all(
    `UPDATE strip_lines SET line = value ->> 'line' FROM json_each(?1) WHERE strip_lines.rowid = value ->> 'key'`,
    JSON.stringify(rows.map(({ key, line }) => ({ key, line: stripLineWithoutWords(line) }))),
  )
}
