import {
  closeSync,
  existsSync,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  statSync,
} from 'node:fs'
import { join } from 'node:path'
import { EngineError, fromSystemError } from '../base/errors'
import { systemCode } from '../../shared/system-errors'
import { readRange } from '../disk/read-range'
import { syncFolder, writeFully } from '../disk/replace-file'
import { BLOCK_HEADER_BYTES, inflateBlock, readHeader, type BlockHeader } from './block'
import { BlockCache } from './block-cache'
import { ARCHIVE_START, type ArchivePosition, type BlockPlace } from './position'
import type { ArchiveRecord, RequestFrame } from './records'
import { replaySegment, type Damage } from './recovery'
import { listSegments, SEGMENT_BYTES, SEGMENT_HEADER_BYTES, segmentHeader, segmentName } from './segment'
import { readBlock, type StoredBlock } from './stored-block'

/**
 * The append-only store of every request: the truth from which the index is derived. One process writes it
 * (disk/store-lock.ts). Others may read it at the same time, because blocks are only ever appended.
 */
export class Archive {
  readonly folder: string
  /** Size at which a new segment is started, bytes. */
  readonly segmentBytes: number
  readonly #writable: boolean
  readonly #cache = new BlockCache()
  #fd: number | null = null
  #end: ArchivePosition = ARCHIVE_START
  #lastPlace: BlockPlace | null = null
  #unsynced = false

  constructor(folder: string, options: { readonly writable: boolean; readonly segmentBytes?: number }) {
    this.folder = folder
    this.#writable = options.writable
    this.segmentBytes = options.segmentBytes ?? SEGMENT_BYTES
  }

  /** Where the next block goes; known after replay(). */
  get end(): ArchivePosition {
    return this.#end
  }

  /**
   * Hands every block after `from` (null: from the start) to `apply`, in order, and prepares for appending after the last
   * intact block. How damage is treated: replaySegment(). `share` is the share of the replay done after this block, 0 to 1.
   * Throws `store-newer` when a later version of the program wrote the archive.
   */
  replay(
    from: ArchivePosition | null,
    apply: (records: readonly ArchiveRecord[], place: BlockPlace, share: number) => void,
  ): readonly Damage[] {
    const segments = existsSync(this.folder) ? listSegments(this.folder) : []
    const damages: Damage[] = []
    const first = from ?? ARCHIVE_START
    this.#end = first
    const wanted = segments
      .filter((segment) => segment >= first.segment)
      .map((segment) => {
        const start = segment === first.segment ? first.offset : SEGMENT_HEADER_BYTES
        return { segment, start, bytes: statSync(this.#path(segment)).size - start }
      })
    const all = wanted.reduce((sum, { bytes }) => sum + bytes, 0)
    let before = 0
    for (const { segment, start, bytes } of wanted) {
      const done = before
      const replayed = replaySegment(
        {
          path: this.#path(segment),
          position: { segment, offset: start, nextSeq: this.#end.nextSeq },
          isLast: segment === segments.at(-1),
          writable: this.#writable,
        },
        (records, place, end) => {
          // The writer may be appending to this segment.
          apply(records, place, Math.min(1, (done + end - start) / all))
        },
      )
      this.#end = replayed.end
      damages.push(...replayed.damages)
      before += bytes
    }
    return damages
  }

  /** Whether the archive extends to `position`. A snapshot that was saved at a later one does not belong to it. */
  reaches(position: ArchivePosition): boolean {
    if (position.segment === ARCHIVE_START.segment && position.offset === ARCHIVE_START.offset) return true
    try {
      const fd = openSync(this.#path(position.segment), 'r')
      try {
        return fstatSync(fd).size >= position.offset
      } finally {
        closeSync(fd)
      }
    } catch {
      return false
    }
  }

  /**
   * Appends a block with `requests` requests that was encoded for `end.nextSeq`. If it throws (disk full, …), nothing was
   * appended and the same call may be repeated.
   */
  append(block: Buffer, requests: number): BlockPlace {
    try {
      if (this.#end.offset > SEGMENT_HEADER_BYTES && this.#end.offset + block.length > this.segmentBytes)
        this.#rollOver()
      const fd = this.#openForAppend()
      const place = { segment: this.#end.segment, offset: this.#end.offset, firstSeq: this.#end.nextSeq, requests }
      writeFully(fd, block, place.offset)
      this.#end = {
        segment: place.segment,
        offset: place.offset + block.length,
        nextSeq: place.firstSeq + requests,
      }
      this.#unsynced = true
      this.#lastPlace = place
      return place
    } catch (error) {
      this.#dropPartialBlock()
      throw fromSystemError(error, this.#path(this.#end.segment))
    }
  }

  /** Place of the last appended block; null when none was appended since the archive was opened. */
  get lastPlace(): BlockPlace | null {
    return this.#lastPlace
  }

  /** Makes appended blocks survive a loss of power. */
  sync(): void {
    if (this.#fd === null || !this.#unsynced) return
    fdatasyncSync(this.#fd)
    this.#unsynced = false
  }

  /** Gives the first request of the next block the number `seq`; the numbers before it stay missing. */
  skipTo(seq: number): void {
    this.#end = { ...this.#end, nextSeq: seq }
  }

  /** Request `seq` from the block at `place`. Throws `corrupt` when the block cannot be read. */
  request(place: BlockPlace, seq: number): RequestFrame {
    const records = this.#cache.get(place, (uncached) => this.read(uncached))
    for (const record of records) if (record.kind === 'request' && record.seq === seq) return record
    throw new EngineError('corrupt', 'A request is missing from the archive.', { where: this.#path(place.segment) })
  }

  /** The block at `place`, bypassing the cache. Throws `corrupt` when it cannot be read. */
  read(place: BlockPlace): StoredBlock {
    const path = this.#path(place.segment)
    const fd = this.#openForRead(place)
    try {
      const read = readBlock(fd, place.offset, fstatSync(fd).size)
      // A different block is there after another process has rewritten the archive.
      if (read?.header.firstSeq !== place.firstSeq) throw lostBlock(path, place)
      return read
    } finally {
      closeSync(fd)
    }
  }

  /**
   * The bytes of the records (frame.ts) of the block at `place`, inflated in another thread, bypassing the cache. Rejects
   * with `corrupt` when the block cannot be read.
   */
  async readPayload(place: BlockPlace): Promise<{ readonly header: BlockHeader; readonly payload: Buffer }> {
    const fd = this.#openForRead(place)
    let block: Buffer
    try {
      block = readRange(fd, place.offset, BLOCK_HEADER_BYTES)
      const header = readHeader(block)
      if (header !== null && header.firstSeq === place.firstSeq)
        block = readRange(fd, place.offset, Math.min(BLOCK_HEADER_BYTES + header.storedBytes, fstatSync(fd).size))
    } finally {
      closeSync(fd)
    }
    const header = readHeader(block)
    const payload = await inflateBlock(block)
    if (header === null || payload === null) throw lostBlock(this.#path(place.segment), place)
    return { header, payload }
  }

  close(): void {
    try {
      this.sync()
    } finally {
      if (this.#fd !== null) closeSync(this.#fd)
      this.#fd = null
      this.#cache.clear()
    }
  }

  #path(segment: number): string {
    return join(this.folder, segmentName(segment))
  }

  #openForRead(place: BlockPlace): number {
    const path = this.#path(place.segment)
    try {
      return openSync(path, 'r')
    } catch (error) {
      throw systemCode(error) === 'ENOENT' ? lostBlock(path, place) : fromSystemError(error, path)
    }
  }

  #rollOver(): void {
    if (this.#fd !== null) {
      fdatasyncSync(this.#fd)
      closeSync(this.#fd)
      this.#fd = null
    }
    this.#end = { segment: this.#end.segment + 1, offset: SEGMENT_HEADER_BYTES, nextSeq: this.#end.nextSeq }
  }

  #openForAppend(): number {
    if (this.#fd !== null) return this.#fd
    mkdirSync(this.folder, { recursive: true })
    const path = this.#path(this.#end.segment)
    const fd = openSync(path, existsSync(path) ? 'r+' : 'w+')
    try {
      if (fstatSync(fd).size < SEGMENT_HEADER_BYTES) {
        writeFully(fd, segmentHeader(), 0)
        fsyncSync(fd)
        syncFolder(this.folder)
      }
    } catch (error) {
      closeSync(fd)
      throw error
    }
    this.#fd = fd
    return fd
  }

  /** Removes what a failed append wrote, so that the next one starts after an intact block. */
  #dropPartialBlock(): void {
    if (this.#fd === null) return
    try {
      ftruncateSync(this.#fd, this.#end.offset)
    } catch {
      // The next replay cuts it off.
    }
  }
}

function lostBlock(path: string, place: BlockPlace): EngineError {
  return new EngineError('corrupt', 'A block of the archive is damaged.', {
    where: `${path} at byte ${String(place.offset)}`,
    hint: 'Start again: what the logs still hold is read once more.',
  })
}
