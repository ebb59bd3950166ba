/** Lines longer than this are not held in memory: they are passed over and classified as too long. */
const MAX_LINE_BYTES = 256 * 1024 * 1024

/** A whole line. `bytes` is valid only during the call that hands it over, and null for a line that is too long. */
export type LineListener = (bytes: Buffer | null, offset: number, length: number) => void

/** How a file's text is written. UTF-16 is what Windows PowerShell 5.1 writes with `>`. */
type Encoding = 'utf8' | 'utf16le' | 'utf16be'

const NEWLINE = 0x0a

/** So many NULs in a row are a hole: what copytruncate leaves under a writer that does not append. */
const HOLE_BYTES = 4096
const isNul = (byte: number): boolean => byte === 0

/**
 * Cuts a stream of chunks into lines at line feeds, wherever the chunks are cut, and hands them over as UTF-8. Pure: bytes
 * in, lines out. Bytes after the last line feed wait in `rest` for the next chunk.
 */
export class LineSplitter {
  readonly #maxLineBytes: number
  /** Offset of the first byte after the last whole line. */
  #lineStart: number
  #parts: Buffer[] = []
  #partBytes = 0
  /** Bytes of the waiting line that were dropped because it is too long. */
  #dropped = 0
  /** Bytes of a hole in the file at the waiting line's start, which reads as NULs; they are not kept. */
  #nulBytes = 0
  #encoding: Encoding | null

  /** `offset` of the first byte that will be pushed; the encoding is told from the first bytes of a file. */
  constructor(offset: number, maxLineBytes = MAX_LINE_BYTES) {
    this.#lineStart = offset
    this.#maxLineBytes = maxLineBytes
    this.#encoding = offset === 0 ? null : 'utf8'
  }

  /** Offset up to which the stream has been handed out as whole lines. */
  get consumed(): number {
    return this.#lineStart
  }

  /** Offset of the next byte to push. */
  get position(): number {
    return this.#lineStart + this.#nulBytes + this.#partBytes + this.#dropped
  }

  /** The waiting, unfinished line as UTF-8; null when it is too long to be one. */
  get rest(): Buffer | null {
    if (this.#dropped > 0) return null
    if (this.#parts.length > 1) this.#parts = [Buffer.concat(this.#parts, this.#partBytes)]
    return decode(this.#parts[0] ?? Buffer.alloc(0), this.#encoding)
  }

  /** Takes the waiting line as whole although its line break has not come. */
  takeRest(): void {
    this.#lineStart = this.position
    this.#forget()
  }

  /** A splitter that starts again after the last whole line. */
  restarted(): LineSplitter {
    const again = new LineSplitter(this.#lineStart, this.#maxLineBytes)
    again.#encoding = this.#encoding
    return again
  }

  /** Tells the encoding from the first two bytes of the file. */
  detectEncoding(start: Buffer): void {
    if (start.length >= 2) this.#encoding = encodingOf(start)
  }

  /** `chunk` may be reused by the caller afterwards. */
  push(chunk: Buffer, onLine: LineListener): void {
    if (this.#encoding === null && this.position === 0) this.detectEncoding(chunk)
    if (this.#encoding === 'utf16le' || this.#encoding === 'utf16be') {
      this.#pushWide(chunk, this.#encoding, onLine)
      return
    }
    let from = 0
    for (let at = chunk.indexOf(NEWLINE, from); at !== -1; at = chunk.indexOf(NEWLINE, from)) {
      this.#finishLine(chunk.subarray(from, at), 1, onLine)
      from = at + 1
    }
    if (from < chunk.length) this.#keep(chunk.subarray(from))
  }

  /** Two bytes a character: a line feed is one where it stands at an even place of the file, with its NUL beside it. */
  #pushWide(chunk: Buffer, encoding: 'utf16le' | 'utf16be', onLine: LineListener): void {
    // A line feed may be cut in two.
    const text = this.#partBytes === 0 ? chunk : Buffer.concat([...this.#parts, chunk])
    const start = this.position - this.#partBytes
    let from = 0
    let at = text.indexOf(NEWLINE, Math.max(0, this.#partBytes - 2))
    this.#parts = []
    this.#partBytes = 0
    for (; at !== -1; at = text.indexOf(NEWLINE, at + 1)) {
      const end = encoding === 'utf16le' ? at : at - 1
      if (end < from || (start + end) % 2 !== 0) continue
      if (encoding === 'utf16le' ? text[at + 1] !== 0 : text[at - 1] !== 0) continue
      this.#finishLine(text.subarray(from, end), 2, onLine)
      from = end + 2
    }
    if (from < text.length) this.#keep(text.subarray(from))
  }

  #finishLine(tail: Buffer, breakBytes: number, onLine: LineListener): void {
    const offset = this.#lineStart
    const length = this.position - offset + tail.length
    const tooLong = this.#dropped > 0 || this.#partBytes + tail.length > this.#maxLineBytes
    const line = tooLong
      ? null
      : this.#parts.length === 0
        ? tail
        : Buffer.concat([...this.#parts, tail], this.#partBytes + tail.length)
    // Handed over before it counts as consumed: a line whose taker fails is handed over again.
    onLine(line === null ? null : decode(line, this.#encoding), offset, length)
    this.#lineStart += length + breakBytes
    this.#forget()
  }

  #keep(bytes: Buffer): void {
    if (bytes.length >= HOLE_BYTES && this.#partBytes === 0 && this.#dropped === 0 && bytes.every(isNul)) {
      this.#nulBytes += bytes.length
      return
    }
    if (this.#dropped > 0 || this.#partBytes + bytes.length > this.#maxLineBytes) {
      this.#dropped += this.#partBytes + bytes.length
      this.#parts = []
      this.#partBytes = 0
      return
    }
    this.#parts.push(Buffer.from(bytes))
    this.#partBytes += bytes.length
  }

  #forget(): void {
    this.#parts = []
    this.#partBytes = 0
    this.#dropped = 0
    this.#nulBytes = 0
  }
}

function encodingOf(start: Buffer): Encoding {
  const [first, second] = start
  if (first === 0xff && second === 0xfe) return 'utf16le'
  return first === 0xfe && second === 0xff ? 'utf16be' : 'utf8'
}

function decode(line: Buffer, encoding: Encoding | null): Buffer {
  if (encoding !== 'utf16le' && encoding !== 'utf16be') return line
  const even = line.subarray(0, line.length - (line.length % 2))
  const wide = encoding === 'utf16le' ? even : Buffer.from(even).swap16()
  return Buffer.from(wide.toString('utf16le'))
}
