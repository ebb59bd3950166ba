import { isObject, parseJson, type Json, type JsonObject } from '../base/json'
import { mendLine } from './mend'
import { isLlmRequest, withSeparateFields } from './plugin-fields'

/**
 * One line of the access log. Format: Higress' default access log, one JSON object a line, whose `ai_log` field is a
 * string of JSON text written by the ai-statistics plugin (`"-"` or absent when the plugin saw no LLM call).
 */
export type LineOutcome =
  | {
      readonly kind: 'request'
      /** The line's own fields. `ai_log` among them is not to be read: `ai` is what it holds. */
      readonly outer: JsonObject
      readonly ai: JsonObject
      /** The line was not JSON: what could be told apart was read. */
      readonly mended: boolean
    }
  | { readonly kind: 'not-llm'; readonly outer: JsonObject }
  | { readonly kind: 'malformed' }
  | { readonly kind: 'blank' }

const BLANK: LineOutcome = { kind: 'blank' }

const MALFORMED: LineOutcome = { kind: 'malformed' }

/**
 * The line without what surrounds it: white space, a carriage return, a byte-order mark, and the run of NUL bytes that
 * copytruncate leaves at the start of a log whose writer does not append.
 */
export function trimLine(line: Buffer): Buffer {
  let start = 0
  let end = line.length
  for (;;) {
    const byte = line[start]
    if (start < end && byte !== undefined && isPadding(byte)) start += 1
    else if (line[start] === 0xef && line[start + 1] === 0xbb && line[start + 2] === 0xbf && start + 3 <= end)
      start += 3
    else break
  }
  while (end > start && isPadding(line[end - 1] ?? 0)) end -= 1
  return line.subarray(start, end)
}

/**
 * Classifies and takes apart one trimmed line (see trimLine), as bytes or as text. Never throws.
 * Invalid UTF-8 becomes U+FFFD: the rest of the line still counts.
 */
export function parseLine(line: Buffer | string): LineOutcome {
  if (line.length === 0) return BLANK
  const text = typeof line === 'string' ? line : line.toString('utf8')
  const whole = parseJson(text)
  if (isObject(whole)) return readFields(whole, false)
  const mended = whole === undefined ? mendLine(text) : null
  return mended === null ? MALFORMED : readFields(mended, true)
}

/** A line that was stored as a request. */
export interface StoredLine {
  readonly outer: JsonObject
  readonly ai: JsonObject
  /** It was not JSON: what could be told apart was read. */
  readonly mended: boolean
}

/** The two objects of a line that was stored as a request, by whatever rule was in force then; null when it has none. */
export function readStoredLine(line: Buffer): StoredLine | null {
  const text = line.toString('utf8')
  const whole = parseJson(text)
  const outer: Json = whole ?? mendLine(text)
  if (!isObject(outer)) return null
  const { ai_log: log } = outer
  const ai = typeof log === 'string' ? parseLog(log) : log
  return isObject(ai) ? { outer, ai: withSeparateFields(ai, outer), mended: whole === undefined } : null
}

/** Whether a line that has no line break yet is complete: nothing but its break can follow. */
export function isWholeLine(line: Buffer): boolean {
  const whole = parseJson(line.toString('utf8'))
  return isObject(whole) && readFields(whole, false).kind !== 'malformed'
}

function readFields(outer: JsonObject, mended: boolean): LineOutcome {
  const log = outer.ai_log
  if (log === undefined || log === null || log === '' || log === '-') return { kind: 'not-llm', outer }
  const inner = typeof log === 'string' ? parseLog(log) : log
  if (!isObject(inner)) return MALFORMED
  const ai = withSeparateFields(inner, outer)
  return isLlmRequest(ai, outer) ? { kind: 'request', outer, ai, mended } : { kind: 'not-llm', outer }
}

/** The object in `ai_log`; a gateway that writes JSON itself (accessLogEncoding: JSON) escapes its text once more. */
function parseLog(log: string): Json | undefined {
  let text = log
  for (let level = 0; level < MAX_ESCAPES; level += 1) {
    const value = parseJson(text)
    if (value !== undefined) return value
    if (!text.startsWith('{\\')) return undefined
    const unescaped = parseJson(`"${text}"`)
    if (typeof unescaped !== 'string') return undefined
    text = unescaped
  }
  return undefined
}

const MAX_ESCAPES = 3

function isPadding(byte: number): boolean {
  return byte === 0x00 || byte === 0x20 || byte === 0x0d || byte === 0x09 || byte === 0x0a
}
