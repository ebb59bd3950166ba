import { constants, crc32, deflateRaw, deflateRawSync, inflateRaw, inflateRawSync, type ZlibOptions } from 'node:zlib'
import { promisify } from 'node:util'
import { readFrames } from './frame'
import type { ArchiveRecord } from './records'

/**
 * Format of an archive block: a header of 32 bytes, then the records (frame.ts), deflated if that makes them smaller.
 * Integers are little-endian.
 *
 *      0  magic "ASMB"            4  codec (0 stored, 1 raw deflate)
 *      8  bytes before deflating 12  bytes stored
 *     16  number of requests     20  sequence number of the first one (u48) and two zero bytes
 *     28  CRC-32 of the first 28 header bytes and the stored bytes
 */
export const BLOCK_HEADER_BYTES = 32
/** Blocks are closed at about 1 MB of records, but a single huge line makes a larger one. This is the limit. */
export const MAX_BLOCK_BYTES = 1024 * 1024 * 1024

const MAGIC = 0x424d5341
export const BLOCK_MAGIC_BYTES = Buffer.from('ASMB')
const STORED = 0
const DEFLATED = 1
/** Deflating less than this is not worth the time. */
const MIN_DEFLATE_BYTES = 128
/** Deflating more than this is worth another thread. */
const ASYNC_DEFLATE_BYTES = 64 * 1024
/** Buffer for the output of deflate, which is to come in one piece: each further piece would wait for this thread. */
const MAX_CHUNK_BYTES = 16 * 1024 * 1024

const deflateInThread = promisify(deflateRaw)
const inflateInThread = promisify(inflateRaw)

export interface BlockHeader {
  readonly codec: number
  readonly rawBytes: number
  readonly storedBytes: number
  readonly requests: number
  readonly firstSeq: number
  readonly crc: number
}

/** A block's records as bytes, the number of requests among them, and the sequence number of the first request. */
export interface BlockContent {
  readonly payload: Buffer
  readonly requests: number
  readonly firstSeq: number
}

/** Encodes a block. A large one is deflated in another thread. */
export async function encodeBlock(content: BlockContent): Promise<Buffer> {
  const { payload } = content
  if (payload.length < ASYNC_DEFLATE_BYTES) return encodeBlockSync(content)
  return assemble(content, await deflateInThread(payload, speed(payload)))
}

/** Encodes a block synchronously. */
export function encodeBlockSync(content: BlockContent): Buffer {
  const { payload } = content
  return assemble(content, payload.length >= MIN_DEFLATE_BYTES ? deflateRawSync(payload, speed(payload)) : payload)
}

function speed(payload: Buffer): ZlibOptions {
  return {
    level: constants.Z_BEST_SPEED,
    memLevel: constants.Z_MAX_MEMLEVEL,
    chunkSize: Math.min(Math.max(payload.length, 1024), MAX_CHUNK_BYTES),
  }
}

function assemble(content: BlockContent, deflated: Buffer): Buffer {
  const raw = content.payload
  const smaller = deflated.length < raw.length
  const payload = smaller ? deflated : raw
  const block = Buffer.allocUnsafe(BLOCK_HEADER_BYTES + payload.length)
  block.writeUInt32LE(MAGIC, 0)
  block.writeUInt32LE(smaller ? DEFLATED : STORED, 4)
  block.writeUInt32LE(raw.length, 8)
  block.writeUInt32LE(payload.length, 12)
  block.writeUInt32LE(content.requests, 16)
  block.writeUIntLE(content.firstSeq, 20, 6)
  block.writeUInt16LE(0, 26)
  payload.copy(block, BLOCK_HEADER_BYTES)
  block.writeUInt32LE(checksum(block, payload), 28)
  return block
}

/** Reads a header; null when these bytes do not start a block. decodeBlock() checks the checksum. */
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

/** The records of a whole block, header included; null when it is damaged. */
export function decodeBlock(block: Buffer): readonly ArchiveRecord[] | null {
  const header = readHeader(block)
  if (header === null || block.length !== BLOCK_HEADER_BYTES + header.storedBytes) return null
  const payload = block.subarray(BLOCK_HEADER_BYTES)
  if (checksum(block, payload) !== header.crc) return null
  try {
    const raw = header.codec === DEFLATED ? inflateRawSync(payload, { maxOutputLength: header.rawBytes || 1 }) : payload
    if (raw.length !== header.rawBytes) return null
    return readFrames(raw, header.firstSeq)
  } catch {
    return null
  }
}

/** The bytes of a whole block's records (frame.ts), inflated in another thread; null when the block is damaged. */
export async function inflateBlock(block: Buffer): Promise<Buffer | null> {
  const header = readHeader(block)
  if (header === null || block.length !== BLOCK_HEADER_BYTES + header.storedBytes) return null
  const payload = block.subarray(BLOCK_HEADER_BYTES)
  if (checksum(block, payload) !== header.crc) return null
  if (header.codec !== DEFLATED) return payload
  try {
    const raw = await inflateInThread(payload, {
      maxOutputLength: header.rawBytes || 1,
      chunkSize: Math.min(Math.max(header.rawBytes, 1024), MAX_CHUNK_BYTES),
    })
    return raw.length === header.rawBytes ? raw : null
  } catch {
    return null
  }
}

function checksum(block: Buffer, payload: Buffer): number {
  return crc32(payload, crc32(block.subarray(0, 28)))
}
