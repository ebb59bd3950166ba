import type { Json, JsonObject } from '../base/json'
import type { InferredSession } from './inferred-session'
import type { FileCheckpoint } from '../tail/file-state'

/**
 * What the archive holds. A block of records is one transaction: the requests read, and how far each file has been
 * read. So requests and read positions agree even after a crash.
 */
export type ArchiveRecord = RequestFrame | FileRecord | DroppedRecord | DeletedLinesRecord

/** Where and when a request was read. */
export interface RequestOrigin {
  /**
   * File (FileCheckpoint.fileId), byte offset of the line in it, and the line's length in bytes without its line break.
   */
  readonly file: number
  readonly offset: number
  readonly length: number
  /** Identity of the line (parse/line-hash.ts). */
  readonly hash: string
  /** ms since the epoch: the logged time, or that of the previous line if the line has none. */
  readonly time: number
  readonly timeInferred: boolean
  /** Sequence number of the request whose messages this one sends again; null when there is none. */
  readonly base: number | null
  /** How many messages it sends again, counted from the first. */
  readonly kept: number
  /**
   * Its conversation if it was logged without a session id; null when it has one, or when an older version stored it.
   */
  readonly inferred: InferredSession | null
}

/**
 * An LLM request as stored: the bytes of the log line, except for the part of its `messages` that request `base`
 * already sent. With the bytes of the base, the line can be restored exactly (sessions/conversations.ts).
 */
export interface RequestFrame extends RequestOrigin {
  readonly kind: 'request'
  /** Its sequence number. */
  readonly seq: number
  /** Bytes of the base's `messages` array (from its `[`) that this one starts with and that were left out. */
  readonly keptBytes: number
  /**
   * Where the `messages` array starts in the line, and how many of its bytes are stored; -1 and 0 when there is none.
   */
  readonly messagesStart: number
  readonly freshBytes: number
  /** The trimmed line without the bytes left out. */
  readonly stored: Buffer
}

/** A parsed request (archive/decode.ts). */
export interface RequestRecord extends RequestOrigin {
  /** The messages after the kept ones; null when `ai.messages` is not a list. */
  readonly messages: readonly Json[] | null
  /** The log line's own fields, and those of its `ai_log` except for the messages above. */
  readonly outer: JsonObject
  readonly ai: JsonObject
  /** The line was not JSON: what could be told apart was read. */
  readonly mended: boolean
}

/** Replaces deleted requests, so that the later ones keep their sequence numbers. */
interface DroppedRecord {
  readonly kind: 'dropped'
  readonly requests: number
}

/** Length of a line's identity, bytes (parse/line-hash.ts). */
export const LINE_HASH_BYTES = 12

/** Lines that were deleted for good: when they are read again, they stay deleted. */
export interface DeletedLinesRecord {
  readonly kind: 'deleted-lines'
  /** Their identities, LINE_HASH_BYTES each. */
  readonly hashes: Buffer
}

/** A file's read position and ledger from here on. */
export interface FileRecord {
  readonly kind: 'file'
  readonly checkpoint: FileCheckpoint
}
