import type { JsonObject } from '../base/json'
import type { Inner } from './wrapper'

const KEYS = new Set(['log', 'stream', 'time', 'attrs'])

/**
 * Docker's json-file driver: `{"log":"text\n","stream":"stdout","time":"…"}`, with `attrs` where labels are logged. A
 * line longer than 16 KiB is several records; only the last one's text ends with the line's own break.
 * Source: moby, daemon/logger/jsonfilelog/jsonlog/jsonlog.go; daemon/logger/copier.go.
 */
export function dockerRecord(record: JsonObject): Inner | null {
  const { log, stream, time } = record
  if (typeof log !== 'string' || typeof time !== 'string' || typeof stream !== 'string') return null
  for (const key in record) if (!KEYS.has(key)) return null
  const isEnd = log.endsWith('\n') || isWholeObject(log)
  return { text: Buffer.from(log), time, source: stream, part: isEnd ? 'end' : 'more', wrapper: 'docker' }
}

/** A collector that writes the same fields leaves the line break out. */
function isWholeObject(text: string): boolean {
  if (!text.startsWith('{') || !text.endsWith('}')) return false
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
