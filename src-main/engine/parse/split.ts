import { randomInt } from 'node:crypto'
import { isArray, parseJson, type Json } from '../base/json'
import { parseLine, type LineOutcome } from './line'

/**
 * Takes a log line apart without parsing the history it sends again. The inner JSON text of `ai_log` stands in the line
 * with every quote as `\"` and every backslash as `\\`; within one of its strings a quote stands as `\\\"`. So the bytes
 * `,\"messages\":[` can only be what they look like, never a piece of some text. What was read before is passed over by
 * its bytes; the rest, and the line around the array, is left to JSON.parse. Lines of another form are parsed whole, with
 * the same result (test/fuzz/split.test.ts compares the two).
 */
export interface SplitLine {
  /** What the line is; an `ai` of a request comes without `messages`. */
  readonly outcome: LineOutcome
  readonly span: MessagesSpan
  /** The messages after the kept ones. */
  readonly fresh: readonly Json[]
}

/** The `messages` array of a line, in its bytes. */
export interface MessagesSpan {
  /** Place of its `[`. */
  readonly start: number
  /** Bytes from its `[` up to its `]`, without this. */
  readonly bytes: number
  /** The part of them that an earlier request sent already: whole messages. */
  readonly kept: KeptPrefix | null
}

/** The first `bytes` bytes of a `messages` array (its `[` and `messages` whole messages) that were read before. */
export interface KeptPrefix {
  readonly bytes: number
  readonly messages: number
}

/** Finds what was read before of the array that starts at `start`. */
export type FindKept = (line: Buffer, start: number) => KeptPrefix | null

const AFTER_COMMA = Buffer.from(',\\"messages\\":[')
const AFTER_BRACE = Buffer.from('{\\"messages\\":[')
/** The plugin sorts its keys: `model` is what follows `messages`. */
const USUAL_END = Buffer.from('],\\"model\\":')

const QUOTE = 0x22
const BACKSLASH = 0x5c
const SLASH = 0x2f
const LETTER_U = 0x75
const COMMA = 0x2c
const SPACE = 0x20
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d
const OPEN_ARRAY = 0x5b
const CLOSE_ARRAY = 0x5d

/** Stands for the array while the line around it is parsed; a number that no line can know. */
const PLACEHOLDER = randomInt(2 ** 47)
const PLACEHOLDER_TEXT = `[${String(PLACEHOLDER)}]`

/** Takes a trimmed line apart; null when it has to be parsed whole. */
export function splitLine(line: Buffer, findKept: FindKept): SplitLine | null {
  const at = line.indexOf(AFTER_COMMA)
  const before = at >= 0 ? at : line.indexOf(AFTER_BRACE)
  if (before < 0) return null
  const start = before + AFTER_COMMA.length - 1
  const kept = findKept(line, start)
  const read = readFresh(line, start, kept)
  if (read === null) return null
  const around = line.toString('utf8', 0, start) + PLACEHOLDER_TEXT + line.toString('utf8', read.end)
  const outcome = parseLine(around)
  if (outcome.kind !== 'request') return null
  const { messages, ...ai } = outcome.ai
  // Another array of that name, deeper inside or a second one, is not the one the request sent.
  if (!isArray(messages) || messages.length !== 1 || messages[0] !== PLACEHOLDER) return null
  return {
    outcome: { ...outcome, ai },
    span: { start, bytes: read.end - 1 - start, kept },
    fresh: read.fresh,
  }
}

/** The messages after the kept ones and the place after the array; null where these are no messages. */
function readFresh(
  line: Buffer,
  start: number,
  kept: KeptPrefix | null,
): { readonly fresh: readonly Json[]; readonly end: number } | null {
  const from = start + (kept?.bytes ?? 1)
  const usual = line.indexOf(USUAL_END, from)
  if (usual >= 0) {
    const fresh = parseFresh(line, from, usual, kept)
    // An array ends at one place only: where its bytes up to there are JSON, that is it.
    if (fresh !== null) return { fresh, end: usual + 1 }
  }
  const close = closingBracket(line, from)
  const fresh = close < 0 ? null : parseFresh(line, from, close, kept)
  return fresh === null ? null : { fresh, end: close + 1 }
}

function parseFresh(line: Buffer, from: number, close: number, kept: KeptPrefix | null): readonly Json[] | null {
  let raw = line.toString('utf8', from, close)
  if (kept !== null) {
    raw = raw.replace(/^ +/, '')
    if (raw === '') return []
    if (!raw.startsWith(',')) return null
    raw = raw.slice(1)
  }
  // As a piece of the line's own JSON text, which neither a bare quote nor a control character can be.
  const text = raw === '' ? '[]' : parseJson(`"[${raw}]"`)
  const list = typeof text === 'string' ? parseJson(text) : undefined
  if (!isArray(list) || (kept !== null && list.length === 0)) return null
  return list
}

/** Place of the `]` that closes an array whose inside goes on at `at`; -1 when there is none. */
function closingBracket(line: Buffer, at: number): number {
  let depth = 1
  for (let place = at; place < line.length;) {
    if (line[place] === QUOTE) return -1
    const char = charAt(line, place)
    if (char === CLOSE_OBJECT || char === CLOSE_ARRAY) {
      depth -= 1
      if (depth === 0) return line[place] === CLOSE_ARRAY ? place : -1
    } else if (char === OPEN_OBJECT || char === OPEN_ARRAY) depth += 1
    place += charBytes(line, place)
    if (char === QUOTE) place = stringEnd(line, place)
  }
  return -1
}

/** Place after the quote that closes an inner string whose inside starts at `at`. */
function stringEnd(line: Buffer, at: number): number {
  let place = at
  while (place < line.length) {
    if (line[place] !== BACKSLASH) {
      place += 1
      continue
    }
    const char = charAt(line, place)
    place += charBytes(line, place)
    if (char === QUOTE) return place
    // An escape of the inner text: what it escapes ends no string.
    if (char === BACKSLASH) place += charBytes(line, place)
  }
  return place
}

/** The character of the inner text that stands at `place` (of a longer one its first byte); a space for any white space. */
function charAt(line: Buffer, place: number): number {
  const byte = line[place] ?? 0
  if (byte !== BACKSLASH) return byte
  const escaped = line[place + 1] ?? 0
  if (escaped === LETTER_U) {
    const code = parseInt(line.toString('latin1', place + 2, place + 6), 16)
    return code <= SPACE ? SPACE : code
  }
  return escaped === QUOTE || escaped === BACKSLASH || escaped === SLASH ? escaped : SPACE
}

/** How many bytes of the line it takes. */
function charBytes(line: Buffer, place: number): number {
  if (line[place] !== BACKSLASH) return 1
  return line[place + 1] === LETTER_U ? 6 : 2
}

/**
 * Where each message ends in the bytes of a `messages` array (from its `[`, up to its `]`) that was accepted before:
 * places relative to its `[`. At most the first `limit` ones; where the text goes on behind the array, it has to be given.
 */
export function messageEnds(text: Buffer, limit = Infinity): number[] {
  const ends: number[] = []
  let depth = 0
  let place = 1
  let inside = false
  while (place < text.length && ends.length < limit) {
    const char = charAt(text, place)
    if (char === COMMA && depth === 0) {
      ends.push(place)
      inside = false
    } else if (char === CLOSE_ARRAY && depth === 0) break
    else if (char !== SPACE) inside = true
    if (char === OPEN_OBJECT || char === OPEN_ARRAY) depth += 1
    else if (char === CLOSE_OBJECT || char === CLOSE_ARRAY) depth -= 1
    place += charBytes(text, place)
    if (char === QUOTE) place = stringEnd(text, place)
  }
  if (inside) ends.push(place)
  return ends
}
