/**
 * What is looked for, in two strengths: `maybeIn` tells from a stored line's raw bytes, without parsing them, whether it
 * can hold the text at all (it may say yes in vain, never no in vain); `findIn` looks in a text as it reads.
 */
export class Needle {
  readonly #folded: string
  /** A piece that stands in the raw line as it stands in the text, whatever was escaped around it; null: there is none. */
  readonly #piece: { readonly ascii: string } | { readonly bytes: Buffer } | null

  /** `text`: not empty. */
  constructor(text: string) {
    this.#folded = text.toLowerCase()
    this.#piece = pieceOf(text)
  }

  maybeIn(line: Buffer): boolean {
    const piece = this.#piece
    if (piece === null) return true
    if ('bytes' in piece) return line.includes(piece.bytes) || line.includes('\\u')
    const text = line.toString('latin1')
    if (text.toLowerCase().includes(piece.ascii)) return true
    return ESCAPED_ASCII.test(text)
  }

  /** Place of the first occurrence and its length, in UTF-16 units; null when there is none. */
  findIn(text: string): { readonly at: number; readonly length: number } | null {
    const folded = text.toLowerCase()
    const at = folded.indexOf(this.#folded)
    if (at < 0) return null
    // Folding changes the length of very few characters; then the place is looked for in the text itself.
    if (folded.length === text.length) return { at, length: this.#folded.length }
    for (let start = Math.max(0, at - 2 * (folded.length - text.length) - 1); start < text.length; start += 1) {
      for (let end = start + 1; end <= Math.min(text.length, start + this.#folded.length); end += 1) {
        if (text.slice(start, end).toLowerCase() === this.#folded) return { at: start, length: end - start }
      }
    }
    return { at: Math.min(at, text.length), length: 0 }
  }
}

/** A letter or digit that a JSON writer spelled as an escape. None does, but it may. */
const ESCAPED_ASCII = /\\u00(?:3[0-9]|[46][1-9a-f]|[57][0-9a])/i

/** Fewer ASCII characters than this are in every line. */
const MIN_ASCII = 2

function pieceOf(text: string): { ascii: string } | { bytes: Buffer } | null {
  const ascii = longest(text.match(/[a-z0-9]+/gi))
  if (ascii.length >= MIN_ASCII) return { ascii: ascii.toLowerCase() }
  // Characters without case (Chinese, …) are the same bytes wherever they stand.
  const caseless = longest(text.match(/[\u2e80-\ud7ff]+/g))
  return caseless === '' ? null : { bytes: Buffer.from(caseless) }
}

function longest(pieces: readonly string[] | null): string {
  return (pieces ?? []).reduce((best, piece) => (piece.length > best.length ? piece : best), '')
}
