/**
 * Schema 6: what the logged counts mean (parse/usage.ts). The whole prompt and completion are stored rather than
 * derived from the counts by their size, so an older index is rebuilt from the archive. Counts are tokens.
 */
export const sql = `
ALTER TABLE request DROP COLUMN unusable;
-- Everything sent and everything generated; NULL is unknown. The other counts are parts of these.
ALTER TABLE request ADD COLUMN prompt INTEGER;
ALTER TABLE request ADD COLUMN completion INTEGER;
-- Bits of USAGE_MARKS (parse/usage-marks.ts).
ALTER TABLE request ADD COLUMN usage_marks INTEGER NOT NULL DEFAULT 0;
-- "AUDIO_IN IMAGE_IN AUDIO_OUT IMAGE_OUT" in tokens; NULL where all are 0, as for nearly every request.
ALTER TABLE request ADD COLUMN media TEXT;
-- Whether the cost is an estimate at the price it was made with.
ALTER TABLE request ADD COLUMN cost_estimated INTEGER NOT NULL DEFAULT 0;

-- Rounds whose cost is an estimate, and rounds whose cost is a lower bound.
ALTER TABLE session ADD COLUMN estimated INTEGER NOT NULL DEFAULT 0;
ALTER TABLE session ADD COLUMN lower_bound INTEGER NOT NULL DEFAULT 0;
ALTER TABLE usage ADD COLUMN estimated INTEGER NOT NULL DEFAULT 0;
ALTER TABLE usage ADD COLUMN lower_bound INTEGER NOT NULL DEFAULT 0;
`
