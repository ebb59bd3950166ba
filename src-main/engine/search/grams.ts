/**
 * A set of the short pieces of text in stored bytes, one bit each, with which a search can skip blocks. It holds all
 * pieces of 3, 5 and 8 characters of ASCII letters and digits, and every character and pair of characters of Chinese,
 * Japanese and Korean text. They are read from the raw bytes, where a letter or digit looks the same whatever is
 * escaped around it. If a letter or digit itself is escaped, there is no filter. One case is not covered: a number in a
 * tool's arguments with an exponent, which the search reads written out.
 */

const SHORT = 3
const MIDDLE = 5
const LONG = 8

/** log2 of the bits used while pieces are collected; a filter is folded to as few as it needs. */
const COLLECTED_BITS = 20
/** Target share of bits that are set, which is also the share of absent pieces that seem to be present. */
const WANTED_FILL = 0.3
/** A filter with a larger share of bits set rules out too little to be kept. */
const MOST_FILL = 0.85

const BACKSLASH = 0x5c
const LETTER_I = codeOf('i')
const LETTER_K = codeOf('k')

/** 1 to 36 for a letter or digit, ignoring case, otherwise 0. A piece has six bits per character. */
const CODES = Uint8Array.from({ length: 256 }, (_, byte) => codeOf(String.fromCharCode(byte)))

function codeOf(character: string): number {
  return 'abcdefghijklmnopqrstuvwxyz0123456789'.indexOf(character.toLowerCase()) + 1
}

/** Characters without case, whose bytes are the same everywhere: Chinese, Japanese, Korean, Yi. */
export const CASELESS = '\u2e80-\ua4cf\uac00-\ud7a3'
const isCaseless = (code: number): boolean => (code >= 0x2e80 && code <= 0xa4cf) || (code >= 0xac00 && code <= 0xd7a3)

const shortPlace = (piece: number): number => Math.imul(piece & 0x3ffff, 0x9e3779b1) >>> (32 - COLLECTED_BITS)
const middlePlace = (piece: number): number => Math.imul(piece ^ 0x2545f491, 0x85ebca6b) >>> (32 - COLLECTED_BITS)
/** `head`: the first three characters; `piece`: the following five. */
const longPlace = (head: number, piece: number): number =>
  Math.imul(Math.imul((head & 0x3ffff) + 1, 0x7feb352d) ^ piece, 0x846ca68b) >>> (32 - COLLECTED_BITS)
const singlePlace = (code: number): number => Math.imul(code + 0x5bd10000, 0xc2b2ae35) >>> (32 - COLLECTED_BITS)
const pairPlace = (before: number, code: number): number =>
  Math.imul(Math.imul(before, 0x27d4eb2f) + code, 0x165667b1) >>> (32 - COLLECTED_BITS)

/** Collects the pieces of some bytes. */
export class GramSet {
  readonly #bits = new Uint8Array(1 << (COLLECTED_BITS - 3))
  /** A letter or digit was escaped, so its pieces were not seen. */
  #blind = false
  /** The characters before the five of `run`, six bits each. `length` says how many are valid. */
  #head = 0
  #run = 0
  #length = 0
  #before = 0
  /** Up to this offset, the previous character still counts as adjacent, because its neighbour is escaped. */
  #joined = -1
  #seenEscape = -1

  /** Adds the pieces in `bytes` from `from` to about `to`; returns where to continue. Slices have to be consecutive. */
  add(bytes: Uint8Array, from = 0, to = bytes.length): number {
    if (from === 0) {
      this.#run = this.#length = this.#before = 0
      this.#joined = this.#seenEscape = -1
    }
    const bits = this.#bits
    let head = this.#head
    let run = this.#run
    let length = this.#length
    let at = from
    for (; at < to; at += 1) {
      const byte = bytes[at] ?? 0
      let code = CODES[byte] ?? 0
      if (code === 0 && byte >= 0x80) {
        const letterAndMore = this.#notAscii(bytes, at)
        code = letterAndMore & 0xff
        at += letterAndMore >>> 8
      }
      if (code === 0) {
        run = length = 0
        if (byte === BACKSLASH) this.#escape(bytes, at)
        else if (byte < 0x80 && at > this.#joined) this.#before = 0
        continue
      }
      if (at > this.#joined) this.#before = 0
      head = (head << 6) | ((run >>> 24) & 0x3f)
      run = (run << 6) | code
      length += 1
      if (length < SHORT) continue
      const short = shortPlace(run)
      bits[short >>> 3] = (bits[short >>> 3] ?? 0) | (1 << (short & 7))
      if (length < MIDDLE) continue
      const middle = middlePlace(run & 0x3fffffff)
      bits[middle >>> 3] = (bits[middle >>> 3] ?? 0) | (1 << (middle & 7))
      if (length < LONG) continue
      const long = longPlace(head, run & 0x3fffffff)
      bits[long >>> 3] = (bits[long >>> 3] ?? 0) | (1 << (long & 7))
    }
    this.#head = head
    this.#run = run
    this.#length = length
    return at
  }

  /** The smallest sufficient filter: a power of two, at most `mostBytes`. Null when it would rule out nothing. */
  filter(mostBytes: number): Buffer | null {
    if (this.#blind) return null
    let bits = Buffer.from(this.#bits)
    const set = ones(bits)
    while (bits.length > mostBytes || (bits.length > 8 && set < (WANTED_FILL * bits.length * 8) / 2)) {
      const half = Buffer.from(bits.subarray(0, bits.length / 2))
      for (let at = 0; at < half.length; at += 1) half[at] = (half[at] ?? 0) | (bits[half.length + at] ?? 0)
      bits = half
    }
    return ones(bits) > MOST_FILL * bits.length * 8 ? null : bits
  }

  /** Removes all pieces. */
  clear(): void {
    this.#bits.fill(0)
    this.#blind = false
  }

  /** The letter to which the character at `at` folds (0: none), plus 256 times the number of bytes after its first. */
  #notAscii(bytes: Uint8Array, at: number): number {
    const first = bytes[at] ?? 0
    const second = bytes[at + 1] ?? 0
    const third = bytes[at + 2] ?? 0
    // Only İ and the Kelvin sign fold to an ASCII letter. For İ, a separate dot follows the i.
    if (first === 0xc4 && second === 0xb0) {
      this.#before = 0
      return LETTER_I + 256
    }
    if (first >= 0xe2 && first <= 0xed && (second & 0xc0) === 0x80 && (third & 0xc0) === 0x80) {
      const code = ((first & 0x0f) << 12) | ((second & 0x3f) << 6) | (third & 0x3f)
      if (code === 0x212a) return LETTER_K + 512
      this.#character(code)
      return 512
    }
    this.#before = 0
    return 0
  }

  /** `at` is a backslash. One or more backslashes, `u` and four digits stand for a character. */
  #escape(bytes: Uint8Array, at: number): void {
    if (at <= this.#seenEscape) return
    let next = at + 1
    while (bytes[next] === BACKSLASH) next += 1
    this.#seenEscape = next - 1
    const code = bytes[next] === 0x75 ? hexAt(bytes, next + 1) : -1
    if (isEscapedInVain(code)) this.#blind = true
    this.#character(code)
    if (this.#before !== 0) this.#joined = next + 4
  }

  #character(code: number): void {
    if (!isCaseless(code)) {
      this.#before = 0
      return
    }
    this.#set(singlePlace(code))
    if (this.#before !== 0) this.#set(pairPlace(this.#before, code))
    this.#before = code
  }

  #set(place: number): void {
    this.#bits[place >>> 3] = (this.#bits[place >>> 3] ?? 0) | (1 << (place & 7))
  }
}

/**
 * A letter or digit, İ, the Kelvin sign, or a control character with a shorter escape, whose letter a text may show.
 */
function isEscapedInVain(code: number): boolean {
  if (code < 0) return false
  return code < 0x80 ? (CODES[code] ?? 0) > 0 || (code >= 8 && code <= 13) : code === 0x130 || code === 0x212a
}

function hexAt(bytes: Uint8Array, at: number): number {
  let value = 0
  for (let digit = at; digit < at + 4; digit += 1) {
    const parsed = Number.parseInt(String.fromCharCode(bytes[digit] ?? 0), 16)
    if (Number.isNaN(parsed)) return -1
    value = value * 16 + parsed
  }
  return value
}

/** The pieces that every text containing `text` has, as positions in a filter; null when it has none. */
export function gramsOf(text: string): readonly number[] | null {
  const places: number[] = []
  for (const run of text.toLowerCase().match(ASCII_RUNS) ?? []) {
    for (const size of [LONG, MIDDLE, SHORT]) {
      for (let at = 0; at + size <= run.length; at += 1) places.push(placeOf(run.slice(at, at + size)))
    }
  }
  for (const run of text.match(CASELESS_RUNS) ?? []) {
    for (let at = 0; at < run.length; at += 1) {
      places.push(singlePlace(run.charCodeAt(at)))
      if (at > 0) places.push(pairPlace(run.charCodeAt(at - 1), run.charCodeAt(at)))
    }
  }
  return places.length === 0 ? null : places
}

/** `piece` has 3, 5 or 8 letters and digits. */
function placeOf(piece: string): number {
  const packed = (from: number, to: number): number => {
    let codes = 0
    for (let at = from; at < to; at += 1) codes = (codes << 6) | (CODES[piece.charCodeAt(at)] ?? 0)
    return codes
  }
  if (piece.length === SHORT) return shortPlace(packed(0, SHORT))
  return piece.length === MIDDLE ? middlePlace(packed(0, MIDDLE)) : longPlace(packed(0, 3), packed(3, LONG))
}

const ASCII_RUNS = /[a-z0-9]+/g
const CASELESS_RUNS = new RegExp(`[${CASELESS}]+`, 'g')

/** Whether the bytes behind a filter may contain all of these pieces. */
export function mayHold(filter: Uint8Array, places: readonly number[]): boolean {
  const mask = filter.length * 8 - 1
  return places.every((place) => ((filter[(place & mask) >>> 3] ?? 0) & (1 << (place & 7))) !== 0)
}

function ones(bytes: Uint8Array): number {
  let count = 0
  for (const byte of bytes) {
    let rest = byte
    while (rest !== 0) {
      rest &= rest - 1
      count += 1
    }
  }
  return count
}
