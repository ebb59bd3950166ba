/**
 * Schema 5: the whole prompt and completion, because some gateways log cached and reasoning tokens as a part of input
 * and output, and others next to them. The analyses are by source as well. An older index is rebuilt from the archive,
 * which also marks requests with unreadable counts and finds titles that earlier versions did not look for among the
 * messages.
 */
export const sql = `
ALTER TABLE session ADD COLUMN prompt INTEGER NOT NULL DEFAULT 0;
ALTER TABLE session ADD COLUMN completion INTEGER NOT NULL DEFAULT 0;
-- Whether what it cost is not known because a count can't be read.
ALTER TABLE request ADD COLUMN unusable INTEGER NOT NULL DEFAULT 0;
ALTER TABLE usage ADD COLUMN prompt INTEGER NOT NULL DEFAULT 0;
ALTER TABLE usage ADD COLUMN completion INTEGER NOT NULL DEFAULT 0;

DROP TABLE insight_day;
-- As in schema 3; the input of known_input is the whole prompt.
CREATE TABLE insight_day (
  day INTEGER NOT NULL,
  model_id INTEGER NOT NULL,
  consumer_id INTEGER NOT NULL,
  source_id INTEGER NOT NULL,
  known_rounds INTEGER NOT NULL DEFAULT 0,
  known_input INTEGER NOT NULL DEFAULT 0,
  resent INTEGER NOT NULL DEFAULT 0,
  compactions INTEGER NOT NULL DEFAULT 0,
  breaks INTEGER NOT NULL DEFAULT 0,
  rebilled INTEGER NOT NULL DEFAULT 0,
  rebilled_estimated INTEGER NOT NULL DEFAULT 0,
  latency BLOB,
  PRIMARY KEY (day, model_id, consumer_id, source_id)
) WITHOUT ROWID;
`
