import { BACKSLASH, CLOSE_BRACE, CLOSE_BRACKET, COMMA, OPEN_BRACE, OPEN_BRACKET, QUOTE, SPACE, TAB } from './wrapper'

/** Bytes and lines after which an object that has not ended is given up. */
const MAX_BYTES = 64 * 1024 * 1024
const MAX_LINES = 100_000

/** What a line means to an object written over many lines. */
export type PrettyOutcome = 'joined' | 'whole' | 'broken'

/**
 * Whether a line opens an object that goes on with the next line. A gateway's own line ends with `}`, so only the last
 * byte of most lines is looked at.
 */
export function opensPretty(line: Buffer): boolean {
  const first = line[0]
  if (first !== OPEN_BRACE) return false
  const last = line[line.length - 1]
  if (last !== OPEN_BRACE && last !== OPEN_BRACKET && last !== COMMA) return false
  const depth = depthAfter(line, 0)
  return depth !== null && depth > 0
}

/** Brackets and commas between the objects of an array: `[`, `]`, `},` after an object that was complete. */
export function isFraming(line: Buffer): boolean {
  if (line.length > 4) return false
  for (const byte of line) {
    if (byte !== OPEN_BRACKET && byte !== CLOSE_BRACKET && byte !== COMMA && byte !== SPACE) return false
  }
  return line.length > 0
}

/** The line without the comma that follows an object of an array, or a bracket around the objects. */
export function withoutFraming(line: Buffer): Buffer {
  let start = 0
  let end = line.length
  if (line[start] === OPEN_BRACKET && line[start + 1] === OPEN_BRACE && line[end - 1] !== CLOSE_BRACKET) start += 1
  if (line[end - 1] === COMMA && line[end - 2] === CLOSE_BRACE) end -= 1
  if (line[end - 1] === CLOSE_BRACKET && line[end - 2] === CLOSE_BRACE && line[start] === OPEN_BRACE) end -= 1
  return line.subarray(start, end)
}

/** An object whose text is spread over lines, as far as it has come. */
export class PrettyObject {
  readonly #lines: Buffer[] = []
  #depth = 0
  #bytes = 0

  constructor(first: Buffer) {
    this.#take(first)
  }

  /** Takes the next line, trimmed. `broken`: the line does not go on with it, and was not taken. */
  add(line: Buffer): PrettyOutcome {
    if (!continues(line) || this.#bytes + line.length > MAX_BYTES || this.#lines.length >= MAX_LINES) return 'broken'
    const depth = depthAfter(line, this.#depth)
    if (depth === null) return 'broken'
    if (depth > 0) {
      this.#take(line)
      return 'joined'
    }
    const end = line.lastIndexOf(CLOSE_BRACE)
    this.#take(line.subarray(0, end + 1))
    return 'whole'
  }

  /** The object on one line. */
  get text(): Buffer {
    return Buffer.concat(this.#lines)
  }

  #take(line: Buffer): void {
    this.#lines.push(Buffer.from(line))
    this.#bytes += line.length
    this.#depth = depthAfter(line, this.#depth) ?? 0
  }
}

/** Whether a line can be the next one of an object: it starts a name, a value, or ends something. */
function continues(line: Buffer): boolean {
  let at = 0
  while (line[at] === SPACE || line[at] === TAB) at += 1
  const byte = line[at]
  if (byte === undefined) return true
  if (byte === OPEN_BRACE) return line[at + 1] !== QUOTE || line.length - at < 10 || !isGatewayStart(line, at)
  if (byte === QUOTE || byte === CLOSE_BRACE || byte === OPEN_BRACKET || byte === CLOSE_BRACKET) return true
  return /^(?:-?\d[\d.eE+-]*|true|false|null),?\s*$/.test(line.toString('latin1', at, at + 64))
}

const GATEWAY_START = Buffer.from('{"ai_log"')

function isGatewayStart(line: Buffer, at: number): boolean {
  return line.compare(GATEWAY_START, 0, GATEWAY_START.length, at, at + GATEWAY_START.length) === 0
}

/** Objects and arrays open after `line`, `depth` before; null where a string does not end on it. Stops where all is closed. */
function depthAfter(line: Buffer, depth: number): number | null {
  let open = depth
  let inString = false
  for (let at = 0; at < line.length; at += 1) {
    const byte = line[at]
    if (inString) {
      if (byte === BACKSLASH) at += 1
      else if (byte === QUOTE) inString = false
    } else if (byte === QUOTE) inString = true
    else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) open += 1
    else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      open -= 1
      if (open <= 0) return 0
    }
  }
  return inString ? null : open
}
