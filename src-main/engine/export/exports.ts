import type { ExportRequest, ExportStep, ExportText } from '../../contract/index'
import { EngineError, fromWriteError } from '../base/errors'
import { ExportFile, putInPlace } from './export-files'
import { outputPath } from './output-path'
import { planExport } from './plan'
import type { SessionFileSources } from './session-json'

/** A step takes about this long, ms, plus the time of its last round. Queries are answered between steps. */
const STEP_MS = 12
const WRITE_CHARS = 256 * 1024

interface RunningFile {
  readonly file: ExportFile
  readonly pieces: Iterator<string>
}

interface RunningExport {
  readonly files: readonly RunningFile[]
  readonly total: number
  /** Index of the file being written. */
  at: number
  /** Pieces written. */
  done: number
}

/**
 * Exports in steps, so that queries are answered while a large export is written. All files get their names when all are
 * complete. An export that fails or is cancelled leaves nothing behind.
 */
export class Exports {
  readonly #sources: () => SessionFileSources
  readonly #running = new Map<number, RunningExport>()
  readonly #texts = new Map<number, Iterator<string>>()
  /** Shared by all instances and unlike the numbers of an earlier run, so that an export of another store is not found. */
  static #lastId = Date.now()

  constructor(sources: () => SessionFileSources) {
    this.#sources = sources
  }

  /** Starts writing `request` to `path` and returns its number for next() and cancel(). Throws `not-found`. */
  start(request: ExportRequest, path: string): number {
    const id = (Exports.#lastId += 1)
    const { files, total } = planExport(this.#sources(), request, new Date())
    const running = files.map(({ suffix, pieces }, at) => ({
      file: new ExportFile(outputPath(path, suffix), `${String(id)}-${String(at)}`),
      pieces: pieces[Symbol.iterator](),
    }))
    this.#running.set(id, { files: running, total, at: 0, done: 0 })
    return id
  }

  /** Writes for a moment; to be called until the export has ended. Throws `not-found` after that, `disk-full`, `corrupt`, …. */
  async next(id: number): Promise<ExportStep> {
    const running = this.#running.get(id)
    if (running === undefined) throw ended(id)
    try {
      const until = performance.now() + STEP_MS
      // At least one piece per step, or a slow machine would never finish.
      do {
        const current = running.files[running.at]
        if (current !== undefined && writePieces(running, current, until)) await this.#finish(id, running, current)
      } while (running.at < running.files.length && performance.now() < until)
      if (running.at < running.files.length) return stepOf(running, [])
      putInPlace(running.files.map(({ file }) => file))
    } catch (error) {
      this.cancel(id)
      throw fromWriteError(error, running.files[Math.min(running.at, running.files.length - 1)]?.file.path ?? '')
    }
    this.#running.delete(id)
    return stepOf(
      running,
      running.files.map(({ file }) => file.path),
    )
  }

  /**
   * Starts to generate the text of one file of `request`: the one with that suffix. Returns its number for nextText() and
   * cancel(). Throws `not-found`.
   */
  startText(request: ExportRequest, suffix: string | null): number {
    const file = planExport(this.#sources(), request, new Date()).files.find((one) => one.suffix === suffix)
    if (file === undefined) throw new EngineError('not-found', 'This export has no such file.', { where: suffix ?? '' })
    const id = (Exports.#lastId += 1)
    this.#texts.set(id, file.pieces[Symbol.iterator]())
    return id
  }

  /** The next part of the text; to be called until it has ended. Throws `not-found` after that, `corrupt`, …. */
  nextText(id: number): ExportText {
    const pieces = this.#texts.get(id)
    if (pieces === undefined) throw ended(id)
    try {
      const read = readPieces(pieces, performance.now() + STEP_MS)
      if (read.ended) this.#texts.delete(id)
      return read
    } catch (error) {
      this.#texts.delete(id)
      throw error
    }
  }

  /** Ends an export and deletes what it has written. */
  cancel(id: number): void {
    this.#texts.delete(id)
    const running = this.#running.get(id)
    if (running === undefined) return
    this.#running.delete(id)
    for (const { file } of running.files) file.discard()
  }

  /** Cancels everything that is not done. */
  close(): void {
    for (const id of [...this.#running.keys(), ...this.#texts.keys()]) this.cancel(id)
  }

  /** Syncs and closes a complete file. Others are answered during the sync, and may cancel the export. */
  async #finish(id: number, running: RunningExport, { file }: RunningFile): Promise<void> {
    try {
      await file.sync()
    } catch (error) {
      if (this.#running.has(id)) throw error
    }
    if (!this.#running.has(id)) throw ended(id)
    file.close()
    running.at += 1
  }
}

function ended(id: number): EngineError {
  return new EngineError('not-found', 'This export has already ended.', { where: String(id) })
}

/** Writes pieces of a file until that time. Returns true when the file has all of its pieces. */
function writePieces(running: RunningExport, { file, pieces }: RunningFile, until: number): boolean {
  const { text, ended } = readPieces(pieces, until, () => (running.done += 1))
  file.write(text)
  return ended
}

/** Collects pieces until that time, or until there are enough to write; at least one. */
function readPieces(pieces: Iterator<string>, until: number, onPiece: () => void = () => undefined): ExportText {
  let text = ''
  do {
    const next = pieces.next()
    if (next.done === true) return { text, ended: true }
    text += next.value
    onPiece()
  } while (text.length < WRITE_CHARS && performance.now() < until)
  return { text, ended: false }
}

function stepOf({ done, total, at, files }: RunningExport, written: readonly string[]): ExportStep {
  // A session's head and end are pieces too, so there can be more pieces than rounds.
  const rounds = total === 0 ? 0 : Math.min(done, total)
  return { ended: at >= files.length, done: rounds, total, files: written }
}
