import { isArray, parseJson, type Json, type JsonObject } from '../json'
import { LLM_KEYS } from './line'

/**
 * Takes a log line apart in its raw bytes, where parsing it whole would cost time for a history that was read before.
 * A line is JSON text whose `ai_log` is a string that again holds JSON text, so every quote of the inner text stands as
 * `\"` and every backslash as `\\`. Whatever is not of the plain form a gateway writes (nested values outside, other
 * white space, an escaped quote, a key twice) makes the scan give up: then the line is parsed whole, with the same
 * result (test/fuzz/scan.test.ts compares the two).
 */
export interface ScannedLine {
  readonly isLlm: boolean
  /** The outer fields and the inner ones that the index needs, decoded. */
  readonly outer: JsonObject
  readonly ai: JsonObject
  /** The `messages` array, `[` to `]`, in the line's bytes; null when there is none. */
  readonly messages: MessagesSpan | null
}

export interface MessagesSpan {
  readonly start: number
  /** After the `]`. */
  readonly end: number
  /** What an earlier request sent already: the first bytes of the array, whole messages. */
  readonly kept: KeptPrefix | null
  /** Where the messages after the kept ones end, relative to `start`. */
  readonly freshEnds: readonly number[]
}

/** The first `bytes` bytes of a `messages` array (its `[` and `messages` whole messages) that were read before. */
export interface KeptPrefix {
  readonly bytes: number
  readonly messages: number
}

/** Finds what was read before of the array that starts at `start`. */
export type FindKept = (line: Buffer, start: number) => KeptPrefix | null

const QUOTE = 0x22
const BACKSLASH = 0x5c
const SLASH = 0x2f
const COLON = 0x3a
const COMMA = 0x2c
const SPACE = 0x20
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d
const OPEN_ARRAY = 0x5b
const CLOSE_ARRAY = 0x5d
const LOWER_U = 0x75

const OUTER_KEYS: ReadonlySet<string> = new Set(['start_time', 'timestamp', 'consumer'])
const AI_KEYS: ReadonlySet<string> = new Set([
  'session_id',
  'model',
  'consumer',
  'question',
  'input_token',
  'output_token',
  'cached_tokens',
  'reasoning_tokens',
  'input_token_details',
  'output_token_details',
])
/** Less than what makes a line malformed (ingest.ts), so that only parsing it whole decides. */
const MAX_DEPTH = 100
const LLM: ReadonlySet<string> = new Set(LLM_KEYS)

/** Scans a trimmed line; null when it has to be parsed whole. */
export function scanLine(line: Buffer, findKept: FindKept): ScannedLine | null {
  const scan = new Scan(line, findKept)
  return scan.outerObject() ? scan : null
}

/**
 * Goes through the `messages` array that starts at `start`: what was read before is passed over, the rest is looked at
 * message by message. Null when it is not of the plain form.
 */
export function scanMessages(line: Buffer, start: number, kept: KeptPrefix | null): MessagesSpan | null {
  if (line[start] !== OPEN_ARRAY) return null
  const freshStart = start + (kept?.bytes ?? 1)
  const freshEnds: number[] = []
  let at = freshStart
  let afterMessage = kept !== null
  let afterComma = false
  for (;;) {
    while (line[at] === SPACE) at += 1
    const byte = line[at]
    if (byte === CLOSE_ARRAY) break
    if (afterMessage) {
      if (byte !== COMMA) return null
      at += 1
      afterMessage = false
      afterComma = true
      continue
    }
    if (byte !== OPEN_OBJECT) return null
    at = nestedEnd(line, at)
    if (at < 0) return null
    freshEnds.push(at - start)
    afterMessage = true
    afterComma = false
  }
  if (afterComma) return null
  const end = at + 1
  if (freshEnds.length > 0) {
    const raw = line.toString('utf8', freshStart, end)
    const list = innerJsonText(`[${kept === null ? raw : raw.slice(raw.indexOf(',') + 1)}`)
    if (!isArray(list) || list.length !== freshEnds.length) return null
  }
  return { start, end, kept, freshEnds }
}

class Scan implements ScannedLine {
  isLlm = false
  readonly outer: Record<string, Json> = {}
  readonly ai: Record<string, Json> = {}
  messages: MessagesSpan | null = null
  readonly #line: Buffer
  readonly #findKept: FindKept
  #at = 0
  #sawLog = false
  #sawMessages = false

  constructor(line: Buffer, findKept: FindKept) {
    this.#line = line
    this.#findKept = findKept
  }

  /** The whole line: one object of plain values, and nothing after it. */
  outerObject(): boolean {
    const line = this.#line
    if (line[this.#at] !== OPEN_OBJECT) return false
    this.#at += 1
    for (;;) {
      this.#spaces()
      if (line[this.#at] !== QUOTE) return false
      const keyStart = this.#at + 1
      const keyEnd = plainKeyEnd(line, keyStart)
      if (keyEnd < 0) return false
      this.#at = keyEnd + 1
      this.#spaces()
      if (line[this.#at] !== COLON) return false
      this.#at += 1
      this.#spaces()
      if (!this.#outerValue(keyStart, keyEnd)) return false
      this.#spaces()
      const after = line[this.#at]
      this.#at += 1
      if (after === CLOSE_OBJECT) return this.#at === line.length
      if (after !== COMMA) return false
    }
  }

  #outerValue(keyStart: number, keyEnd: number): boolean {
    const line = this.#line
    const keyBytes = keyEnd - keyStart
    const key = keyBytes >= 6 && keyBytes <= 10 ? line.toString('latin1', keyStart, keyEnd) : ''
    if (line[this.#at] !== QUOTE) {
      const value = this.#plainValue()
      if (value === undefined || key === 'ai_log') return false
      if (OUTER_KEYS.has(key)) this.outer[key] = value
      return true
    }
    const start = this.#at + 1
    if (key === 'ai_log') {
      if (this.#sawLog) return false
      this.#sawLog = true
      this.#at = start
      return this.#log()
    }
    const end = outerStringEnd(line, start)
    if (end < 0) return false
    this.#at = end + 1
    if (OUTER_KEYS.has(key)) {
      const value = parseJson(line.toString('utf8', start - 1, end + 1))
      if (value === undefined) return false
      this.outer[key] = value
    }
    return true
  }

  /** The inner JSON text, up to and with the quote that closes the string around it. */
  #log(): boolean {
    const line = this.#line
    if (line[this.#at] === QUOTE) {
      this.#at += 1
      return true
    }
    if (line[this.#at] === 0x2d && line[this.#at + 1] === QUOTE) {
      this.#at += 2
      return true
    }
    if (line[this.#at] !== OPEN_OBJECT) return false
    this.#at += 1
    for (;;) {
      this.#spaces()
      if (line[this.#at] !== BACKSLASH || line[this.#at + 1] !== QUOTE) return false
      const keyStart = this.#at + 2
      const keyEnd = line.indexOf(BACKSLASH, keyStart)
      if (keyEnd < 0 || line[keyEnd + 1] !== QUOTE || keyEnd - keyStart > 200) return false
      const key = line.toString('latin1', keyStart, keyEnd)
      // A control character or the end of the outer string within the key.
      if (!isPlainKey(key)) return false
      this.#at = keyEnd + 2
      this.#spaces()
      if (line[this.#at] !== COLON) return false
      this.#at += 1
      this.#spaces()
      if (LLM.has(key)) this.isLlm = true
      if (!this.#aiValue(key)) return false
      this.#spaces()
      const after = line[this.#at]
      this.#at += 1
      if (after === CLOSE_OBJECT) break
      if (after !== COMMA) return false
    }
    if (line[this.#at] !== QUOTE) return false
    this.#at += 1
    return true
  }

  #aiValue(key: string): boolean {
    const line = this.#line
    const first = line[this.#at]
    if (key === 'messages') {
      if (this.#sawMessages || first !== OPEN_ARRAY) return false
      this.#sawMessages = true
      return this.#messages()
    }
    const start = this.#at
    if (first === BACKSLASH) {
      if (line[start + 1] !== QUOTE) return false
      const end = innerStringEnd(line, start + 2)
      if (end < 0) return false
      this.#at = end + 2
      if (AI_KEYS.has(key)) this.ai[key] = innerText(line, start + 2, end)
      return true
    }
    if (first === OPEN_ARRAY || first === OPEN_OBJECT) {
      const end = nestedEnd(line, start)
      if (end < 0) return false
      // Also of a value nobody asks for: what is no JSON makes the whole line malformed.
      const value = innerJson(line, start, end)
      if (value === undefined) return false
      if (AI_KEYS.has(key)) this.ai[key] = value
      this.#at = end
      return true
    }
    const value = this.#plainValue()
    if (value === undefined) return false
    if (AI_KEYS.has(key)) this.ai[key] = value
    return true
  }

  #messages(): boolean {
    const start = this.#at
    const kept = this.#findKept(this.#line, start)
    const span = scanMessages(this.#line, start, kept)
    if (span === null) return false
    this.messages = span
    this.#at = span.end
    return true
  }

  /** A number, true, false or null; undefined when it is none of them. */
  #plainValue(): Json | undefined {
    const line = this.#line
    const start = this.#at
    let end = start
    for (; end < line.length && end - start < 40; end += 1) {
      const byte = line[end]
      if (byte === COMMA || byte === CLOSE_OBJECT || byte === SPACE) break
    }
    this.#at = end
    const text = line.toString('latin1', start, end)
    return PLAIN_VALUE.test(text) ? (JSON.parse(text) as Json) : undefined
  }

  #spaces(): void {
    while (this.#line[this.#at] === SPACE) this.#at += 1
  }
}

const PLAIN_VALUE = /^(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)$/

function isPlainKey(key: string): boolean {
  for (let index = 0; index < key.length; index += 1) {
    const code = key.charCodeAt(index)
    if (code < SPACE || code === QUOTE) return false
  }
  return true
}

/** Index of the quote that closes a key without escapes; -1 when it has some. */
function plainKeyEnd(line: Buffer, at: number): number {
  for (const length = line.length; at < length; at += 1) {
    const byte = line[at] as number
    if (byte === QUOTE) return at
    if (byte === BACKSLASH || byte < SPACE) return -1
  }
  return -1
}

/** Index of the quote that closes an outer string which starts at `at`; -1 when it is not plain JSON. */
function outerStringEnd(line: Buffer, at: number): number {
  const length = line.length
  while (at < length) {
    const byte = line[at] as number
    if (byte === QUOTE) return at
    if (byte < SPACE) return -1
    if (byte !== BACKSLASH) {
      at += 1
      continue
    }
    const escape = line[at + 1] as number
    if (escape === LOWER_U) {
      if (hex4(line, at + 2) < 0) return -1
      at += 6
    } else if (isEscape(escape)) at += 2
    else return -1
  }
  return -1
}

/**
 * Index of the `\"` that closes an inner string which starts at `at`; -1 when it is not plain. An escape of the inner
 * text starts with `\\`; the byte that ends it stands as it is, or as `\"`, `\\` or `\/`.
 */
function innerStringEnd(line: Buffer, at: number): number {
  const length = line.length
  while (at < length) {
    const byte = line[at] as number
    if (byte !== BACKSLASH) {
      if (byte === QUOTE || byte < SPACE) return -1
      at += 1
      continue
    }
    const second = line[at + 1] as number
    if (second === QUOTE) return at
    if (second === BACKSLASH) {
      const third = line[at + 2] as number
      if (third === BACKSLASH) {
        const fourth = line[at + 3] as number
        if (fourth !== QUOTE && fourth !== BACKSLASH && fourth !== SLASH) return -1
        at += 4
      } else if (third === LOWER_U) {
        if (hex4(line, at + 3) < 0) return -1
        at += 7
      } else if (third !== QUOTE && isEscape(third)) at += 3
      else return -1
    } else if (second === SLASH) at += 2
    else if (second === LOWER_U) {
      const code = hex4(line, at + 2)
      if (code < SPACE || code === QUOTE || code === BACKSLASH) return -1
      at += 6
    } else return -1
  }
  return -1
}

/** Index after the array or object of the inner text that starts at `at`; -1 when it is not plain or nests too deep. */
function nestedEnd(line: Buffer, at: number): number {
  const length = line.length
  let depth = 0
  while (at < length) {
    const byte = line[at] as number
    if (byte === BACKSLASH) {
      if (line[at + 1] !== QUOTE) return -1
      const end = innerStringEnd(line, at + 2)
      if (end < 0) return -1
      at = end + 2
      continue
    }
    if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
      depth += 1
      if (depth > MAX_DEPTH) return -1
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
      depth -= 1
      if (depth === 0) return at + 1
    } else if (byte === QUOTE || byte < SPACE) return -1
    at += 1
  }
  return -1
}

/** Value of an inner string: bytes `start` to `end` of the line. */
function innerText(line: Buffer, start: number, end: number): string {
  const raw = line.toString('utf8', start, end)
  if (!raw.includes('\\')) return raw
  return JSON.parse(`"${JSON.parse(`"${raw}"`) as string}"`) as string
}

/** An array or object of the inner text; undefined when it is no JSON after all. */
function innerJson(line: Buffer, start: number, end: number): Json | undefined {
  return innerJsonText(line.toString('utf8', start, end))
}

function innerJsonText(raw: string): Json | undefined {
  const text = raw.includes('\\') ? (parseJson(`"${raw}"`) as string | undefined) : raw
  return text === undefined ? undefined : parseJson(text)
}

/** `"\/bfnrt` */
function isEscape(byte: number): boolean {
  switch (byte) {
    case QUOTE:
    case BACKSLASH:
    case SLASH:
    case 0x62:
    case 0x66:
    case 0x6e:
    case 0x72:
    case 0x74:
      return true
    default:
      return false
  }
}

/** Value of four hex digits at `at`; -1 when they are none. */
function hex4(line: Buffer, at: number): number {
  let value = 0
  for (let index = at; index < at + 4; index += 1) {
    const byte = line[index] ?? 0
    let digit = -1
    if (byte >= 0x30 && byte <= 0x39) digit = byte - 0x30
    else if (byte >= 0x61 && byte <= 0x66) digit = byte - 0x57
    else if (byte >= 0x41 && byte <= 0x46) digit = byte - 0x37
    if (digit < 0) return -1
    value = value * 16 + digit
  }
  return value
}
