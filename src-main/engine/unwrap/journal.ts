import { isArray, type Json, type JsonObject } from '../base/json'
import type { Inner } from './wrapper'

/**
 * `journalctl -o json`: the text is in MESSAGE, as text or, where it is not clean UTF-8, as an array of bytes. Without
 * --all a MESSAGE over 4,096 bytes is null. Podman and Docker log a long line as several entries, marked
 * CONTAINER_PARTIAL_MESSAGE. Sources: systemd, "Journal JSON Format"; moby, daemon/logger/journald/journald.go.
 */
export function journalRecord(record: JsonObject): Inner | null {
  const message = record.MESSAGE
  if (message === undefined || (record.__REALTIME_TIMESTAMP ?? record._SOURCE_REALTIME_TIMESTAMP) === undefined)
    return null
  const time = record._SOURCE_REALTIME_TIMESTAMP ?? record.__REALTIME_TIMESTAMP ?? null
  const isPiece = record.CONTAINER_PARTIAL_MESSAGE === 'true' && record.CONTAINER_PARTIAL_LAST !== 'true'
  return {
    text: bytesOf(message),
    time: typeof time === 'string' ? Number(time) : time,
    source: sourceOf(record),
    part: isPiece ? 'more' : 'end',
    wrapper: 'journal',
  }
}

function sourceOf(record: JsonObject): string {
  const source = record.CONTAINER_PARTIAL_ID ?? record.CONTAINER_ID_FULL ?? record.CONTAINER_ID ?? record._PID
  return typeof source === 'string' ? source : ''
}

function bytesOf(message: Json): Buffer | null {
  if (typeof message === 'string') return Buffer.from(message)
  if (!isArray(message)) return null
  if (message.every((byte) => typeof byte === 'number')) return Buffer.from(message)
  // The field was logged more than once: the first is the message.
  const [first = null] = message
  return bytesOf(first)
}
