import type { AppError } from './result'

/** Which part of the history is meant. */
export type DataSelection =
  /** Sessions whose last request is older than this, ms since the epoch, with all their rounds. */
  | { readonly olderThan: number }
  /** The rounds that were read through this chosen path, and how far its files were read. */
  | { readonly source: string }

/** How much a selection is. */
export interface SelectionSize {
  readonly sessions: number
  readonly rounds: number
}

/** What the history takes on disk, bytes, and holds. */
export interface StoreSize extends SelectionSize {
  readonly archiveBytes: number
  readonly indexBytes: number
  /** Time of the first round, ms since the epoch; null when there is none. */
  readonly firstTime: number | null
}

/** How far a deletion is. It ends with a result, an error, or neither when it was cancelled. */
export interface DeletionProgress {
  readonly active: boolean
  readonly done: number
  readonly total: number
  /** Estimate; null until there is a rate. */
  readonly secondsLeft: number | null
  readonly result: (SelectionSize & { readonly freedBytes: number }) | null
  readonly error: AppError | null
}
