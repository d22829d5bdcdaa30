/**
 * Steps of the schema, forwards only: the first makes version 1. A step that was released is never changed; a change
 * is a new step. The database keeps its version in the table `archive`.
 */
export const libsqlMigrations: readonly string[] = [
  `
CREATE TABLE archive (identity TEXT NOT NULL, version INTEGER NOT NULL) STRICT;

-- place: the creation time in ms times 2^20, and a number that separates lines of the same ms. The search index gives
-- its rows in this order, so a search for a frequent word ends after one page.
CREATE TABLE lines (
  place INTEGER PRIMARY KEY,
  feed TEXT NOT NULL,
  id TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  ended_at INTEGER NOT NULL,
  status TEXT NOT NULL,
  version INTEGER NOT NULL,
  story TEXT,
  section TEXT,
  authors TEXT NOT NULL,
  words TEXT NOT NULL,
  erased INTEGER NOT NULL,
  UNIQUE (feed, id)
) STRICT;
CREATE INDEX lines_to_erase ON lines (feed, ended_at, id) WHERE erased = 0;

-- Apart from the lines, so that a page of the table has many of them.
CREATE TABLE records (place INTEGER PRIMARY KEY, stored TEXT NOT NULL) STRICT;

-- The tokenizer 'ascii' splits at spaces only and folds no letter beyond ASCII: terms stay as they are written. The
-- tokenizer 'unicode61' folds some letters and splits words in scripts that its Unicode version does not know.
CREATE VIRTUAL TABLE search USING fts5 (
  terms, content = '', contentless_delete = 1, detail = none,
  tokenize = "ascii tokenchars '!#$%&()*+,-./:;<=>?@[\\]^_\`{|}~'"
);

-- aside: 0 for the entries that count; a higher number for entries that were set aside.
CREATE TABLE audit (
  scope TEXT NOT NULL,
  aside INTEGER NOT NULL,
  n INTEGER NOT NULL,
  chain TEXT NOT NULL,
  json TEXT,
  at INTEGER NOT NULL,
  address INTEGER NOT NULL,
  erased INTEGER NOT NULL,
  PRIMARY KEY (scope, aside, n)
) STRICT;
CREATE INDEX audit_entries_to_erase ON audit (scope, at) WHERE json IS NOT NULL;
CREATE INDEX audit_addresses_to_erase ON audit (scope, at) WHERE address = 1;

-- released: the latest time up to this event. It never goes back, as a clock may do, so its order is that of number.
CREATE TABLE events (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  feed TEXT NOT NULL,
  position TEXT NOT NULL,
  at INTEGER NOT NULL,
  released INTEGER NOT NULL,
  headline TEXT NOT NULL,
  chain TEXT NOT NULL,
  frame TEXT,
  UNIQUE (feed, position, chain)
) STRICT;
CREATE INDEX events_by_time ON events (feed, released, number);
CREATE INDEX events_by_headline ON events (feed, headline);

CREATE TABLE strips (feed TEXT NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (feed, number)) STRICT, WITHOUT ROWID;
CREATE TABLE strip_lines (
  feed TEXT NOT NULL,
  number INTEGER NOT NULL,
  rank INTEGER NOT NULL,
  headline TEXT NOT NULL,
  line TEXT NOT NULL,
  PRIMARY KEY (feed, number, rank)
) STRICT;
CREATE INDEX strip_lines_by_headline ON strip_lines (feed, headline);
`,
]
