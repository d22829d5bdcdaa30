import type { ArchiveBatch, ArchivedAuditEntry, ArchivedLine, NewEvent, StoredRecords } from '../archive.ts'
import { erasableOf, withReleased } from './database-values.ts'
import { storedWithoutWords, stripLineWithoutWords } from './erased-words.ts'
import type { LibsqlConnection } from './libsql-connection.ts'
import { placeOf } from './place.ts'
import { allOf, searchTermsOf } from './search-terms.ts'

/** An erased line stays erased when it is written again with the same version. */
export async function writeLineToLibsql(writer: LibsqlConnection, line: ArchivedLine): Promise<void> {
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

async function writeParts(
  writer: LibsqlConnection,
  line: ArchivedLine,
  stored: StoredRecords,
): Promise<void> {
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
    [allOf(feed), ...searchTermsOf(line)].join(' '),
  )
}

export async function eraseLineInLibsql(
  writer: LibsqlConnection,
  { story: _, ...line }: ArchivedLine,
): Promise<void> {
  await writer.all(
    `UPDATE lines SET words = '[]', story = NULL, erased = 1 WHERE feed = ?1 AND id = ?2`,
    line.feed,
    line.id,
  )
  await writeParts(writer, { ...line, words: [], erased: true }, storedWithoutWords(line.stored))
}

export async function writeAuditToLibsql(
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

export async function writeEventsToLibsql(
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

export async function writeStripToLibsql(
  writer: LibsqlConnection,
  { feed, lines }: NonNullable<ArchiveBatch['strip']>,
  last: NewEvent | undefined,
): Promise<void> {
  // Another process may have written later events already, and this is not the strip after those.
  const [strip] = await writer.all<{ number: number }>(
    `INSERT INTO strips (feed, number)
     SELECT ?1, coalesce((
       SELECT number FROM events WHERE feed = ?1 AND (?2 IS NULL OR (position = ?2 AND chain = ?3))
       ORDER BY released DESC, number DESC LIMIT 1
     ), 0)
     ON CONFLICT DO NOTHING RETURNING number`,
    feed,
    last?.position ?? null,
    last?.chain ?? null,
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

export async function eraseStripLinesInLibsql(
  writer: LibsqlConnection,
  feed: string,
  ids: string,
): Promise<void> {
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
