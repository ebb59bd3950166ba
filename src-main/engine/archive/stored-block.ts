import { readSync } from 'node:fs'
import { readRange } from '../disk/read-range'
import { BLOCK_HEADER_BYTES, BLOCK_MAGIC_BYTES, decodeBlock, readHeader, type BlockHeader } from './block'
import type { ArchiveRecord } from './records'

/** A block as it is stored, and its records. */
export interface StoredBlock {
  readonly bytes: Buffer
  readonly header: BlockHeader
  readonly records: readonly ArchiveRecord[]
}

/** Reads the block at `offset` of a segment of `size` bytes; null when no intact block starts there. */
export function readBlock(fd: number, offset: number, size: number): StoredBlock | null {
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

/** Where the first intact block at or after `offset` starts; null when there is none. */
export function findBlock(fd: number, offset: number, size: number): number | null {
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

/** Whether the bytes from `offset` to the end are what a crash leaves: the beginning of a block, or zeros. */
export function isTorn(fd: number, offset: number, size: number): boolean {
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
