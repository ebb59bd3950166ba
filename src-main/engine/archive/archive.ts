import {
  closeSync,
  copyFileSync,
  existsSync,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { EngineError, fromSystemError } from '../errors'
import { BLOCK_HEADER_BYTES, BLOCK_MAGIC_BYTES, decodeBlock, encodeLines, readHeader, type BlockHeader } from './block'
import type { ArchiveRecord, RequestRecord } from './records'
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

/** Bytes of the archive that are not what was written. */
export interface Damage {
  readonly path: string
  readonly offset: number
  readonly bytes: number
  /** The last segment's end, as a crash leaves it; nothing that was acknowledged is lost. */
  readonly torn: boolean
}

export const ARCHIVE_START: ArchivePosition = { segment: 1, offset: SEGMENT_HEADER_BYTES, nextSeq: 1 }

const CACHED_BLOCKS = 24

/**
 * The append-only store of every request: the truth that the index is derived from. One process writes it (see
 * store-lock.ts); others may read it meanwhile, because blocks are only ever appended.
 */
export class Archive {
  readonly #folder: string
  readonly #writable: boolean
  readonly #segmentBytes: number
  readonly #cache = new Map<string, readonly ArchiveRecord[]>()
  #fd: number | null = null
  #end: ArchivePosition = ARCHIVE_START
  #unsynced = false

  constructor(folder: string, options: { readonly writable: boolean; readonly segmentBytes?: number }) {
    this.#folder = folder
    this.#writable = options.writable
    this.#segmentBytes = options.segmentBytes ?? SEGMENT_BYTES
  }

  /** Where the next block will go, once replayed. */
  get end(): ArchivePosition {
    return this.#end
  }

  /**
   * Hands every block after `from` to `apply`, in order, and makes the archive ready to append behind the last good
   * one. A torn end is cut off (after a copy was kept aside, when it is more than a crash explains); damage in the
   * middle is passed over. Both are reported. `from` null, or past the end: from the start.
   * Throws `store-newer` when a later version of the program wrote it.
   */
  replay(
    from: ArchivePosition | null,
    apply: (records: readonly ArchiveRecord[], place: BlockPlace) => void,
  ): readonly Damage[] {
    const segments = existsSync(this.#folder) ? listSegments(this.#folder) : []
    const damages: Damage[] = []
    this.#end = from ?? ARCHIVE_START
    for (const [index, segment] of segments.entries()) {
      if (segment < this.#end.segment) continue
      const start = segment === this.#end.segment ? this.#end.offset : SEGMENT_HEADER_BYTES
      damages.push(...this.#replaySegment(segment, start, index === segments.length - 1, apply))
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

  /** Appends one block. When it throws (disk full, …) nothing was appended and the same call may be tried again. */
  append(records: readonly ArchiveRecord[]): BlockPlace {
    const requests = records.reduce((count, record) => count + (record.kind === 'request' ? 1 : 0), 0)
    return this.appendLines(
      records.map((record) => JSON.stringify(record)),
      requests,
    )
  }

  /** As append, of records that are JSON text already; `requests` of them are requests. */
  appendLines(lines: readonly string[], requests: number): BlockPlace {
    const block = encodeLines(lines, requests, this.#end.nextSeq)
    try {
      if (this.#end.offset > SEGMENT_HEADER_BYTES && this.#end.offset + block.length > this.#segmentBytes)
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
      return place
    } catch (error) {
      this.#dropPartialBlock()
      throw fromSystemError(error, this.#path(this.#end.segment))
    }
  }

  /** Makes what was appended survive a loss of power. */
  sync(): void {
    if (this.#fd === null || !this.#unsynced) return
    fdatasyncSync(this.#fd)
    this.#unsynced = false
  }

  /** Request `seq` of the block at `place`. Throws `corrupt` when the block can't be read. */
  request(place: BlockPlace, seq: number): RequestRecord {
    const records = this.#block(place)
    let current = place.firstSeq
    for (const record of records) {
      if (record.kind !== 'request') continue
      if (current === seq) return record
      current += 1
    }
    throw new EngineError('corrupt', 'A request is missing from the archive.', { where: this.#path(place.segment) })
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
    return join(this.#folder, segmentName(segment))
  }

  #block(place: BlockPlace): readonly ArchiveRecord[] {
    const key = `${String(place.segment)}:${String(place.offset)}`
    const cached = this.#cache.get(key)
    if (cached !== undefined) {
      this.#cache.delete(key)
      this.#cache.set(key, cached)
      return cached
    }
    const path = this.#path(place.segment)
    const fd = openSync(path, 'r')
    try {
      const read = readBlock(fd, place.offset, fstatSync(fd).size)
      if (read === null) {
        throw new EngineError('corrupt', 'A block of the archive is damaged.', {
          where: `${path} at byte ${String(place.offset)}`,
          hint: 'Start again: what the logs still hold is read once more.',
        })
      }
      if (this.#cache.size >= CACHED_BLOCKS) {
        const oldest = this.#cache.keys().next()
        if (!oldest.done) this.#cache.delete(oldest.value)
      }
      this.#cache.set(key, read.records)
      return read.records
    } finally {
      closeSync(fd)
    }
  }

  #replaySegment(
    segment: number,
    start: number,
    last: boolean,
    apply: (records: readonly ArchiveRecord[], place: BlockPlace) => void,
  ): Damage[] {
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
      while (offset < size) {
        const read = readBlock(fd, offset, size)
        if (read === null) {
          const next = findBlock(fd, offset + 1, size)
          const torn = next === null && last
          damages.push({ path, offset, bytes: (next ?? size) - offset, torn })
          if (next === null) {
            if (torn && this.#writable) this.#cutTail(fd, path, offset, size)
            break
          }
          offset = next
          continue
        }
        nextSeq = read.header.firstSeq + read.header.requests
        apply(read.records, { segment, offset, firstSeq: read.header.firstSeq, requests: read.header.requests })
        offset += BLOCK_HEADER_BYTES + read.header.storedBytes
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

  /** Cuts off what a crash left behind the last whole block; more than one block's worth is kept aside first. */
  #cutTail(fd: number, path: string, offset: number, size: number): void {
    if (size - offset > SUSPICIOUS_TAIL_BYTES) copyFileSync(path, `${path}.damaged-${String(Date.now())}`)
    ftruncateSync(fd, offset)
    fsyncSync(fd)
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

const SUSPICIOUS_TAIL_BYTES = 8 * 1024 * 1024

function writeFully(fd: number, bytes: Buffer, position: number): void {
  let written = 0
  while (written < bytes.length) {
    written += writeSync(fd, bytes, written, bytes.length - written, position + written)
  }
}

function readBlock(
  fd: number,
  offset: number,
  size: number,
): { readonly header: BlockHeader; readonly records: readonly ArchiveRecord[] } | null {
  if (offset + BLOCK_HEADER_BYTES > size) return null
  const head = Buffer.alloc(BLOCK_HEADER_BYTES)
  readSync(fd, head, 0, head.length, offset)
  const header = readHeader(head)
  if (header === null || offset + BLOCK_HEADER_BYTES + header.storedBytes > size) return null
  const block = Buffer.allocUnsafe(BLOCK_HEADER_BYTES + header.storedBytes)
  if (readSync(fd, block, 0, block.length, offset) !== block.length) return null
  const records = decodeBlock(block)
  return records === null ? null : { header, records }
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

/** Makes a folder's entries durable. Windows can't open folders and does not need it. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return
  const fd = openSync(folder, 'r')
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}
