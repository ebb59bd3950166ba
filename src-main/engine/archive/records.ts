import type { JsonObject, Json } from '../json'
import type { FileCheckpoint } from '../tail/file-state'

/**
 * What the archive holds. A block of records is one transaction: the requests read, and how far each file has been read
 * with them. So after a crash the requests and the read positions never disagree.
 */
export type ArchiveRecord = RequestRecord | FileRecord

/** An LLM request, holding only what no earlier record holds. */
export interface RequestRecord {
  readonly kind: 'request'
  /** Place of origin: file (FileCheckpoint.fileId), byte offset of the line, its bytes without the line break. */
  readonly file: number
  readonly offset: number
  readonly length: number
  /** Identity of the line (parse/line.ts, lineHash). */
  readonly hash: string
  /** ms since the epoch: the log's time, or the previous line's where the line had none. */
  readonly time: number
  readonly timeInferred?: true
  /** Sequence number of the request whose messages this one re-sends, and how many of them from the first. */
  readonly base?: number
  readonly kept?: number
  /** The messages after the kept ones. Absent when `ai.messages` was no list. */
  readonly messages?: readonly Json[]
  /** The log line without `ai_log`, and the `ai_log` without the messages held above. */
  readonly outer: JsonObject
  readonly ai: JsonObject
}

/** A file's read position and ledger from here on. */
export interface FileRecord {
  readonly kind: 'file'
  readonly checkpoint: FileCheckpoint
}
