/** Lines longer than this are not held in memory: they are passed over and classified as too long. */
export const MAX_LINE_BYTES = 256 * 1024 * 1024

/** A whole line. `bytes` is valid only during the call that hands it over, and null for a line that is too long. */
export type LineListener = (bytes: Buffer | null, offset: number, length: number) => void

const NEWLINE = 0x0a

/**
 * Cuts a stream of chunks into lines at line feeds, wherever the chunks are cut. Pure: bytes in, lines out. Bytes after
 * the last line feed wait in `rest` for the next chunk.
 */
export class LineSplitter {
  readonly #maxLineBytes: number
  /** Offset of the first byte after the last whole line. */
  #lineStart: number
  #parts: Buffer[] = []
  #partBytes = 0
  /** Bytes of the waiting line that were dropped because it is too long. */
  #dropped = 0

  constructor(offset: number, maxLineBytes = MAX_LINE_BYTES) {
    this.#lineStart = offset
    this.#maxLineBytes = maxLineBytes
  }

  /** Offset up to which the stream has been handed out as whole lines. */
  get consumed(): number {
    return this.#lineStart
  }

  /** Offset of the next byte to push. */
  get position(): number {
    return this.#lineStart + this.#partBytes + this.#dropped
  }

  /** The waiting, unfinished line; null when it is too long to be one. */
  get rest(): Buffer | null {
    if (this.#dropped > 0) return null
    if (this.#parts.length > 1) this.#parts = [Buffer.concat(this.#parts, this.#partBytes)]
    return this.#parts[0] ?? Buffer.alloc(0)
  }

  /** Takes the waiting line as whole although its line break has not come. */
  takeRest(): void {
    this.#lineStart = this.position
    this.#forget()
  }

  /** `chunk` may be reused by the caller afterwards. */
  push(chunk: Buffer, onLine: LineListener): void {
    let from = 0
    for (let at = chunk.indexOf(NEWLINE, from); at !== -1; at = chunk.indexOf(NEWLINE, from)) {
      this.#finishLine(chunk.subarray(from, at), onLine)
      from = at + 1
    }
    if (from < chunk.length) this.#keep(chunk.subarray(from))
  }

  #finishLine(tail: Buffer, onLine: LineListener): void {
    const offset = this.#lineStart
    const length = this.#partBytes + this.#dropped + tail.length
    const tooLong = this.#dropped > 0 || length > this.#maxLineBytes
    const line = tooLong
      ? null
      : this.#parts.length === 0
        ? tail
        : Buffer.concat([...this.#parts, tail], this.#partBytes + tail.length)
    // Handed over before it counts as consumed: a line whose taker fails is handed over again.
    onLine(line, offset, length)
    this.#lineStart += length + 1
    this.#forget()
  }

  #keep(bytes: Buffer): void {
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
  }
}
