import { readdirSync } from 'node:fs'

/**
 * A segment is a file of the archive: a header of 16 bytes, then blocks. Only the last segment is written. When it has
 * grown to SEGMENT_BYTES, a new one is started.
 */
export const SEGMENT_BYTES = 64 * 1024 * 1024
export const SEGMENT_HEADER_BYTES = 16
/**
 * Increased when older versions of the program could not read what this one writes. 2: inferred sessions, deleted
 * requests.
 */
export const ARCHIVE_VERSION = 2

const MAGIC = Buffer.from('ASM-ARCHIVE\n')

/** The first bytes of every segment. */
export function segmentHeader(): Buffer {
  const header = Buffer.alloc(SEGMENT_HEADER_BYTES)
  MAGIC.copy(header)
  header.writeUInt32LE(ARCHIVE_VERSION, MAGIC.length)
  return header
}

/** The format version of a segment; null when these bytes do not start one. */
export function readSegmentVersion(bytes: Buffer): number | null {
  if (bytes.length < SEGMENT_HEADER_BYTES || !bytes.subarray(0, MAGIC.length).equals(MAGIC)) return null
  return bytes.readUInt32LE(MAGIC.length)
}

/** File name of segment `number`, which counts from 1. */
export function segmentName(number: number): string {
  return `${String(number).padStart(8, '0')}.segment`
}

/** Numbers of the segments in `folder`, ascending. */
export function listSegments(folder: string): number[] {
  return readdirSync(folder)
    .map((name) => /^(\d{8,})\.segment$/.exec(name)?.[1])
    .filter((digits) => digits !== undefined)
    .map(Number)
    .sort((a, b) => a - b)
}
