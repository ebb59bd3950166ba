import type { Ledger, LedgerMarks, OddLine, WrapperCounts } from '../../contract/index'

/**
 * How far a log file has been read, and how it is known again. A file is not its name: rotation renames it. It is not
 * its inode alone either: the system gives a deleted file's inode to the next one, and copytruncate keeps the inode and
 * changes the content. So a file is its device and inode, and the content that was read: its head, and the marker, the
 * bytes right before the read position.
 */
export interface FileCheckpoint {
  /** Number this file has in the store; a file whose content was replaced gets a new one. */
  readonly fileId: number
  /** Path it was last seen at; where the chosen path is a link, the real one. */
  readonly path: string
  /** The path the user chose through which it was found. */
  readonly source: string
  /** Device and inode as decimal text: inodes on Windows exceed the exact range of a number. */
  readonly dev: string
  readonly ino: string
  readonly compressed: boolean
  /** Bytes consumed as whole lines; of a compressed file, bytes after decompression. */
  readonly offset: number
  /** Bytes and hash of the head, at most HEAD_BYTES, never more than `offset`; of a compressed file, as stored. */
  readonly headBytes: number
  readonly headHash: string
  /** Bytes and hash of what lies right before `offset`. Of a compressed file: 0. */
  readonly markerBytes: number
  readonly markerHash: string
  /** Size and modification time (ns, decimal text) when a compressed file was read to its end. */
  readonly sizeBytes: number
  readonly mtimeNs: string
  /** Time of the last line, ms since the epoch: the time of a line that has none. */
  readonly lastTime: number | null
  /** The last line was taken before its line break was written; the break is still to come. */
  readonly breakOwed: boolean
  /** Its content was replaced or is told by another number: never read again. */
  readonly retired: boolean
  /** The archive lost requests: when the file is there, it is read again from its start. */
  readonly readAgain: boolean
  readonly ledger: Ledger
  readonly marks: LedgerMarks
  /** Where the first line begins whose end had not come (its pieces are counted in `offset`); absent when there is none. */
  readonly unfinishedFrom?: number
  /** Absent where no line was wrapped. */
  readonly wrappers?: WrapperCounts
  /** Absent where there are none. */
  readonly oddLines?: readonly OddLine[]
}

export const HEAD_BYTES = 1024
export const MARKER_BYTES = 1024

export const EMPTY_LEDGER: Ledger = {
  lines: 0,
  counted: 0,
  duplicate: 0,
  notLlm: 0,
  malformed: 0,
  blank: 0,
  tooLong: 0,
  filtered: 0,
  deleted: 0,
}
export const EMPTY_MARKS: LedgerMarks = {
  withoutUsage: 0,
  truncated: 0,
  timeInferred: 0,
  badNumber: 0,
  withoutSession: 0,
  mended: 0,
  withoutText: 0,
  unlogged: 0,
  cut: 0,
  leftOut: 0,
  broken: 0,
  unreadableTime: 0,
}

export type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** Adds two ledgers (or two sets of marks) count by count. `b` may be of a former version, which lacks some of them. */
export function addCounts<T extends { readonly [K in keyof T]: number }>(a: T, b: Partial<T>): T {
  const sum: Record<string, number> = {}
  for (const key of Object.keys(a) as (keyof T & string)[]) sum[key] = a[key] + (b[key] ?? 0)
  return sum as T
}
