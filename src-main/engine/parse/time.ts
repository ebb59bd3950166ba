import type { Json, JsonObject } from '../base/json'

const EARLIEST = Date.UTC(2000, 0, 1)
const LATEST = Date.UTC(2100, 0, 1)

/** When the request started by the log (`start_time`, else `timestamp`), ms since the epoch; null when neither says. */
export function readTime(outer: JsonObject): number | null {
  return readInstant(outer.start_time) ?? readInstant(outer.timestamp)
}

/**
 * The text of a time that is there but can't be read; null when there is none, or it can be read. At most 80 characters.
 */
export function unreadableTime(outer: JsonObject): string | null {
  if (readTime(outer) !== null) return null
  const text = outer.start_time ?? outer.timestamp
  return typeof text === 'string' && text !== '' && text !== '-' ? text.slice(0, 80) : null
}

/**
 * A time as a gateway or a tool writes it, as ms since the epoch: ISO 8601 and its relatives, the forms that Envoy's
 * %START_TIME(…)% is usually given, RFC 1123, the common log format, or a Unix time in s, ms, µs or ns. UTC unless it
 * names a zone. Null for anything else, and outside the years 2000 to 2099.
 */
export function readInstant(value: Json | undefined): number | null {
  if (typeof value === 'number') return inRange(unixMs(value))
  if (typeof value !== 'string' || value.length < 8 || value.length > 80) return null
  // The gateway's own form, 2026-02-01T10:00:00.000Z, needs no second look.
  if (value.length === 24 && value.endsWith('Z') && value[4] === '-') return inRange(Date.parse(value))
  if (/^\d{9,19}(\.\d+)?$/.test(value)) return inRange(unixMs(Number(value)))
  return readIso(value) ?? readCommonLog(value) ?? readNamedMonth(value)
}

function unixMs(time: number): number {
  if (time < 1e11) return time * 1000
  if (time < 1e14) return time
  return time < 1e17 ? time / 1e3 : time / 1e6
}

const ISO =
  /^(\d{4})[-/](\d\d)[-/](\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?\s*(Z|z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?$/
const COMPACT = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(?:[.,](\d{1,9}))?(Z|[+-]\d\d(?::?\d\d)?)?$/

function readIso(value: string): number | null {
  const match = ISO.exec(value) ?? COMPACT.exec(value)
  if (match === null) return null
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone] = match
  return instant({ year, month: Number(month), day, hour, minute, second, fraction, zone })
}

/** nginx and Apache: `02/Mar/2026:10:00:00 +0800`. */
const COMMON_LOG = /^(\d\d)\/([A-Z][a-z]{2})\/(\d{4}):(\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?\s*([+-]\d\d:?\d\d|Z)?$/

function readCommonLog(value: string): number | null {
  const match = COMMON_LOG.exec(value.replace(/^\[|\]$/g, ''))
  if (match === null) return null
  const [, day, month, year, hour, minute, second, fraction = '', zone] = match
  return instant({ year, month: monthNumber(month), day, hour, minute, second, fraction, zone })
}

/** RFC 1123 and C's asctime: `Mon, 02 Mar 2026 10:00:00 GMT`, `Mon Mar  2 10:00:00 2026`. */
const RFC_1123 =
  /^(?:[A-Z][a-z]{2},? )?(\d{1,2})[ -]([A-Z][a-z]{2})[ -](\d{4}) (\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?\s*(GMT|UTC|Z|[+-]\d\d:?\d\d)?$/
const ASCTIME = /^[A-Z][a-z]{2} ([A-Z][a-z]{2}) +(\d{1,2}) (\d\d):(\d\d):(\d\d) (?:(GMT|UTC|[+-]\d{4}) )?(\d{4})$/

function readNamedMonth(value: string): number | null {
  const match = RFC_1123.exec(value)
  if (match !== null) {
    const [, day, month, year, hour, minute, second, fraction = '', zone] = match
    return instant({ year, month: monthNumber(month), day, hour, minute, second, fraction, zone })
  }
  const [, month, day, hour, minute, second, zone, year] = ASCTIME.exec(value) ?? []
  return month === undefined
    ? null
    : instant({ year, month: monthNumber(month), day, hour, minute, second, fraction: '', zone })
}

interface Parts {
  readonly year: string | undefined
  /** 1 to 12; 0 for none that is known. */
  readonly month: number
  readonly day: string | undefined
  readonly hour: string | undefined
  readonly minute: string | undefined
  readonly second: string | undefined
  readonly fraction: string
  readonly zone: string | undefined
}

function instant({ year, month, day, hour, minute, second, fraction, zone }: Parts): number | null {
  const numbers = [month, Number(day), Number(hour), Number(minute), Number(second)] as const
  const [, dayNumber, hours, minutes, seconds] = numbers
  if (month < 1 || month > 12 || dayNumber < 1 || dayNumber > 31 || hours > 23 || minutes > 59 || seconds > 60)
    return null
  const ms = Number(fraction.slice(0, 3).padEnd(3, '0'))
  const utc = Date.UTC(Number(year), month - 1, dayNumber, hours, minutes, seconds, ms)
  // 30 February is not 2 March.
  if (new Date(Date.UTC(Number(year), month - 1, dayNumber)).getUTCDate() !== dayNumber) return null
  return inRange(utc - zoneMs(zone))
}

function zoneMs(zone: string | undefined): number {
  if (zone === undefined || !/^[+-]/.test(zone)) return 0
  const digits = zone.replace(':', '')
  const minutes = Number(digits.slice(1, 3)) * 60 + Number(digits.slice(3, 5) || '0')
  return (digits.startsWith('-') ? -minutes : minutes) * 60_000
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

function monthNumber(name: string | undefined): number {
  return name === undefined ? 0 : MONTHS.indexOf(name) + 1
}

function inRange(ms: number): number | null {
  return ms >= EARLIEST && ms < LATEST ? Math.floor(ms) : null
}
