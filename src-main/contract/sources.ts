import type { AppError } from './result'

/**
 * What became of every line that was read. `counted` to `deleted` exclude each other and sum to `lines`.
 */
export interface Ledger {
  readonly lines: number
  /** LLM requests that became a round. */
  readonly counted: number
  /** LLM requests read before: rotation, restart, copy of the log. */
  readonly duplicate: number
  /** JSON lines without an LLM request (`ai_log` absent, empty or "-"). */
  readonly notLlm: number
  /** Not JSON, not an object, or an `ai_log` that is not a JSON object. */
  readonly malformed: number
  /** Nothing but white space or NUL bytes, or the brackets around the entries of an array. */
  readonly blank: number
  /** Longer than the reader's stated limit. */
  readonly tooLong: number
  /** LLM requests left out because their session id does not hold their source's session key. Nothing of them is kept. */
  readonly filtered: number
  /** LLM requests that became a round and were deleted since, also where they are met again. */
  readonly deleted: number
}

/** Remarks on lines, on counted ones unless it says otherwise. They overlap and sum to nothing. */
export interface LedgerMarks {
  /** Logged neither input nor output tokens. */
  readonly withoutUsage: number
  /** At least one value cut by the gateway. */
  readonly truncated: number
  /** No time of their own. */
  readonly timeInferred: number
  /** A count that is negative, fractional, absurd or no number; treated as unknown. */
  readonly badNumber: number
  /** No session id. */
  readonly withoutSession: number
  /** Not JSON because of what a client put into a field: what could be told apart was read. */
  readonly mended: number
  /** Neither messages nor a question nor an answer: the gateway logs none. */
  readonly withoutText: number
  /** Not counted: a call to a model's path of which the gateway logged nothing. */
  readonly unlogged: number
  /** Malformed: a gateway's line whose end never came. */
  readonly cut: number
  /** Malformed: the tool that logged the line left its text out. */
  readonly leftOut: number
  /** Malformed, although it is a gateway's line and whole. */
  readonly broken: number
  /** Counted, with a time of its own that can't be read; another line's was taken. */
  readonly unreadableTime: number
}

/** Tools that are known by what they put around the lines of a log (docs/formats/wrappers.md). */
export type WrapperName =
  | 'cri'
  | 'docker'
  | 'kubectl'
  | 'timestamps'
  | 'compose'
  | 'stern'
  | 'syslog'
  | 'journal'
  | 'tai64n'
  | 'svlogd'
  | 'fluentd'
  | 'fluent-bit'
  | 'loki'
  | 'collector'
  | 'pretty'
  | 'prefix'

export type LogFileState =
  /** Bytes are waiting to be read. */
  | 'reading'
  /** Read to its end, followed for more. */
  | 'following'
  /** Read to its end; compressed or rotated away, nothing more will come. */
  | 'complete'
  /** No longer there. What was read is kept. */
  | 'gone'
  | 'error'

export interface LogFileStatus {
  readonly fileId: number
  readonly path: string
  readonly state: LogFileState
  readonly compressed: boolean
  /** Bytes on disk when last looked at. */
  readonly sizeBytes: number
  /** Bytes consumed as whole lines. */
  readonly readBytes: number
  readonly error: AppError | null
  readonly ledger: Ledger
  readonly marks: LedgerMarks
  /** Lines by the tool that was recognised around them. */
  readonly wrappers: WrapperCounts
  /** Lines that have begun and whose end has not come. */
  readonly unfinished: number
  /** Where the first lines stand that are worth a look. */
  readonly oddLines: readonly OddLine[]
}

export type WrapperCounts = Readonly<Partial<Record<WrapperName, number>>>

/** A line that could not be read, or not all of it. Its text stays in the log. */
export interface OddLine {
  readonly kind: 'cut' | 'broken' | 'mended' | 'unreadable-time'
  /** In the file, unpacked, in bytes. */
  readonly offset: number
  readonly length: number
}

type SourceState = 'looking' | 'reading' | 'following' | 'paused' | 'error'

/** A path the user chose, and how it is to be read. */
export interface WatchedSource {
  readonly path: string
  /** Nothing of it is read until it is resumed; then it goes on where it was. */
  readonly paused?: boolean
  /** Only requests whose session id holds this text are taken in; null or empty: all. */
  readonly sessionKey?: string | null
}

/** A path the user chose, and the logs found there. */
export interface SourceStatus {
  readonly path: string
  readonly state: SourceState
  readonly sessionKey: string | null
  readonly error: AppError | null
  readonly files: readonly LogFileStatus[]
  /** Files that look like logs by their names and hold no gateway's line; the first hundred. */
  readonly passedOver: readonly string[]
}

export interface SourcesStatus {
  readonly sources: readonly SourceStatus[]
  /** Sum over all files ever read, those of removed sources included. */
  readonly ledger: Ledger
  readonly marks: LedgerMarks
}

/** How far the current reading is. */
export interface Progress {
  readonly active: boolean
  readonly bytesDone: number
  readonly bytesTotal: number
  readonly bytesPerSecond: number
  /** Estimate; null until there is a rate. */
  readonly secondsLeft: number | null
  readonly path: string | null
}
