/**
 * Schema 1. Counts are tokens, times are ms since the epoch, costs are picodollars (pricing/cost.ts). NULL means not
 * logged or unknown. There is no message text: that is in the archive, where `block` and `seq` lead.
 */
export const sql = `
CREATE TABLE meta (key TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID;

-- The unnamed model or consumer is the row with the empty name.
CREATE TABLE model (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE consumer (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);

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
  reasoning INTEGER NOT NULL DEFAULT 0,
  cost INTEGER NOT NULL DEFAULT 0,
  unpriced INTEGER NOT NULL DEFAULT 0,
  without_usage INTEGER NOT NULL DEFAULT 0,
  UNIQUE (key, inferred)
);
CREATE INDEX session_last_time ON session (last_time);

CREATE TABLE request (
  seq INTEGER PRIMARY KEY,
  session_id INTEGER NOT NULL,
  time INTEGER NOT NULL,
  model_id INTEGER NOT NULL,
  consumer_id INTEGER NOT NULL,
  input INTEGER,
  output INTEGER,
  cached INTEGER,
  reasoning INTEGER,
  cost INTEGER,
  file_id INTEGER NOT NULL,
  offset INTEGER NOT NULL,
  -- Identity of the line, two halves of 48 bits. No index: KnownLines holds the upper half in memory.
  hash_high INTEGER NOT NULL,
  hash_low INTEGER NOT NULL,
  -- The request whose messages this one re-sends is lost: its history can't be shown whole.
  broken INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX request_session ON request (session_id, time, seq);

-- Sums by day (YYYYMMDD in the time zone of meta.time_zone), session and model.
CREATE TABLE usage (
  day INTEGER NOT NULL,
  session_id INTEGER NOT NULL,
  model_id INTEGER NOT NULL,
  rounds INTEGER NOT NULL,
  input INTEGER NOT NULL,
  output INTEGER NOT NULL,
  cached INTEGER NOT NULL,
  reasoning INTEGER NOT NULL,
  cost INTEGER NOT NULL,
  unpriced INTEGER NOT NULL,
  without_usage INTEGER NOT NULL,
  PRIMARY KEY (day, session_id, model_id)
) WITHOUT ROWID;

-- Where requests first_seq … first_seq + requests - 1 lie in the archive.
CREATE TABLE block (
  first_seq INTEGER PRIMARY KEY,
  requests INTEGER NOT NULL,
  segment INTEGER NOT NULL,
  offset INTEGER NOT NULL
);

-- Read positions and ledgers: FileCheckpoint as JSON.
CREATE TABLE file (id INTEGER PRIMARY KEY, checkpoint TEXT NOT NULL);
`
