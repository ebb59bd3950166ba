/** What lies in a data folder, by name. */
export const ARCHIVE = 'archive'
/** Being written to take the archive's place (archive/folder.ts). */
export const NEXT_ARCHIVE = 'archive.next'
export const FORMER_ARCHIVE = 'archive.former'
export const SNAPSHOT = 'index.snapshot'
export const PRICES = 'prices.json'
export const LOCK = 'store.lock'
/** A deletion that is to be brought to its end (agreed-deletion.ts). */
export const AGREED_DELETION = 'deletion.json'
