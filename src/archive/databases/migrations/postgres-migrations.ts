/**
 * Steps of the schema, forwards only: the first makes version 1. A step that was released is never changed; a change
 * is a new step. The database keeps its version in the table `archive`.
 */
export const postgresMigrations: readonly string[] = [
  `
CREATE TABLE archive (identity text NOT NULL, version integer NOT NULL);

-- Ids have the order of their bytes, as in Redis. terms: each begins with the feed, so the index has a list of lines for
-- each word and feed. A small toast_tuple_target puts the records elsewhere, so a page of the table has many lines.
CREATE TABLE lines (
  feed text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  created_at bigint NOT NULL,
  ended_at bigint NOT NULL,
  status text NOT NULL,
  version integer NOT NULL,
  story text,
  section text,
  authors text[] NOT NULL,
  words text[] NOT NULL,
  terms text[] NOT NULL,
  erased boolean NOT NULL,
  stored text NOT NULL,
  PRIMARY KEY (feed, id)
) WITH (toast_tuple_target = 512);
-- The planner has to know the frequent words of each feed.
ALTER TABLE lines ALTER COLUMN terms SET STATISTICS 1000;
CREATE INDEX lines_by_time ON lines (feed, created_at, id);
-- Without fastupdate: a list of pending changes would make some searches slow.
CREATE INDEX lines_by_term ON lines USING gin (terms) WITH (fastupdate = off);
CREATE INDEX lines_to_erase ON lines (feed, ended_at, id) WHERE NOT erased;

-- aside: 0 for the entries that count; a higher number for entries that were set aside.
CREATE TABLE audit (
  scope text COLLATE "C" NOT NULL,
  aside integer NOT NULL,
  n bigint NOT NULL,
  chain text NOT NULL,
  json text,
  at bigint NOT NULL,
  address boolean NOT NULL,
  erased boolean NOT NULL,
  PRIMARY KEY (scope, aside, n)
);
CREATE INDEX audit_entries_to_erase ON audit (scope, at) WHERE json IS NOT NULL;
CREATE INDEX audit_addresses_to_erase ON audit (scope, at) WHERE address;

-- released: the latest time up to this event. It never goes back, as a clock may do, so its order is that of number.
CREATE TABLE events (
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  feed text COLLATE "C" NOT NULL,
  position text COLLATE "C" NOT NULL,
  at bigint NOT NULL,
  released bigint NOT NULL,
  headline text COLLATE "C" NOT NULL,
  chain text NOT NULL,
  frame text,
  UNIQUE (feed, position, chain)
);
CREATE INDEX events_by_time ON events (feed, released, number);
CREATE INDEX events_by_headline ON events (feed, headline);

CREATE TABLE strips (feed text COLLATE "C" NOT NULL, number bigint NOT NULL, PRIMARY KEY (feed, number));
CREATE TABLE strip_lines (
  feed text COLLATE "C" NOT NULL,
  number bigint NOT NULL,
  rank integer NOT NULL,
  headline text COLLATE "C" NOT NULL,
  line text NOT NULL,
  PRIMARY KEY (feed, number, rank)
);
CREATE INDEX strip_lines_by_headline ON strip_lines (feed, headline);
`,
]
