/**
 * Schema 3: tables for the analyses, updated with each request, so that no query has to scan all requests. They cannot
 * be derived from schema 2, so such an index is rebuilt from the archive. Days are YYYYMMDD in the time zone of
 * meta.time_zone; other units as in schema 2.
 */
export const sql = `
-- Why a request without a session id is in its session (sessions/inference/evidence.ts).
CREATE TABLE inference (
  seq INTEGER PRIMARY KEY,
  previous INTEGER,
  confidence INTEGER NOT NULL,
  evidence INTEGER NOT NULL,
  messages INTEGER NOT NULL
);

-- Sums by day, model and consumer.
CREATE TABLE insight_day (
  day INTEGER NOT NULL,
  model_id INTEGER NOT NULL,
  consumer_id INTEGER NOT NULL,
  -- Rounds whose history's share is known, their input, and how much of it was sent before (an estimate, by bytes).
  known_rounds INTEGER NOT NULL DEFAULT 0,
  known_input INTEGER NOT NULL DEFAULT 0,
  resent INTEGER NOT NULL DEFAULT 0,
  compactions INTEGER NOT NULL DEFAULT 0,
  -- Breaks of the prompt cache, the tokens billed again by them, and those of these that are an estimate.
  breaks INTEGER NOT NULL DEFAULT 0,
  rebilled INTEGER NOT NULL DEFAULT 0,
  rebilled_estimated INTEGER NOT NULL DEFAULT 0,
  -- Sketches of the latencies (index/sketch.ts); NULL where nothing was logged.
  latency BLOB,
  PRIMARY KEY (day, model_id, consumer_id)
) WITHOUT ROWID;

-- Requests that broke the prompt cache: the request before, the first message that differs (1-based, NULL: none does,
-- the cache was lost), and the tokens billed again.
CREATE TABLE cache_break (
  seq INTEGER PRIMARY KEY,
  previous INTEGER NOT NULL,
  day INTEGER NOT NULL,
  message INTEGER,
  tokens INTEGER NOT NULL,
  estimated INTEGER NOT NULL
);
CREATE INDEX cache_break_tokens ON cache_break (tokens, day);
CREATE INDEX cache_break_previous ON cache_break (previous);

-- Requests that send the messages of another one again, and only these.
CREATE TABLE retry (seq INTEGER PRIMARY KEY, previous INTEGER NOT NULL, day INTEGER NOT NULL);

CREATE TABLE tool (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
-- What a request called and was told by tools.
CREATE TABLE tool_call (
  seq INTEGER NOT NULL,
  tool_id INTEGER NOT NULL,
  calls INTEGER NOT NULL,
  argument_bytes INTEGER NOT NULL,
  results INTEGER NOT NULL,
  result_bytes INTEGER NOT NULL,
  PRIMARY KEY (seq, tool_id)
) WITHOUT ROWID;
-- The sums of it by day. Rounds and cost are of the requests that called the tool.
CREATE TABLE tool_day (
  day INTEGER NOT NULL,
  tool_id INTEGER NOT NULL,
  rounds INTEGER NOT NULL,
  calls INTEGER NOT NULL,
  argument_bytes INTEGER NOT NULL,
  results INTEGER NOT NULL,
  result_bytes INTEGER NOT NULL,
  cost INTEGER NOT NULL,
  unpriced INTEGER NOT NULL,
  PRIMARY KEY (day, tool_id)
) WITHOUT ROWID;

CREATE TABLE route_day (
  day INTEGER NOT NULL,
  route_id INTEGER NOT NULL,
  session_id INTEGER NOT NULL,
  rounds INTEGER NOT NULL,
  tokens INTEGER NOT NULL,
  cost INTEGER NOT NULL,
  unpriced INTEGER NOT NULL,
  PRIMARY KEY (day, route_id, session_id)
) WITHOUT ROWID;
`
