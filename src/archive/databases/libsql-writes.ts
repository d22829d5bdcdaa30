import type { ArchiveBatch, ArchivedAuditEntry, ArchivedLine, NewEvent } from '../archive.ts'
import { erasableOf, withReleased } from './database-values.ts'
import { storedWithoutWords, stripLineWithoutWords } from './erased-words.ts'
import type { LibsqlConnection } from './libsql-connection.ts'
import { newestForms } from './newest-forms.ts'
import { PLACE_BITS, placeTimeOf } from './place.ts'
import { allOf, searchTermsOf } from './search-terms.ts'

/** An erased line stays erased when it is written again with the same version. */
export async function writeLinesToLibsql(
  writer: LibsqlConnection,
  lines: readonly ArchivedLine[],
): Promise<void> {
  if (lines.length === 0) return
  const rows = newestForms(lines).map(({ stored: _, erased = false, ...line }) => ({
    ...line,
    ms: placeTimeOf(line.createdAt),
    erased,
  }))
  await writer.all(
    `INSERT INTO lines (place, feed, id, created_at, ended_at, status, version, story, section, authors, words, erased)
     SELECT
       coalesce(
         (SELECT max(place) + 1 FROM lines
          WHERE place >= line.ms << ${PLACE_BITS} AND place < (line.ms + 1) << ${PLACE_BITS}),
         line.ms << ${PLACE_BITS}
       ) + row_number() OVER (PARTITION BY line.ms ORDER BY line.n) - 1,
       line.feed, line.id, line.created_at, line.ended_at, line.status, line.version, line.story, line.section,
       line.authors, line.words, line.erased
     FROM (
       SELECT key AS n, value ->> 'ms' AS ms, value ->> 'feed' AS feed, value ->> 'id' AS id,
         value ->> 'createdAt' AS created_at, value ->> 'endedAt' AS ended_at, value ->> 'status' AS status,
         value ->> 'version' AS version, value ->> 'story' AS story, value ->> 'section' AS section,
         value -> 'authors' AS authors, value -> 'words' AS words, value ->> 'erased' AS erased
       FROM json_each(?1)
     ) AS line WHERE true
     ON CONFLICT (feed, id) DO UPDATE SET
       ended_at = excluded.ended_at, status = excluded.status, version = excluded.version, story = excluded.story,
       section = excluded.section, authors = excluded.authors, words = excluded.words, erased = excluded.erased
     WHERE excluded.version > version OR (excluded.version = version AND erased <= excluded.erased)`,
    JSON.stringify(rows),
  )
  await writeParts(writer, newestForms(lines))
}

/** Records and search terms of those lines that the archive has in this form. */
async function writeParts(writer: LibsqlConnection, lines: readonly ArchivedLine[]): Promise<void> {
  const written = `JOIN lines ON lines.feed = value ->> 'feed' AND lines.id = value ->> 'id'
    AND lines.version = value ->> 'version' AND lines.erased = value ->> 'erased'`
  const parts = lines.map(({ feed, id, version, erased = false }) => ({ feed, id, version, erased }))
  await writer.all(
    `INSERT OR REPLACE INTO records (place, stored) SELECT place, value ->> 'stored' FROM json_each(?1) ${written}`,
    JSON.stringify(parts.map((part, n) => ({ ...part, stored: JSON.stringify(lines[n]?.stored) }))),
  )
  await writer.all(
    `INSERT OR REPLACE INTO search (rowid, terms) SELECT place, value ->> 'terms' FROM json_each(?1) ${written}`,
    JSON.stringify(parts.map((part, n) => ({ ...part, terms: termsOf(lines[n]) }))),
  )
}

function termsOf(line: ArchivedLine | undefined): string {
  return line ? [allOf(line.feed), ...searchTermsOf(line)].join(' ') : ''
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
  const erased = { ...line, words: [], erased: true as const, stored: storedWithoutWords(line.stored) }
  await writeParts(writer, [erased])
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
