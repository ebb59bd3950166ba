import { hash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import type { KeptPrefix, MessagesSpan } from './scan'

/** Bytes of a line's identity: equal lines are the same request, whichever file they are read from. */
export const LINE_HASH_BYTES = 12

/**
 * Checksum of the whole messages of an array, from its `[` to the end of the last one. It goes on from the checksum of
 * a prefix, so that a history read before need not be read again.
 */
export function messagesChecksum(line: Buffer, span: MessagesSpan, keptChecksum: number | null): number {
  const { start, kept } = span
  const end = start + messagesBytes(span)
  if (kept === null) return crc32(line.subarray(start, end))
  const prefix = keptChecksum ?? crc32(line.subarray(start, start + kept.bytes))
  return crc32(line.subarray(start + kept.bytes, end), prefix)
}

/** Bytes from the array's `[` to the end of its last message. */
export function messagesBytes(span: {
  readonly kept: KeptPrefix | null
  readonly freshEnds: readonly number[]
}): number {
  return span.freshEnds.at(-1) ?? span.kept?.bytes ?? 1
}

/**
 * Identity of a trimmed line, 24 hex digits (96 bits: two of a billion different lines meet with p < 1e-10). Where the
 * line has a `messages` array, its messages enter by their checksum and length, everything around them (request id,
 * time, tokens, question, answer, tool calls) as it is.
 */
export function lineHash(line: Buffer, span: MessagesSpan | null, checksum: number): string {
  if (span === null) return hash('sha1', line).slice(0, 2 * LINE_HASH_BYTES)
  const bytes = messagesBytes(span)
  const tail = line.length - span.start - bytes
  const length = span.start + tail + 8
  const input = length <= scratch.length ? scratch.subarray(0, length) : Buffer.allocUnsafe(length)
  line.copy(input, 0, 0, span.start)
  line.copy(input, span.start, span.start + bytes)
  input.writeUInt32LE(checksum, length - 8)
  input.writeUInt32LE(bytes, length - 4)
  return hash('sha1', input).slice(0, 2 * LINE_HASH_BYTES)
}

const scratch = Buffer.allocUnsafe(256 * 1024)
