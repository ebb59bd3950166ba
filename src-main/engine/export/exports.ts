import { closeSync, fsync, openSync, renameSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import type { ExportRequest, ExportStep, ExportText } from '../../contract/index'
import { syncFolder, writeFully } from '../disk/replace-file'
import { EngineError, fromWriteError } from '../base/errors'
import { outputPath } from './output-path'
import { outputsOf, roundsOf } from './outputs'
import type { SessionFileSources } from './session-json'

/** One step takes about this long, ms, and as much longer as its last round: others are let in after it. */
const STEP_MS = 12
const WRITE_CHARS = 256 * 1024

const writtenToDisk = promisify(fsync)

interface OpenFile {
  readonly path: string
  readonly temporary: string
  readonly pieces: Iterator<string>
  fd: number | null
}

interface Running {
  readonly files: readonly OpenFile[]
  readonly total: number
  /** File being written. */
  at: number
  done: number
}

/**
 * Exports in steps, so that queries are answered while a large one is written. Each file goes to a temporary one beside
 * it; when all are whole they take their names. One that fails or is cancelled leaves nothing behind.
 */
export class Exports {
  readonly #sources: () => SessionFileSources
  readonly #running = new Map<number, Running>()
  readonly #texts = new Map<number, Iterator<string>>()
  /** Over all of them, and those of an engine that ran before: exports of another store are not taken for these. */
  static #last = Date.now()

  constructor(sources: () => SessionFileSources) {
    this.#sources = sources
  }

  /** Begins to write `request` to `path`; its number is for the two below. Throws `not-found`. */
  start(request: ExportRequest, path: string): number {
    const sources = this.#sources()
    const id = (Exports.#last += 1)
    const total = roundsOf(sources, request)
    const files = outputsOf(sources, request, new Date()).map(({ suffix, pieces }, at) => {
      const target = outputPath(path, suffix)
      // A name that just fits the disk must not fail for what is added to it.
      const own = `.${String(process.pid)}-${String(id)}-${String(at)}.tmp`
      const temporary = join(dirname(target), Array.from(basename(target)).slice(0, 20).join('') + own)
      return { path: target, temporary, pieces: pieces[Symbol.iterator](), fd: null }
    })
    this.#running.set(id, { files, total, at: 0, done: 0 })
    return id
  }

  /** Writes on for a moment; ask until it has ended. Throws `not-found` when it has ended, `disk-full`, `corrupt`, …. */
  async next(id: number): Promise<ExportStep> {
    const running = this.#running.get(id)
    if (running === undefined) throw new EngineError('not-found', 'This export has ended.', { where: String(id) })
    try {
      const until = performance.now() + STEP_MS
      // At least a piece, however late it is already: on a machine that stands still for a moment at each step, none came.
      do {
        const file = running.files[running.at]
        if (file !== undefined && writeOn(running, file, until)) await this.#finish(id, running, file)
      } while (running.at < running.files.length && performance.now() < until)
      if (running.at < running.files.length) return stepOf(running, [])
      putInPlace(running.files)
    } catch (error) {
      this.cancel(id)
      throw fromWriteError(error, running.files[Math.min(running.at, running.files.length - 1)]?.path ?? '')
    }
    this.#running.delete(id)
    syncFolders(running.files)
    return stepOf(
      running,
      running.files.map(({ path }) => path),
    )
  }

  /**
   * Begins to tell one file of `request`, of a report as CSV that of `suffix`; its number is for the next, and for cancel.
   * Throws `not-found`.
   */
  startText(request: ExportRequest, suffix: string | null): number {
    const output = outputsOf(this.#sources(), request, new Date()).find((one) => one.suffix === suffix)
    if (output === undefined)
      throw new EngineError('not-found', 'This export has no such file.', { where: suffix ?? '' })
    const id = (Exports.#last += 1)
    this.#texts.set(id, output.pieces[Symbol.iterator]())
    return id
  }

  /** The next of it; ask until it has ended. Throws `not-found` when it has, `corrupt`, …. */
  nextText(id: number): ExportText {
    const pieces = this.#texts.get(id)
    if (pieces === undefined) throw new EngineError('not-found', 'This export has ended.', { where: String(id) })
    try {
      const read = readOn(pieces, performance.now() + STEP_MS)
      if (read.ended) this.#texts.delete(id)
      return read
    } catch (error) {
      this.#texts.delete(id)
      throw error
    }
  }

  /** Closes a file that is whole. The disk may take seconds for a large one: others are answered meanwhile. */
  async #finish(id: number, running: Running, file: OpenFile): Promise<void> {
    if (file.fd === null) return
    try {
      await writtenToDisk(file.fd)
    } catch (error) {
      if (this.#running.has(id)) throw error
    }
    if (!this.#running.has(id)) throw new EngineError('not-found', 'This export has ended.', { where: String(id) })
    closeSync(file.fd)
    file.fd = null
    running.at += 1
  }

  /** Ends an export, and takes away what it has written. */
  cancel(id: number): void {
    this.#texts.delete(id)
    const running = this.#running.get(id)
    if (running === undefined) return
    this.#running.delete(id)
    for (const file of running.files) {
      if (file.fd !== null) closeSync(file.fd)
      file.fd = null
      removeLeft(file.temporary)
    }
  }

  /** Cancels all that is not done. */
  close(): void {
    for (const id of [...this.#running.keys(), ...this.#texts.keys()]) this.cancel(id)
  }
}

/** Gives the files their names, all or none: of a report in two files, one must not be of another day than the other. */
function putInPlace(files: readonly OpenFile[]): void {
  const placed: { readonly path: string; readonly former: string | null }[] = []
  try {
    for (const { temporary, path } of files) {
      const former = files.length > 1 && isFile(path) ? `${temporary}.former` : null
      if (former !== null) renameSync(path, former)
      try {
        renameSync(temporary, path)
      } catch (error) {
        if (former !== null) renameSync(former, path)
        throw error
      }
      placed.push({ path, former })
    }
  } catch (error) {
    for (const { path, former } of placed) {
      if (former === null) rmSync(path, { force: true })
      else renameSync(former, path)
    }
    throw error
  }
  for (const { former } of placed) if (former !== null) rmSync(former, { force: true })
}

/** Where its folder became something else, or its disk was taken out, there is nothing to take away. */
function removeLeft(temporary: string): void {
  try {
    rmSync(temporary, { force: true })
  } catch {
    // Whoever ended it is told why.
  }
}

/** The files are whole by now: a network disk that knows no such thing for folders must not make a failure of it. */
function syncFolders(files: readonly OpenFile[]): void {
  for (const folder of new Set(files.map(({ path }) => dirname(path)))) {
    try {
      syncFolder(folder)
    } catch {
      continue
    }
  }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true
}

/** True when the file has all its pieces. */
function writeOn(running: Running, file: OpenFile, until: number): boolean {
  file.fd ??= openSync(file.temporary, 'w', 0o600)
  const { text, ended } = readOn(file.pieces, until, () => (running.done += 1))
  writeFully(file.fd, Buffer.from(text))
  return ended
}

/** What is made of the pieces until then, or enough at a time; at least one. */
function readOn(pieces: Iterator<string>, until: number, onPiece: () => void = () => undefined): ExportText {
  let text = ''
  do {
    const next = pieces.next()
    if (next.done === true) return { text, ended: true }
    text += next.value
    onPiece()
  } while (text.length < WRITE_CHARS && performance.now() < until)
  return { text, ended: false }
}

/** Of a session's pieces two are its head and its end, so there can be more of them than rounds. */
function stepOf({ done, total, at, files }: Running, written: readonly string[]): ExportStep {
  const rounds = total === 0 ? 0 : Math.min(done, total)
  return { ended: at >= files.length, done: rounds, total, files: written }
}
