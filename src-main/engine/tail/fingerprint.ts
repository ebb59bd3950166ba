import { hash } from 'node:crypto'
import { readRange } from '../disk/read-range'
import { HEAD_BYTES } from './file-state'

/** Identity of a stretch of a file. */
export interface Fingerprint {
  readonly bytes: number
  readonly hash: string
}

/** Hash of some bytes of a log, 32 hex digits. */
export function contentHash(bytes: Buffer): string {
  return hash('sha1', bytes).slice(0, 32)
}

/** Fingerprint of the head of what was read: at most HEAD_BYTES of the first `consumed` bytes. */
export function headFingerprint(fd: number, consumed: number): Fingerprint {
  return fingerprintAt(fd, 0, Math.min(consumed, HEAD_BYTES))
}

/** Whether the file behind `fd` still holds, at `start`, the bytes the fingerprint was made of. */
export function matchesAt(fd: number, start: number, expected: Fingerprint): boolean {
  if (expected.bytes === 0) return true
  const actual = fingerprintAt(fd, start, expected.bytes)
  return actual.bytes === expected.bytes && actual.hash === expected.hash
}

function fingerprintAt(fd: number, start: number, length: number): Fingerprint {
  const bytes = readRange(fd, start, length)
  return { bytes: bytes.length, hash: contentHash(bytes) }
}
