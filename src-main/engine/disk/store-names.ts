/** Names of the files and folders in a data folder. */
export const ARCHIVE = 'archive'
/** The archive that is being written to replace the present one (archive/folder.ts). */
export const NEXT_ARCHIVE = 'archive.next'
export const FORMER_ARCHIVE = 'archive.former'
export const SNAPSHOT = 'index.snapshot'
export const PRICES = 'prices.json'
export const LOCK = 'store.lock'
/** A deletion that has not finished yet (deletion/pending-deletion.ts). */
export const AGREED_DELETION = 'deletion.json'
