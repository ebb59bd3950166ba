import { LogFile, type LineSink } from './log-file'
import { LoggedLines } from './logged-lines'
import { LineSplitter } from './splitter'

/** What a stream is called among the sources: standard input has no path of its own. */
const STREAM_PATH = '/dev/stdin'

/** Stands for the device of a file that lies on none. */
export const STREAM_DEVICE = 'stream'

/** What a stream stands for: the file its lines were made from, and the path the user named. */
export interface StreamPlace {
  readonly path: string
  readonly source: string
}

/**
 * A log that comes through a pipe. It has no identity and no place to go on from: each run is a file of its own, closed
 * for good when it ends, and a line that an earlier run brought is known again by its own identity.
 */
export class StreamSource {
  readonly file: LogFile
  ended = false
  readonly #splitter = new LineSplitter(0)
  readonly #lines = new LoggedLines(null)
  #endsLine = true

  constructor(fileId: number, { path, source }: StreamPlace = { path: STREAM_PATH, source: STREAM_PATH }) {
    this.file = LogFile.fresh(
      fileId,
      { path, dev: STREAM_DEVICE, ino: String(fileId), sizeBytes: 0, mtimeNs: now(), compressed: false },
      source,
    )
    // No scan may take a file for it.
    this.file.retire()
  }

  /** Hands the whole lines of `chunk`, which may be reused, to `sink`. */
  push(chunk: Buffer, sink: LineSink): void {
    if (chunk.length === 0) return
    this.#splitter.push(chunk, (bytes, offset, length) => {
      this.#deliver(sink, bytes, offset, length)
    })
    this.#endsLine = this.#splitter.consumed === this.#splitter.position
    this.#account()
  }

  /** The stream is over: what came after the last line break is a line too. */
  end(sink: LineSink): void {
    if (!this.#endsLine) {
      const { rest, consumed, position } = this.#splitter
      this.#deliver(sink, rest, consumed, position - consumed)
      this.#splitter.takeRest()
    }
    this.ended = true
    this.#account()
  }

  #deliver(sink: LineSink, bytes: Buffer | null, offset: number, length: number): void {
    this.#lines.push(bytes, offset, length, null, (line) => {
      sink.line(this.file, line)
    })
  }

  #account(): void {
    this.file.sizeBytes = this.#splitter.position
    this.file.dirty = true
  }
}

function now(): string {
  return String(BigInt(Date.now()) * 1_000_000n)
}
