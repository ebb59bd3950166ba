import { fold } from '../../shared/fold'
import { CASELESS, gramsOf } from './grams'

/**
 * What is looked for, in three strengths: `grams` tell from a filter whether the bytes it was made of can hold the text at
 * all, `maybeIn` tells so from the bytes, without parsing them (both may say yes in vain, never no in vain); `findIn` looks
 * in a text as it reads.
 */
export class Needle {
  readonly #folded: string
  /** Pieces that stand in the raw bytes as they stand in the text, whatever was escaped around them. */
  readonly #ascii: readonly RegExp[]
  readonly #caseless: readonly Buffer[]
  /** For mayHold(); null where nothing can be told from a filter. */
  readonly grams: readonly number[] | null

  /** `text`: not empty. */
  constructor(text: string) {
    this.#folded = fold(text)
    this.#ascii = longestFirst(this.#folded.match(/[a-z0-9]+/g))
      .filter((piece) => piece.length >= MIN_ASCII)
      // Letters and digits only, and several times as fast as folding the bytes and looking then.
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

  /** Place of the first occurrence and its length, in UTF-16 units; null when there is none. */
  findIn(text: string): { readonly at: number; readonly length: number } | null {
    const at = fold(text).indexOf(this.#folded)
    return at < 0 ? null : { at, length: this.#folded.length }
  }
}

/** A letter or digit that a JSON writer spelled as an escape, or that a character so spelled folds to. */
const ESCAPED_LETTER = /\\u(?:00(?:3[0-9]|[46][1-9a-f]|[57][0-9a])|0130|212a)/i

/** Fewer ASCII characters than this are in every line. */
const MIN_ASCII = 2

const CASELESS_RUNS = new RegExp(`[${CASELESS}]+`, 'g')

/** Of all characters only İ and the Kelvin sign fold to an ASCII letter: their bytes, as letters. */
const FOLDED_LETTERS = ['\u0130', '\u212a'].map((character) => Buffer.from(character).toString('latin1'))

function longestFirst(pieces: readonly string[] | null): readonly string[] {
  return [...new Set(pieces)].sort((a, b) => b.length - a.length)
}
