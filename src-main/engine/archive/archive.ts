import {
  closeSync,
  existsSync,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { EngineError, fromSystemError, systemCode } from '../base/errors'
import { readRange } from '../disk/read-range'
import { syncFolder, writeFully } from '../disk/replace-file'
import { BLOCK_HEADER_BYTES, BLOCK_MAGIC_BYTES, decodeBlock, inflateBlock, readHeader, type BlockHeader } from './block'
import type { ArchiveRecord, RequestFrame } from './records'
import {
  ARCHIVE_VERSION,
  listSegments,
  readSegmentVersion,
  SEGMENT_BYTES,
  SEGMENT_HEADER_BYTES,
  segmentHeader,
  segmentName,
} from './segment'

/** A place between two blocks. Everything before it has been read; `nextSeq` is the first request after it. */
export interface ArchivePosition {
  readonly segment: number
  readonly offset: number
  readonly nextSeq: number
}

/** Where a block lies, and the requests it holds: sequence numbers firstSeq to firstSeq + requests - 1. */
export interface BlockPlace {
  readonly segment: number
  readonly offset: number
  readonly firstSeq: number
  readonly requests: number
}

/** What of the archive is not as it was written. */
export type Damage =
  /** The last segment's end, as a crash leaves it: what it held was never acknowledged, and is read again. */
  | { readonly kind: 'torn'; readonly path: string; readonly offset: number; readonly bytes: number }
  | { readonly kind: 'damaged'; readonly path: string; readonly offset: number; readonly bytes: number }
  /** Requests that should stand before the block at `offset` are nowhere: a segment is gone. */
  | { readonly kind: 'missing'; readonly path: string; readonly offset: number; readonly requests: number }

export const ARCHIVE_START: ArchivePosition = { segment: 1, offset: SEGMENT_HEADER_BYTES, nextSeq: 1 }

/** Blocks read back are kept while they are few, and their records small: one huge line makes a huge block. */
const CACHED_BLOCKS = 24
const CACHED_BYTES = 64 * 1024 * 1024

/** Takes a block that ends at byte `end` of its segment. */
type ApplyBlock = (records: readonly ArchiveRecord[], place: BlockPlace, end: number) => void

/**
 * The append-only store of every request: the truth that the index is derived from. One process writes it (see
 * store-lock.ts); others may read it meanwhile, because blocks are only ever appended.
 */
export class Archive {
  readonly #folder: string
  readonly #writable: boolean
  /** Bytes after which a new segment is started. */
  readonly segmentBytes: number
  readonly #cache = new Map<string, { readonly records: readonly ArchiveRecord[]; readonly bytes: number }>()
  #cacheBytes = 0
  #fd: number | null = null
  #end: ArchivePosition = ARCHIVE_START
  #lastPlace: BlockPlace | null = null
  #unsynced = false

  constructor(folder: string, options: { readonly writable: boolean; readonly segmentBytes?: number }) {
    this.#folder = folder
    this.#writable = options.writable
    this.segmentBytes = options.segmentBytes ?? SEGMENT_BYTES
  }

  get folder(): string {
    return this.#folder
  }

  /** Where the next block will go, once replayed. */
  get end(): ArchivePosition {
    return this.#end
  }

  /**
   * Hands every block after `from` to `apply`, in order, and makes the archive ready to append behind the last good
   * one. A bad end is cut off (after a copy was kept aside, when it is not what a crash leaves); damage in the middle is
   * passed over. All is reported. `from` null: from the start. `share`: of all there is to hand over, up to this block's
   * end.
   * Throws `store-newer` when a later version of the program wrote it.
   */
  replay(
    from: ArchivePosition | null,
    apply: (records: readonly ArchiveRecord[], place: BlockPlace, share: number) => void,
  ): readonly Damage[] {
    const segments = existsSync(this.#folder) ? listSegments(this.#folder) : []
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
      const passed = before
      const applyBlock: ApplyBlock = (records, place, end) => {
        // A writer may append to it meanwhile.
        apply(records, place, Math.min(1, (passed + end - start) / all))
      }
      damages.push(...this.#replaySegment(segment, start, segment === segments.at(-1), applyBlock))
      before += bytes
    }
    return damages
  }

  /** Whether `position` is a place this archive reaches to: a snapshot that stands for more is not of this archive. */
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
   * Appends a block that holds `requests` requests and was made for `end.nextSeq` (block.ts, encodeBlock). When it throws
   * (disk full, …) nothing was appended and the same call may be tried again.
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

  /** Where the block that was appended last lies; null when none was since the archive was opened. */
  get lastPlace(): BlockPlace | null {
    return this.#lastPlace
  }

  /** Makes what was appended survive a loss of power. */
  sync(): void {
    if (this.#fd === null || !this.#unsynced) return
    fdatasyncSync(this.#fd)
    this.#unsynced = false
  }

  /** The next block's first request gets the number `seq`; those before it are missing. */
  skipTo(seq: number): void {
    this.#end = { ...this.#end, nextSeq: seq }
  }

  /** Request `seq` of the block at `place`. Throws `corrupt` when the block can't be read. */
  request(place: BlockPlace, seq: number): RequestFrame {
    for (const record of this.#block(place)) if (record.kind === 'request' && record.seq === seq) return record
    throw new EngineError('corrupt', 'A request is missing from the archive.', { where: this.#path(place.segment) })
  }

  /** All requests of the block at `place`, in order, read past the cache. Throws `corrupt` when it can't be read. */
  requestsOf(place: BlockPlace): readonly RequestFrame[] {
    return this.read(place).records.filter((record) => record.kind === 'request')
  }

  /** The block at `place`, as it is stored and taken apart, read past the cache. Throws `corrupt` when it can't be read. */
  read(place: BlockPlace): StoredBlock {
    const path = this.#path(place.segment)
    const fd = this.#openForRead(place)
    try {
      const read = readBlock(fd, place.offset, fstatSync(fd).size)
      // Another one stands there when another process has rewritten the archive meanwhile.
      if (read?.header.firstSeq !== place.firstSeq) throw lostBlock(path, place)
      return read
    } finally {
      closeSync(fd)
    }
  }

  /**
   * The records of the block at `place` as bytes (frame.ts), read past the cache and inflated by another thread. Rejects
   * with `corrupt` when it can't be read.
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
      this.#cacheBytes = 0
    }
  }

  #path(segment: number): string {
    return join(this.#folder, segmentName(segment))
  }

  #block(place: BlockPlace): readonly ArchiveRecord[] {
    const key = `${String(place.segment)}:${String(place.offset)}`
    const cached = this.#cache.get(key)
    if (cached !== undefined) {
      this.#cache.delete(key)
      this.#cache.set(key, cached)
      return cached.records
    }
    const { header, records } = this.read(place)
    this.#cacheBytes += header.rawBytes
    for (const [oldest, { bytes }] of this.#cache) {
      if (this.#cache.size < CACHED_BLOCKS && this.#cacheBytes <= CACHED_BYTES) break
      this.#cacheBytes -= bytes
      this.#cache.delete(oldest)
    }
    this.#cache.set(key, { records, bytes: header.rawBytes })
    return records
  }

  #openForRead(place: BlockPlace): number {
    const path = this.#path(place.segment)
    try {
      return openSync(path, 'r')
    } catch (error) {
      throw systemCode(error) === 'ENOENT' ? lostBlock(path, place) : fromSystemError(error, path)
    }
  }

  #replaySegment(segment: number, start: number, last: boolean, apply: ApplyBlock): Damage[] {
    const path = this.#path(segment)
    const damages: Damage[] = []
    const fd = openSync(path, last && this.#writable ? 'r+' : 'r')
    try {
      const size = fstatSync(fd).size
      const header = Buffer.alloc(SEGMENT_HEADER_BYTES)
      readSync(fd, header, 0, header.length, 0)
      const version = readSegmentVersion(header)
      if (version !== null && version > ARCHIVE_VERSION) {
        throw new EngineError('store-newer', 'A newer version of Agent Session Monitor wrote this data folder.', {
          where: path,
          hint: 'Install the newer version, or choose another data folder.',
        })
      }
      let offset = start
      let nextSeq = this.#end.nextSeq
      let passedOver = false
      while (offset < size) {
        const read = readBlock(fd, offset, size)
        if (read === null) {
          const next = findBlock(fd, offset + 1, size)
          // A reader may meet the writer in the middle of an append.
          const torn = next === null && last && (!this.#writable || isTorn(fd, offset, size))
          damages.push({ kind: torn ? 'torn' : 'damaged', path, offset, bytes: (next ?? size) - offset })
          if (next === null) {
            if (last && this.#writable) cutTail(fd, path, offset, { keep: torn ? 0 : size - offset })
            break
          }
          offset = next
          passedOver = true
          continue
        }
        if (read.header.firstSeq > nextSeq && !passedOver) {
          damages.push({ kind: 'missing', path, offset, requests: read.header.firstSeq - nextSeq })
        }
        passedOver = false
        nextSeq = read.header.firstSeq + read.header.requests
        const end = offset + BLOCK_HEADER_BYTES + read.header.storedBytes
        apply(read.records, { segment, offset, firstSeq: read.header.firstSeq, requests: read.header.requests }, end)
        offset = end
      }
      if (version === null && this.#writable && last && offset <= SEGMENT_HEADER_BYTES) {
        // A crash while the segment was being started: its header is written anew at the next append.
        ftruncateSync(fd, 0)
      }
      this.#end = { segment, offset: Math.max(offset, SEGMENT_HEADER_BYTES), nextSeq }
    } finally {
      closeSync(fd)
    }
    return damages
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
    mkdirSync(this.#folder, { recursive: true })
    const path = this.#path(this.#end.segment)
    const fd = openSync(path, existsSync(path) ? 'r+' : 'w+')
    try {
      if (fstatSync(fd).size < SEGMENT_HEADER_BYTES) {
        writeFully(fd, segmentHeader(), 0)
        fsyncSync(fd)
        syncFolder(this.#folder)
      }
    } catch (error) {
      closeSync(fd)
      throw error
    }
    this.#fd = fd
    return fd
  }

  /** Takes back what a failed append wrote, so that the next one starts on clean ground. */
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

/** Whether the bytes behind the last whole block are what a crash leaves: the start of a block, or zeros. */
function isTorn(fd: number, offset: number, size: number): boolean {
  const head = readRange(fd, offset, Math.min(BLOCK_HEADER_BYTES, size - offset))
  const header = readHeader(head)
  if (header !== null) return offset + BLOCK_HEADER_BYTES + header.storedBytes > size
  const start = head.subarray(0, BLOCK_MAGIC_BYTES.length)
  if (head.length < BLOCK_HEADER_BYTES && BLOCK_MAGIC_BYTES.subarray(0, start.length).equals(start)) return true
  for (let at = offset; at < size; at += SEARCH_BYTES) {
    if (readRange(fd, at, Math.min(SEARCH_BYTES, size - at)).some((byte) => byte !== 0)) return false
  }
  return true
}

/** Cuts a segment off at `offset`; the first `keep` bytes of what is cut are kept in a file beside it. */
function cutTail(fd: number, path: string, offset: number, { keep }: { readonly keep: number }): void {
  if (keep > 0) writeFileSync(`${path}.damaged-${String(Date.now())}`, readRange(fd, offset, keep), { mode: 0o600 })
  ftruncateSync(fd, offset)
  fsyncSync(fd)
}

/** A block as it lies in its segment, and what it holds. */
export interface StoredBlock {
  readonly bytes: Buffer
  readonly header: BlockHeader
  readonly records: readonly ArchiveRecord[]
}

function readBlock(fd: number, offset: number, size: number): StoredBlock | null {
  if (offset + BLOCK_HEADER_BYTES > size) return null
  const head = Buffer.alloc(BLOCK_HEADER_BYTES)
  readSync(fd, head, 0, head.length, offset)
  const header = readHeader(head)
  if (header === null || offset + BLOCK_HEADER_BYTES + header.storedBytes > size) return null
  const bytes = readRange(fd, offset, BLOCK_HEADER_BYTES + header.storedBytes)
  const records = decodeBlock(bytes)
  return records === null ? null : { bytes, header, records }
}

const SEARCH_BYTES = 1024 * 1024

/** The first whole block at or after `offset`; null when none follows. */
function findBlock(fd: number, offset: number, size: number): number | null {
  const window = Buffer.alloc(SEARCH_BYTES + BLOCK_MAGIC_BYTES.length)
  for (let at = offset; at < size; at += SEARCH_BYTES) {
    const length = readSync(fd, window, 0, window.length, at)
    const view = window.subarray(0, length)
    for (let hit = view.indexOf(BLOCK_MAGIC_BYTES); hit !== -1; hit = view.indexOf(BLOCK_MAGIC_BYTES, hit + 1)) {
      if (readBlock(fd, at + hit, size) !== null) return at + hit
    }
  }
  return null
}
