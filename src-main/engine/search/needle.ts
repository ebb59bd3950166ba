import { fold } from '../../shared/fold'
import { CASELESS, gramsOf } from './grams'

/**
 * The text to search for, with three tests of increasing strength. `grams` tests a filter, and `maybeIn` tests bytes
 * without parsing them; both may give false positives but no false negatives. `findIn` searches a decoded text.
 */
export class Needle {
  readonly #folded: string
  /** Pieces that look the same in the raw bytes, whatever is escaped around them. */
  readonly #ascii: readonly RegExp[]
  readonly #caseless: readonly Buffer[]
  /** For mayHold(); null when a filter cannot rule out anything. */
  readonly grams: readonly number[] | null

  /** `text` is not empty. */
  constructor(text: string) {
    this.#folded = fold(text)
    this.#ascii = longestFirst(this.#folded.match(/[a-z0-9]+/g))
      .filter((piece) => piece.length >= MIN_ASCII)
      // They contain only letters and digits. This is several times faster than folding the bytes first.
      .map((piece) => new RegExp(piece, 'i'))
    this.#caseless = longestFirst(text.match(CASELESS_RUNS)).map((piece) => Buffer.from(piece))
    this.grams = gramsOf(this.#folded)
  }

  maybeIn(bytes: Buffer): boolean {
    if (!this.#caseless.every((piece) => bytes.includes(piece)) && !bytes.includes('\\u')) return false
    if (this.#ascii.length === 0) return true
    const text = bytes.toString('latin1')
    if (this.#ascii.every((piece) => piece.test(text))) return true
    if (text.includes('\\u') && ESCAPED_LETTER.test(text)) return true
    return FOLDED_LETTERS.some((character) => text.includes(character))
  }

  /** Position and length of the first occurrence, in UTF-16 units; null when there is none. */
  findIn(text: string): { readonly at: number; readonly length: number } | null {
    const at = fold(text).indexOf(this.#folded)
    return at < 0 ? null : { at, length: this.#folded.length }
  }
}

/** An escaped letter or digit, or an escaped character that folds to one. */
const ESCAPED_LETTER = /\\u(?:00(?:3[0-9]|[46][1-9a-f]|[57][0-9a])|0130|212a)/i

/** Every line contains shorter ASCII pieces. */
const MIN_ASCII = 2

const CASELESS_RUNS = new RegExp(`[${CASELESS}]+`, 'g')

/** The bytes of İ and the Kelvin sign as Latin-1. No other character folds to an ASCII letter. */
const FOLDED_LETTERS = ['\u0130', '\u212a'].map((character) => Buffer.from(character).toString('latin1'))

function longestFirst(pieces: readonly string[] | null): readonly string[] {
  return [...new Set(pieces)].sort((a, b) => b.length - a.length)
}
