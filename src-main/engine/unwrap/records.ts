import { isArray, isObject, parseJson, type JsonObject } from '../base/json'
import { collectedLines, collectedPiece } from './collector'
import { dockerRecord } from './docker'
import { gatewayLine } from './gateway-fields'
import { journalRecord } from './journal'
import {
  BACKSLASH,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COMMA,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
  SPACE,
  type Inner,
} from './wrapper'

const AI_LOG = Buffer.from('"ai_log"')
const NAME = Buffer.from('ai_log')
/** A logged object of a gateway that escapes `ai_log` once more (accessLogEncoding: JSON): `"{\\\"…`. */
const ESCAPED_TWICE = Buffer.from('"{\\\\\\"')
/** Bytes before the first `"ai_log"` that are looked at for how deep it stands. */
const MAX_HEAD = 64 * 1024

/**
 * What a line that starts with `{` or `[` holds: the gateway's lines that were found in it. Null when it is the gateway's
 * line itself, or none: then it is read as it is.
 */
export function readRecordLine(line: Buffer): readonly Inner[] | null {
  if (startsGatewayLine(line)) return null
  const at = line.indexOf(AI_LOG)
  if (at > 0 && line[0] === OPEN_BRACE && depthAt(line, at) === 1) return null
  const record = parseJson(line.toString('utf8'))
  if (isArray(record)) return record.flatMap((entry) => (isObject(entry) ? (readEntry(entry) ?? []) : []))
  return isObject(record) ? readRecord(record, line.includes(NAME)) : null
}

/** An entry of an array, which may be the gateway's object itself. */
function readEntry(entry: JsonObject): readonly Inner[] | null {
  if (entry.ai_log === undefined) return readRecord(entry, true)
  return [{ text: gatewayLine(entry), time: null, source: '', part: 'end', wrapper: 'collector' }]
}

function readRecord(record: JsonObject, mayHoldLine: boolean): readonly Inner[] | null {
  const single = dockerRecord(record) ?? journalRecord(record) ?? collectedPiece(record)
  if (single !== null) return [single]
  const lines = mayHoldLine ? collectedLines(record) : []
  return lines.length === 0 ? null : lines
}

/** Whether `ai_log` is the first field, as every official format has it: the line needs no second look. */
export function startsGatewayLine(line: Buffer): boolean {
  if (line[0] !== OPEN_BRACE) return false
  const at = line[1] === SPACE ? 2 : 1
  for (let index = 0; index < AI_LOG.length; index += 1) if (line[at + index] !== AI_LOG[index]) return false
  return true
}

/**
 * The line with an `ai_log` of one level of escapes, where the gateway wrote one more or wrote the object itself; null
 * when there is nothing to change. An agent's history is told apart in the usual form only.
 */
export function inUsualForm(line: Buffer): Buffer | null {
  const at = line.indexOf(AI_LOG)
  if (at < 0) return null
  let value = at + AI_LOG.length
  while (line[value] === SPACE || line[value] === 0x3a) value += 1
  if (line[value] !== OPEN_BRACE && !startsWithAt(line, ESCAPED_TWICE, value)) return null
  const fields = parseJson(line.toString('utf8'))
  if (!isObject(fields)) return null
  const { ai_log: log } = fields
  if (isObject(log)) return gatewayLine(fields)
  const inner = typeof log === 'string' ? unescaped(log) : null
  return inner === null ? null : Buffer.from(JSON.stringify({ ...fields, ai_log: inner }))
}

/** A text that was escaped more often than it should be; null when it is none. */
function unescaped(text: string): string | null {
  let inner = text
  for (let times = 0; times < 3; times += 1) {
    const next = parseJson(`"${inner}"`)
    if (typeof next !== 'string') return null
    inner = next
    if (isObject(parseJson(inner))) return inner
  }
  return null
}

function startsWithAt(line: Buffer, bytes: Buffer, at: number): boolean {
  return line.length >= at + bytes.length && line.compare(bytes, 0, bytes.length, at, at + bytes.length) === 0
}

/** How many objects and arrays are open before `end`; 0 where that can't be told. */
function depthAt(line: Buffer, end: number): number {
  if (end > MAX_HEAD) return 0
  let depth = 0
  let inString = false
  for (let at = 0; at < end; at += 1) {
    const byte = line[at]
    if (inString) {
      if (byte === BACKSLASH) at += 1
      else if (byte === QUOTE) inString = false
    } else if (byte === QUOTE) inString = true
    else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth += 1
    else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) depth -= 1
  }
  return inString ? 0 : depth
}

/** The lines of objects that stand one after another on one line; null when there are not several. */
export function splitObjects(line: Buffer): readonly Buffer[] | null {
  const objects: Buffer[] = []
  let depth = 0
  let start = 0
  let inString = false
  for (let at = 0; at < line.length; at += 1) {
    const byte = line[at]
    if (inString) {
      if (byte === BACKSLASH) at += 1
      else if (byte === QUOTE) inString = false
    } else if (byte === QUOTE) inString = true
    else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth += 1
    else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      depth -= 1
      if (depth < 0) return null
      if (depth === 0) {
        objects.push(line.subarray(start, at + 1))
        start = at + 1
      }
    } else if (depth === 0 && (byte === COMMA || byte === SPACE)) start = at + 1
    else if (depth === 0) return null
  }
  return objects.length > 1 && depth === 0 && start >= line.length ? objects : null
}
