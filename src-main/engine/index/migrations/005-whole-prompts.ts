/**
 * Schema 5: the whole prompt and all that was generated, where gateways that log cached or reasoning tokens as a part of
 * input or output are summed with others that log them beside it (parse/tokens.ts). An older index is made anew from the
 * archive, which also marks the requests with a count that can't be read, and gives sessions the titles that earlier programs did not look for among the messages.
 */
export const sql = `
ALTER TABLE session ADD COLUMN prompt INTEGER NOT NULL DEFAULT 0;
ALTER TABLE session ADD COLUMN completion INTEGER NOT NULL DEFAULT 0;
-- Whether what it cost is not known because a count can't be read.
ALTER TABLE request ADD COLUMN unusable INTEGER NOT NULL DEFAULT 0;
ALTER TABLE usage ADD COLUMN prompt INTEGER NOT NULL DEFAULT 0;
ALTER TABLE usage ADD COLUMN completion INTEGER NOT NULL DEFAULT 0;
`
