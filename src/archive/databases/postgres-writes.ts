import type { ArchiveBatch, ArchivedAuditEntry, ArchivedLine, NewEvent } from '../archive.ts'
import { erasableOf, withReleased } from './database-values.ts'
import { storedWithoutWords, stripLineWithoutWords } from './erased-words.ts'
import { newestForms } from './newest-forms.ts'
import type { Query } from './postgres-connections.ts'
import { searchTermsOf } from './search-terms.ts'

/** An erased line stays erased when it is written again with the same version. */
export async function writeLinesToPostgres(query: Query, lines: readonly ArchivedLine[]): Promise<void> {
  const rows = newestForms(lines).map((line) => ({
    ...line,
    created_at: line.createdAt,
    ended_at: line.endedAt,
    terms: searchTermsOf(line),
    stored: JSON.stringify(line.stored),
    erased: line.erased ?? false,
  }))
  await query(
    `INSERT INTO lines
       (feed, id, created_at, ended_at, status, version, story, section, authors, words, terms, stored, erased)
     SELECT feed, id, created_at, ended_at, status, version, story, section, authors, words, terms, stored, erased
     FROM json_to_recordset($1) AS line (
       feed text, id text, created_at bigint, ended_at bigint, status text, version integer, story text, section text,
       authors text[], words text[], terms text[], stored text, erased boolean
     )
     ON CONFLICT (feed, id) DO UPDATE SET
       ended_at = excluded.ended_at, status = excluded.status, version = excluded.version, story = excluded.story,
       section = excluded.section, authors = excluded.authors, words = excluded.words, terms = excluded.terms,
       stored = excluded.stored, erased = excluded.erased
     WHERE excluded.version > lines.version OR (excluded.version = lines.version AND lines.erased <= excluded.erased)`,
    [JSON.stringify(rows)],
  )
}

export async function writeAuditToPostgres(
  query: Query,
  scope: string,
  entries: readonly ArchivedAuditEntry[],
): Promise<void> {
  await query(
    `INSERT INTO audit (scope, aside, n, chain, json, at, address, erased)
     SELECT $1, 0, n, chain, json, at, address, coalesce(erased, false)
     FROM json_to_recordset($2)
       AS entry (n bigint, chain text, json text, at bigint, address boolean, erased boolean)
     ON CONFLICT DO NOTHING`,
    [scope, JSON.stringify(entries.map((entry) => ({ ...entry, ...erasableOf(entry) })))],
  )
}

export async function writeEventsToPostgres(
  query: Query,
  { feed, events }: NonNullable<ArchiveBatch['events']>,
): Promise<void> {
  const [newest] = await query<{ released: number }>(
    'SELECT released FROM events WHERE feed = $1 ORDER BY released DESC, number DESC LIMIT 1',
    [feed],
  )
  await query(
    `INSERT INTO events (feed, position, at, released, headline, chain, frame)
     SELECT $1, position, at, released, headline, chain, frame
     FROM json_to_recordset($2) AS event (
       place integer, position text, at bigint, released bigint, headline text, chain text, frame text
     )
     ORDER BY place ON CONFLICT DO NOTHING`,
    [
      feed,
      JSON.stringify(
        withReleased(events, newest?.released ?? 0).map((event, place) => ({ ...event, place })),
      ),
    ],
  )
}

export async function writeStripToPostgres(
  query: Query,
  { feed, lines }: NonNullable<ArchiveBatch['strip']>,
  last: NewEvent | undefined,
): Promise<void> {
  // Another process may have written later events already, and this is not the strip after those.
  const [strip] = await query<{ number: number }>(
    `INSERT INTO strips (feed, number)
     SELECT $1, coalesce((
       SELECT number FROM events WHERE feed = $1 AND ($2::text IS NULL OR (position = $2 AND chain = $3))
       ORDER BY released DESC, number DESC LIMIT 1
     ), 0)
     ON CONFLICT DO NOTHING RETURNING number`,
    [feed, last?.position ?? null, last?.chain ?? null],
  )
  if (strip === undefined) return
  await query(
    `INSERT INTO strip_lines (feed, number, rank, headline, line)
     SELECT $1, $2, place - 1, line::json ->> 'id', line
     FROM json_array_elements_text($3) WITH ORDINALITY AS lines (line, place)`,
    [feed, strip.number, JSON.stringify(lines)],
  )
}

export async function eraseLineInPostgres(query: Query, { story: _, ...line }: ArchivedLine): Promise<void> {
  const erased = { ...line, words: [], erased: true } as const
  await query(
    `UPDATE lines SET words = '{}', story = NULL, terms = $3, stored = $4, erased = true
     WHERE feed = $1 AND id = $2`,
    [line.feed, line.id, searchTermsOf(erased), JSON.stringify(storedWithoutWords(line.stored))],
  )
}

export async function eraseStripLinesInPostgres(
  query: Query,
  feed: string,
  ids: readonly string[],
): Promise<void> {
  const rows = await query<{ number: number; rank: number; line: string }>(
    'SELECT number, rank, line FROM strip_lines WHERE feed = $1 AND headline = ANY($2)',
    [feed, ids],
  )
  await query(
    `UPDATE strip_lines SET line = erased.line
     FROM json_to_recordset($2) AS erased (number bigint, rank integer, line text)
     WHERE strip_lines.feed = $1 AND strip_lines.number = erased.number AND strip_lines.rank = erased.rank`,
    [feed, JSON.stringify(rows.map((row) => ({ ...row, line: stripLineWithoutWords(row.line) })))],
  )
}
