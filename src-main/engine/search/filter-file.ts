import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { BLOCK_HEADER_BYTES, readHeader } from '../archive/block'
import { segmentName } from '../archive/segment'

/**
 * Format of the file next to each segment that holds filters (grams.ts) over stretches of its blocks. The file is
 * derived: if it is missing, short or damaged, a search reads the blocks instead. An entry is valid only while the
 * first and last block of its stretch have the recorded checksums and places. The file is replaced with its segment.
 * Integers are little-endian.
 *
 *      0  magic "ASF1"            4  bytes of the filter (0: none, any text may be there)
 *      8  start of first block   12  end of last block
 *     16  CRC of first block     20  CRC of last block
 *     24  start of last block    28  CRC-32 of the first 28 bytes and the filter, which follows
 */
export interface FilterEntry {
  /** Byte range in the segment: start of the first block to end of the last. */
  readonly start: number
  readonly end: number
  readonly firstCrc: number
  readonly lastCrc: number
  readonly lastStart: number
  readonly filter: Buffer
}

const MAGIC = 0x31465341
const ENTRY_BYTES = 32
const CRC_AT = 28

export const filterPath = (archiveFolder: string, segment: number): string =>
  join(archiveFolder, segmentName(segment).replace(/\.segment$/, '.filter'))

export function encodeEntry(entry: FilterEntry): Buffer {
  const bytes = Buffer.alloc(ENTRY_BYTES + entry.filter.length)
  bytes.writeUInt32LE(MAGIC, 0)
  bytes.writeUInt32LE(entry.filter.length, 4)
  bytes.writeUInt32LE(entry.start, 8)
  bytes.writeUInt32LE(entry.end, 12)
  bytes.writeUInt32LE(entry.firstCrc, 16)
  bytes.writeUInt32LE(entry.lastCrc, 20)
  bytes.writeUInt32LE(entry.lastStart, 24)
  entry.filter.copy(bytes, ENTRY_BYTES)
  bytes.writeUInt32LE(crc32(entry.filter, crc32(bytes.subarray(0, CRC_AT))), CRC_AT)
  return bytes
}

/**
 * The valid filters of a segment, in order, and the bytes of the file that they take up; none when there is no file.
 */
export function readFilters(
  archiveFolder: string,
  segment: number,
): { readonly entries: readonly FilterEntry[]; readonly bytes: number } {
  let stored: Buffer
  let fd: number
  try {
    stored = readFileSync(filterPath(archiveFolder, segment))
    fd = openSync(join(archiveFolder, segmentName(segment)), 'r')
  } catch {
    return { entries: [], bytes: 0 }
  }
  try {
    const size = fstatSync(fd).size
    const entries: FilterEntry[] = []
    let at = 0
    for (let end = 0; ;) {
      const entry = decodeEntry(stored, at)
      if (entry === null || entry.start < end || entry.end > size || !stands(fd, entry)) break
      entries.push(entry)
      at += ENTRY_BYTES + entry.filter.length
      end = entry.end
    }
    return { entries, bytes: at }
  } finally {
    closeSync(fd)
  }
}

function decodeEntry(stored: Buffer, at: number): FilterEntry | null {
  if (at + ENTRY_BYTES > stored.length || stored.readUInt32LE(at) !== MAGIC) return null
  const bytes = stored.readUInt32LE(at + 4)
  const from = at + ENTRY_BYTES
  if (from + bytes > stored.length || (bytes & (bytes - 1)) !== 0) return null
  const filter = stored.subarray(from, from + bytes)
  if (crc32(filter, crc32(stored.subarray(at, at + CRC_AT))) !== stored.readUInt32LE(at + CRC_AT)) return null
  return {
    start: stored.readUInt32LE(at + 8),
    end: stored.readUInt32LE(at + 12),
    firstCrc: stored.readUInt32LE(at + 16),
    lastCrc: stored.readUInt32LE(at + 20),
    lastStart: stored.readUInt32LE(at + 24),
    filter,
  }
}

/** Whether the blocks that the filter covers are still in place. */
function stands(fd: number, entry: FilterEntry): boolean {
  const head = Buffer.alloc(BLOCK_HEADER_BYTES)
  const headerAt = (place: number) =>
    readSync(fd, head, 0, head.length, place) === head.length ? readHeader(head) : null
  if (headerAt(entry.start)?.crc !== entry.firstCrc) return false
  const last = headerAt(entry.lastStart)
  return last?.crc === entry.lastCrc && entry.lastStart + BLOCK_HEADER_BYTES + last.storedBytes === entry.end
}
