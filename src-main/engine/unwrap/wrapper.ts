import type { WrapperName } from '../../contract/index'
import type { Json } from '../base/json'

/**
 * Whether a piece of a log line is all of it. A container runtime cuts long lines: `more` says that another piece
 * follows, `end` that this is the last piece, or the only one.
 */
export type Part = 'more' | 'end'

/** What a tool wrote before (and, rarely, after) the text it logged. */
export interface Head {
  /** Where the logged text starts in the line, in bytes. */
  readonly bytes: number
  /** Bytes after the logged text. */
  readonly tailBytes?: number
  /** The tool's time, as it wrote it; null when it wrote none that can be read. */
  readonly time: Json
  /** The stream or container the text came from; pieces of one line come from one source. */
  readonly source: string
  readonly part: Part
}

/** A tool that writes something before each line. */
export interface HeadWrapper {
  readonly name: WrapperName
  /** First bytes a line of this form may have; null where any byte will do. */
  readonly startsWith: (firstByte: number) => boolean
  /** Reads the start of a line, as Latin-1 text so that characters are bytes; null when it has another form. */
  readonly head: (start: string, lineBytes: number) => Head | null
  /**
   * The form is unmistakable. Otherwise it counts only when a JSON object, or another tool's form, follows: an ordinary
   * message may start with a time or a name too.
   */
  readonly certain: boolean
}

/** A logged text that was found in a record. */
export interface Inner {
  /** Null where the tool left the text out. */
  readonly text: Buffer | null
  readonly time: Json
  readonly source: string
  readonly part: Part
  readonly wrapper: WrapperName
}

/** Bytes of a line's start in which a head is looked for. */
export const HEAD_BYTES = 512

export const OPEN_BRACE = 0x7b
export const CLOSE_BRACE = 0x7d
export const OPEN_BRACKET = 0x5b
export const CLOSE_BRACKET = 0x5d
export const QUOTE = 0x22
export const BACKSLASH = 0x5c
export const COMMA = 0x2c
export const SPACE = 0x20
export const TAB = 0x09
export const ESCAPE = 0x1b
export const AT = 0x40
export const LESS_THAN = 0x3c

export const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39
export const isLetter = (byte: number): boolean => (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a
