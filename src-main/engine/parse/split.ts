import { randomInt } from 'node:crypto'
import { isArray, parseJson, type Json } from '../json'
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
    outcome: { kind: 'request', outer: outcome.outer, ai },
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
  const text = raw.includes('\\') ? parseJson(`"[${raw}]"`) : `[${raw}]`
  const list = typeof text === 'string' ? parseJson(text) : undefined
  if (!isArray(list) || (kept !== null && list.length === 0)) return null
  return list
}

/** Place of the `]` that closes an array whose inside goes on at `at`; -1 when there is none. */
function closingBracket(line: Buffer, at: number): number {
  let depth = 1
  for (let place = at; place < line.length;) {
    const byte = line[place]
    if (byte === BACKSLASH) {
      place = stringEnd(line, place + 2)
      continue
    }
    if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) depth += 1
    else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
      depth -= 1
      if (depth === 0) return byte === CLOSE_ARRAY ? place : -1
    } else if (byte === QUOTE) return -1
    place += 1
  }
  return -1
}

/** Place after the `\"` that closes an inner string whose inside starts at `at`. */
function stringEnd(line: Buffer, at: number): number {
  let place = at
  while (place < line.length) {
    if (line[place] !== BACKSLASH) place += 1
    else if (line[place + 1] === QUOTE) return place + 2
    // An escape of the inner text: `\\` and what it escapes, which may itself stand as two bytes.
    else if (line[place + 1] === BACKSLASH) place += line[place + 2] === BACKSLASH ? 4 : 3
    else place += 2
  }
  return place
}

/**
 * Where each message ends in the bytes of a `messages` array (from its `[`, up to its `]`) that was accepted before:
 * places relative to its `[`.
 */
export function messageEnds(text: Buffer): number[] {
  const ends: number[] = []
  let depth = 0
  let place = 1
  let inside = false
  while (place < text.length) {
    const byte = text[place]
    if (byte === COMMA && depth === 0) {
      ends.push(place)
      inside = false
    } else if (byte !== SPACE) inside = true
    if (byte === BACKSLASH) {
      place = stringEnd(text, place + 2)
      continue
    }
    if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) depth += 1
    else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) depth -= 1
    place += 1
  }
  if (inside) ends.push(text.length)
  return ends
}
