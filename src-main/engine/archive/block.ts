import { constants, crc32, deflateRawSync, inflateRawSync } from 'node:zlib'
import type { ArchiveRecord } from './records'

/**
 * The bytes of an archive block: a header of 32 bytes, then the records as lines of JSON, deflated where that helps.
 *
 *     0  magic "ASMB"            4  codec (0 stored, 1 raw deflate)
 *     8  bytes before deflating 12  bytes stored
 *    16  request records        20  sequence number of the first one (u48) and two zero bytes
 *    28  CRC-32 of the first 28 header bytes and the stored bytes
 */
export const BLOCK_HEADER_BYTES = 32
/** A block's records are closed at about 1 MB; a single huge line makes a larger one. No block is larger than this. */
export const MAX_BLOCK_BYTES = 1024 * 1024 * 1024

const MAGIC = 0x424d5341
export const BLOCK_MAGIC_BYTES = Buffer.from('ASMB')
const STORED = 0
const DEFLATED = 1
/** Below this, deflate gains nothing worth the time. */
const MIN_DEFLATE_BYTES = 128

export interface BlockHeader {
  readonly codec: number
  readonly rawBytes: number
  readonly storedBytes: number
  readonly requests: number
  readonly firstSeq: number
  readonly crc: number
}

/**
 * Encodes records, each as the JSON text that JSON.stringify makes of it, into one block. `requests` of them are
 * requests; `firstSeq` is the sequence number of the first one.
 */
export function encodeLines(lines: readonly string[], requests: number, firstSeq: number): Buffer {
  const raw = Buffer.from(lines.join('\n'), 'utf8')
  const deflated = raw.length >= MIN_DEFLATE_BYTES ? deflateRawSync(raw, { level: constants.Z_BEST_SPEED }) : raw
  const smaller = deflated.length < raw.length
  const payload = smaller ? deflated : raw
  const block = Buffer.alloc(BLOCK_HEADER_BYTES + payload.length)
  block.writeUInt32LE(MAGIC, 0)
  block.writeUInt32LE(smaller ? DEFLATED : STORED, 4)
  block.writeUInt32LE(raw.length, 8)
  block.writeUInt32LE(payload.length, 12)
  block.writeUInt32LE(requests, 16)
  block.writeUIntLE(firstSeq, 20, 6)
  payload.copy(block, BLOCK_HEADER_BYTES)
  block.writeUInt32LE(checksum(block, payload), 28)
  return block
}

/** Reads a header; null when these bytes do not start a block. The checksum is decodeBlock's matter. */
export function readHeader(bytes: Buffer): BlockHeader | null {
  if (bytes.length < BLOCK_HEADER_BYTES || bytes.readUInt32LE(0) !== MAGIC) return null
  const header = {
    codec: bytes.readUInt32LE(4),
    rawBytes: bytes.readUInt32LE(8),
    storedBytes: bytes.readUInt32LE(12),
    requests: bytes.readUInt32LE(16),
    firstSeq: bytes.readUIntLE(20, 6),
    crc: bytes.readUInt32LE(28),
  }
  const plausible =
    header.codec <= DEFLATED && header.rawBytes <= MAX_BLOCK_BYTES && header.storedBytes <= header.rawBytes
  return plausible ? header : null
}

/** The records of a whole block (header included); null when any bit of it is not as it was written. */
export function decodeBlock(block: Buffer): readonly ArchiveRecord[] | null {
  const header = readHeader(block)
  if (header === null || block.length !== BLOCK_HEADER_BYTES + header.storedBytes) return null
  const payload = block.subarray(BLOCK_HEADER_BYTES)
  if (checksum(block, payload) !== header.crc) return null
  try {
    const raw = header.codec === DEFLATED ? inflateRawSync(payload, { maxOutputLength: header.rawBytes }) : payload
    if (raw.length !== header.rawBytes) return null
    if (raw.length === 0) return []
    return raw
      .toString('utf8')
      .split('\n')
      .map((line) => JSON.parse(line) as ArchiveRecord)
  } catch {
    return null
  }
}

function checksum(block: Buffer, payload: Buffer): number {
  return crc32(payload, crc32(block.subarray(0, 28)))
}
