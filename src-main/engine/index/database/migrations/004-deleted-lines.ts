/** Schema 4: lines that were deleted for good, by the halves of their identity. An older store has none. */
export const sql = `
CREATE TABLE deleted_line (
  hash_high INTEGER NOT NULL,
  hash_low INTEGER NOT NULL,
  PRIMARY KEY (hash_high, hash_low)
) WITHOUT ROWID;
`
