import type { Json, JsonObject } from '../base/json'

const EARLIEST = Date.UTC(2000, 0, 1)
const LATEST = Date.UTC(2100, 0, 1)

/** When the request started by the log (`start_time`, else `timestamp`), ms since the epoch; null when neither says. */
export function readTime(outer: JsonObject): number | null {
  return readInstant(outer.start_time) ?? readInstant(outer.timestamp)
}

/** An ISO 8601 text (UTC unless it names a zone) or a Unix time in s or ms. Outside the years 2000 to 2099: null. */
function readInstant(value: Json | undefined): number | null {
  if (typeof value === 'number') return inRange(value < 1e11 ? value * 1000 : value)
  if (typeof value !== 'string' || value.length < 8) return null
  // The gateway's own form, 2026-02-01T10:00:00.000Z, needs no second look.
  if (value.length === 24 && value.endsWith('Z')) return inRange(Date.parse(value))
  if (/^\d{9,14}(\.\d+)?$/.test(value)) return readInstant(Number(value))
  const iso = value.replace(' ', 'T')
  // Date.parse reads a time without a zone as local; the gateway writes UTC.
  const zoned = /(?:[zZ]|[+-]\d\d:?\d\d)$/.test(iso) || !iso.includes('T') ? iso : `${iso}Z`
  return inRange(Date.parse(zoned))
}

function inRange(ms: number): number | null {
  return ms >= EARLIEST && ms < LATEST ? Math.floor(ms) : null
}
