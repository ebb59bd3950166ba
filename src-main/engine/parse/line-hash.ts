import { hash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import type { MessagesSpan } from './split'

/** Bytes of a line's identity: equal lines are the same request, whichever file they are read from. */
const LINE_HASH_BYTES = 12

/**
 * Checksum of the bytes of a `messages` array. It goes on from the checksum of its kept part where that is known, so
 * that a history read before need not be read again.
 */
export function messagesChecksum(line: Buffer, span: MessagesSpan, keptChecksum: number | null): number {
  const { start, bytes, kept } = span
  if (kept === null || keptChecksum === null) return crc32(line.subarray(start, start + bytes))
  return crc32(line.subarray(start + kept.bytes, start + bytes), keptChecksum)
}

/**
 * Identity of a trimmed line, 24 hex digits (96 bits: two of a billion different lines meet with p < 1e-10). Where the
 * line has a `messages` array, this enters by its checksum and length, everything around it (request id, time, tokens,
 * question, answer, tool calls) as it is.
 */
export function lineHash(line: Buffer, span: MessagesSpan | null, checksum: number): string {
  if (span === null) return hash('sha1', line).slice(0, 2 * LINE_HASH_BYTES)
  const { start, bytes } = span
  const length = line.length - bytes + 8
  const input = length <= scratch.length ? scratch.subarray(0, length) : Buffer.allocUnsafe(length)
  line.copy(input, 0, 0, start)
  line.copy(input, start, start + bytes)
  input.writeUInt32LE(checksum, length - 8)
  input.writeUInt32LE(bytes, length - 4)
  return hash('sha1', input).slice(0, 2 * LINE_HASH_BYTES)
}

const scratch = Buffer.allocUnsafe(256 * 1024)
