import type { Json, JsonObject } from '../base/json'
import type { InferredSession } from './inferred-session'
import type { FileCheckpoint } from '../tail/file-state'

/**
 * What the archive holds. A block of records is one transaction: the requests read, and how far each file has been read
 * with them. So after a crash the requests and the read positions never disagree.
 */
export type ArchiveRecord = RequestFrame | FileRecord | DroppedRecord | DeletedLinesRecord

/** Where and when a request was read. */
export interface RequestOrigin {
  /** Place of origin: file (FileCheckpoint.fileId), byte offset of the line, its bytes without the line break. */
  readonly file: number
  readonly offset: number
  readonly length: number
  /** Identity of the line (parse/line-hash.ts). */
  readonly hash: string
  /** ms since the epoch: the log's time, or the previous line's where the line had none. */
  readonly time: number
  readonly timeInferred: boolean
  /** Sequence number of the request whose messages this one re-sends; null when it re-sends none. */
  readonly base: number | null
  /** How many of its messages, from the first. */
  readonly kept: number
  /** Where it belongs when it was logged without a session id; null when it has one, or was stored before this was kept. */
  readonly inferred: InferredSession | null
}

/**
 * An LLM request as it is stored: the log line's own bytes, less the part of its `messages` that request `base` sent
 * already. With the base's bytes the line can be put together again to the byte (sessions/conversation.ts).
 */
export interface RequestFrame extends RequestOrigin {
  readonly kind: 'request'
  /** Its sequence number. */
  readonly seq: number
  /** Bytes of the base's `messages` array (from its `[`) that stand here too and were left out. */
  readonly keptBytes: number
  /** Where the `messages` array starts in the line, and how many of its bytes are stored; -1 and 0: no such array. */
  readonly messagesStart: number
  readonly freshBytes: number
  /** The trimmed line without the bytes left out. */
  readonly stored: Buffer
}

/** A request taken apart (archive/decode.ts). */
export interface RequestRecord extends RequestOrigin {
  /** The messages after the kept ones; null when `ai.messages` is no list. */
  readonly messages: readonly Json[] | null
  /** The log line's own fields, and those of its `ai_log` without the messages held above. */
  readonly outer: JsonObject
  readonly ai: JsonObject
}

/** Stands where requests stood that were deleted, so that those after them keep their sequence numbers. */
interface DroppedRecord {
  readonly kind: 'dropped'
  readonly requests: number
}

/** Bytes of a line's identity (parse/line-hash.ts). */
export const LINE_HASH_BYTES = 12

/** Lines that were deleted for good: wherever they are met again, they stay deleted. */
export interface DeletedLinesRecord {
  readonly kind: 'deleted-lines'
  /** The identities, LINE_HASH_BYTES each, one after the other. */
  readonly hashes: Buffer
}

/** A file's read position and ledger from here on. */
export interface FileRecord {
  readonly kind: 'file'
  readonly checkpoint: FileCheckpoint
}
