import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, readSync, writeFileSync } from 'node:fs'
import { EngineError } from '../base/errors'
import { readRange } from '../disk/read-range'
import { BLOCK_HEADER_BYTES } from './block'
import type { ArchivePosition, BlockPlace } from './position'
import type { ArchiveRecord } from './records'
import { ARCHIVE_VERSION, readSegmentVersion, SEGMENT_HEADER_BYTES } from './segment'
import { findBlock, isTorn, readBlock } from './stored-block'

/** A part of the archive that is not as it was written. */
export type Damage =
  /** The end of the last segment, as a crash leaves it. Its requests were never acknowledged, so they are read again. */
  | { readonly kind: 'torn'; readonly path: string; readonly offset: number; readonly bytes: number }
  | { readonly kind: 'damaged'; readonly path: string; readonly offset: number; readonly bytes: number }
  /** Requests are missing before the block at `offset`: a segment is gone. */
  | { readonly kind: 'missing'; readonly path: string; readonly offset: number; readonly requests: number }

/** Takes a block that ends at byte `end` of its segment. */
type ApplyBlock = (records: readonly ArchiveRecord[], place: BlockPlace, end: number) => void

/** A segment to replay. */
interface ReplayedSegment {
  readonly path: string
  /** Where to start. */
  readonly position: ArchivePosition
  readonly isLast: boolean
  /** Whether a bad end may be cut off. */
  readonly writable: boolean
}

/**
 * Hands the blocks of a segment to `apply` in order. Damage within the segment is skipped. A bad end of the last segment
 * is cut off; unless a crash explains it, a copy is kept next to the segment. Returns the position after the last intact
 * block, and all damage. Throws `store-newer` when a later version of the program wrote the segment.
 */
export function replaySegment(
  { path, position: start, isLast, writable }: ReplayedSegment,
  apply: ApplyBlock,
): { readonly end: ArchivePosition; readonly damages: readonly Damage[] } {
  const { segment } = start
  const damages: Damage[] = []
  const fd = openSync(path, isLast && writable ? 'r+' : 'r')
  try {
    const size = fstatSync(fd).size
    const version = versionOf(fd, path)
    let { offset, nextSeq } = start
    let skipped = false
    while (offset < size) {
      const read = readBlock(fd, offset, size)
      if (read === null) {
        const next = findBlock(fd, offset + 1, size)
        // A reader may meet the writer in the middle of an append.
        const torn = next === null && isLast && (!writable || isTorn(fd, offset, size))
        damages.push({ kind: torn ? 'torn' : 'damaged', path, offset, bytes: (next ?? size) - offset })
        if (next === null) {
          if (isLast && writable) cutTail(fd, path, offset, { keep: torn ? 0 : size - offset })
          break
        }
        offset = next
        skipped = true
        continue
      }
      const { firstSeq, requests, storedBytes } = read.header
      if (firstSeq > nextSeq && !skipped) {
        damages.push({ kind: 'missing', path, offset, requests: firstSeq - nextSeq })
      }
      skipped = false
      nextSeq = firstSeq + requests
      const end = offset + BLOCK_HEADER_BYTES + storedBytes
      apply(read.records, { segment, offset, firstSeq, requests }, end)
      offset = end
    }
    if (version === null && writable && isLast && offset <= SEGMENT_HEADER_BYTES) {
      // A crash interrupted the start of this segment; the next append writes its header again.
      ftruncateSync(fd, 0)
    }
    return { end: { segment, offset: Math.max(offset, SEGMENT_HEADER_BYTES), nextSeq }, damages }
  } finally {
    closeSync(fd)
  }
}

function versionOf(fd: number, path: string): number | null {
  const header = Buffer.alloc(SEGMENT_HEADER_BYTES)
  readSync(fd, header, 0, header.length, 0)
  const version = readSegmentVersion(header)
  if (version === null || version <= ARCHIVE_VERSION) return version
  throw new EngineError('store-newer', 'A newer version of Agent Session Monitor wrote this data folder.', {
    where: path,
    hint: 'Install the newer version, or choose another data folder.',
  })
}

/** Truncates a segment at `offset`, after copying the first `keep` of the bytes removed into a file next to it. */
function cutTail(fd: number, path: string, offset: number, { keep }: { readonly keep: number }): void {
  if (keep > 0) writeFileSync(`${path}.damaged-${String(Date.now())}`, readRange(fd, offset, keep), { mode: 0o600 })
  ftruncateSync(fd, offset)
  fsyncSync(fd)
}
