/**
 * Schema 2: latency, cache writes, status, source and re-sent messages of each request; usage by hour and by everything
 * that can be filtered. None of this can be derived from schema 1, so such an index is rebuilt from the archive. Counts
 * are tokens, times are ms since the epoch, durations ms, sizes bytes, costs picodollars (pricing/cost.ts). NULL means
 * not logged or unknown.
 */
export const sql = `
DROP TABLE usage;
DROP TABLE request;
DROP TABLE session;

-- Pairs of the gateway's route and authority; what a line does not name is empty.
CREATE TABLE route (id INTEGER PRIMARY KEY, name TEXT NOT NULL, authority TEXT NOT NULL, UNIQUE (name, authority));
-- Paths as the user chose them.
CREATE TABLE source (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);

CREATE TABLE session (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL,
  inferred INTEGER NOT NULL,
  title TEXT,
  title_time INTEGER,
  model_id INTEGER NOT NULL,
  first_time INTEGER NOT NULL,
  last_time INTEGER NOT NULL,
  last_seq INTEGER NOT NULL,
  rounds INTEGER NOT NULL DEFAULT 0,
  input INTEGER NOT NULL DEFAULT 0,
  output INTEGER NOT NULL DEFAULT 0,
  cached INTEGER NOT NULL DEFAULT 0,
  cache_write INTEGER NOT NULL DEFAULT 0,
  reasoning INTEGER NOT NULL DEFAULT 0,
  cost INTEGER NOT NULL DEFAULT 0,
  unpriced INTEGER NOT NULL DEFAULT 0,
  without_usage INTEGER NOT NULL DEFAULT 0,
  failed INTEGER NOT NULL DEFAULT 0,
  UNIQUE (key, inferred)
);
CREATE INDEX session_last_time ON session (last_time);

CREATE TABLE request (
  seq INTEGER PRIMARY KEY,
  session_id INTEGER NOT NULL,
  time INTEGER NOT NULL,
  model_id INTEGER NOT NULL,
  consumer_id INTEGER NOT NULL,
  route_id INTEGER NOT NULL,
  source_id INTEGER NOT NULL,
  -- Place in STATUSES (index/status.ts).
  status INTEGER NOT NULL,
  input INTEGER,
  output INTEGER,
  cached INTEGER,
  cache_write INTEGER,
  cache_write_hour INTEGER,
  reasoning INTEGER,
  cost INTEGER,
  first_token_ms REAL,
  service_ms REAL,
  duration_ms REAL,
  -- The request whose messages this one re-sends, how many of them, of how many it sends; the bytes of both.
  base INTEGER,
  kept INTEGER NOT NULL,
  messages INTEGER NOT NULL,
  kept_bytes INTEGER NOT NULL,
  messages_bytes INTEGER NOT NULL,
  file_id INTEGER NOT NULL,
  offset INTEGER NOT NULL,
  -- Identity of the line, two halves of 48 bits. No index: KnownLines holds the upper half in memory.
  hash_high INTEGER NOT NULL,
  hash_low INTEGER NOT NULL,
  -- The request whose messages this one re-sends is lost: its history can't be shown whole.
  broken INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX request_session ON request (session_id, time, seq);

-- Sums by hour (YYYYMMDDHH in the time zone of meta.time_zone) and by all that rounds can be filtered by.
CREATE TABLE usage (
  hour INTEGER NOT NULL,
  session_id INTEGER NOT NULL,
  model_id INTEGER NOT NULL,
  consumer_id INTEGER NOT NULL,
  source_id INTEGER NOT NULL,
  status INTEGER NOT NULL,
  rounds INTEGER NOT NULL,
  input INTEGER NOT NULL,
  output INTEGER NOT NULL,
  cached INTEGER NOT NULL,
  cache_write INTEGER NOT NULL,
  reasoning INTEGER NOT NULL,
  cost INTEGER NOT NULL,
  unpriced INTEGER NOT NULL,
  without_usage INTEGER NOT NULL,
  PRIMARY KEY (hour, session_id, model_id, consumer_id, source_id, status)
) WITHOUT ROWID;
`
