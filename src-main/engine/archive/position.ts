import { SEGMENT_HEADER_BYTES } from './segment'

/** A place between two blocks: everything before it has been read. */
export interface ArchivePosition {
  readonly segment: number
  readonly offset: number
  /** Number of the first request after it. */
  readonly nextSeq: number
}

export const ARCHIVE_START: ArchivePosition = { segment: 1, offset: SEGMENT_HEADER_BYTES, nextSeq: 1 }

/** A block's place, and its requests: sequence numbers firstSeq to firstSeq + requests - 1. */
export interface BlockPlace {
  readonly segment: number
  readonly offset: number
  readonly firstSeq: number
  readonly requests: number
}
