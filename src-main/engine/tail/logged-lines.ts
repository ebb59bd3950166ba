import { readRange } from '../disk/read-range'
import { isWholeLine, parseLine, trimLine } from '../parse/line'
import { Unwrapper, type LoggedLine } from '../unwrap/unwrapper'
import { startsGatewayLine } from '../unwrap/records'
import { LineSplitter } from './splitter'

/** A line of the program that wrote the log, or what is known of one that can't be read. */
export type DeliveredLine = LoggedLine | { readonly kind: 'too-long'; readonly offset: number; readonly length: number }

export type DeliverLine = (line: DeliveredLine) => void

const READ_BYTES = 1024 * 1024
/** An unfinished end of a file that is put together with the start of the next one is at most this long. */
export const MAX_END_BYTES = 64 * 1024 * 1024

/** The end of a file whose last line was cut by rotation, which the next file of the log may continue. */
export interface OpenEnd {
  /** The bytes after the last line break; empty when the file ends with a whole line. */
  rest(): Buffer
  /** They became part of a line of the next file. */
  taken(): void
  readonly lines: LoggedLines
}

/**
 * Turns a file's physical lines into the lines its program wrote. Its state is what has begun and not ended; after a
 * restart it is got back by reading again from where the first such line begins.
 */
export class LoggedLines {
  #unwrapper = new Unwrapper()
  /** Where a line began whose end had not come at the last checkpoint; null when there is none, or it was read again. */
  #restoreFrom: number | null
  /** The file before it in the log, some of whose lines end here. */
  #before: OpenEnd | null = null

  constructor(unfinishedFrom: number | null) {
    this.#restoreFrom = unfinishedFrom
  }

  /** From where the file has to be read again to know of its unfinished lines; null when all lines are whole. */
  get unfinishedFrom(): number | null {
    return this.#restoreFrom ?? this.#unwrapper.unfinishedFrom
  }

  /** How many lines have begun and not ended. */
  get unfinished(): number {
    return this.#restoreFrom === null ? this.#unwrapper.unfinished : 1
  }

  /** Whether unfinished lines wait to be read again. */
  get isToRestore(): boolean {
    return this.#restoreFrom !== null
  }

  /**
   * Reads the unfinished lines again after a restart, up to `end`, where the file was read to. Hands over nothing.
   * `before`: the file before it in the log.
   */
  restore(fd: number, end: number, before: OpenEnd | null): void {
    const from = this.#restoreFrom
    if (from === null) return
    this.#restoreFrom = null
    if (from === 0 && before !== null) this.#takeOver(before)
    const splitter = new LineSplitter(from)
    splitter.detectEncoding(readRange(fd, 0, 2))
    for (let at = from; at < end; at += READ_BYTES) {
      splitter.push(readRange(fd, at, Math.min(READ_BYTES, end - at)), (bytes, offset, length) => {
        if (bytes !== null) this.#unwrapper.push(bytes, offset, length, () => undefined)
      })
    }
  }

  /** Takes a physical line; `bytes` null for one that is too long. `before`: the file before it, for a file's first line. */
  push(bytes: Buffer | null, offset: number, length: number, before: OpenEnd | null, deliver: DeliverLine): void {
    if (bytes === null) {
      deliver({ kind: 'too-long', offset, length })
      return
    }
    const from = this.#unwrapper.unfinishedFrom
    try {
      if (before !== null) this.#takeOver(before)
      const joined = before === null ? null : joinedLine(before.rest(), bytes)
      this.#unwrapper.push(joined ?? bytes, offset, length, deliver)
      if (joined !== null) before?.taken()
    } catch (error) {
      // The line is handed over again, to the state there was before it.
      this.#unwrapper = new Unwrapper()
      this.#restoreFrom = from
      this.#before = null
      throw error
    }
    if (this.#before === null || this.#unwrapper.hasTakenOver) return
    this.#before.lines.clear()
    this.#before.taken()
    this.#before = null
  }

  /** Lines that began in the file before this one go on here. */
  #takeOver(before: OpenEnd): void {
    if (before.lines.unfinished === 0) return
    this.#before = before
    this.#unwrapper.takeOver(before.lines.#unwrapper)
  }

  clear(): void {
    this.#unwrapper = new Unwrapper()
    this.#restoreFrom = null
    this.#before = null
  }

  /** Whether bytes after the last line break are a line to which only its break can be missing. */
  isWholeRest(rest: Buffer): boolean {
    const line = trimLine(rest)
    const last = line.at(-1)
    if (last === CLOSE_BRACKET) return this.#unwrapper.unfinished > 0 || line.length === 1
    if (last !== CLOSE_BRACE) return false
    if (this.#unwrapper.isSpread || isWholeLine(line)) return true
    const found = wholeLines(line)
    return found !== null && found.every((inner) => isWholeLine(inner))
  }
}

const CLOSE_BRACE = 0x7d
const CLOSE_BRACKET = 0x5d

/** The bytes of the line that the end of a file and the first line of the next one make; null when they make none. */
export function joinedLine(end: Buffer, first: Buffer): Buffer | null {
  if (end.length === 0 || end.length > MAX_END_BYTES || startsGatewayLine(trimLine(first))) return null
  const joined = Buffer.concat([end, first])
  const lines = wholeLines(trimLine(joined))
  const isOne = lines?.every((line) => parseLine(line).kind !== 'malformed') === true
  return isOne ? joined : null
}

/** The lines that a physical line holds by itself; null when it does not end what it begins. */
function wholeLines(line: Buffer): readonly Buffer[] | null {
  const unwrapper = new Unwrapper()
  const found: { readonly whole: boolean; readonly bytes: Buffer }[] = []
  unwrapper.push(line, 0, line.length, ({ kind, bytes }) => {
    found.push({ whole: kind === 'whole', bytes: Buffer.from(bytes ?? '') })
  })
  const isBroken = found.length === 0 || found.some(({ whole }) => !whole) || unwrapper.unfinished > 0
  return isBroken ? null : found.map(({ bytes }) => bytes)
}
