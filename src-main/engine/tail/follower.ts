import type { AppError, LogFileStatus, Progress, SourceStatus } from '../../contract/index'
import { EngineError, fromSystemError } from '../errors'
import { Discovery, type FoundFile } from './discover'
import { EMPTY_LEDGER, EMPTY_MARKS, type FileCheckpoint } from './file-state'
import { LogFile, type LineSink } from './log-file'
import { diffScan, identityOf } from './scan-diff'

/** Bytes read between two looks at whether a query waits. */
const CHUNK_BYTES = 512 * 1024
/** Files kept open although read to their end, so that what is written before they are deleted is still read. */
const KEPT_OPEN = 16

/** How long a deleted file is held open: longer would keep its space from being freed. */
const GONE_KEPT_OPEN_MS = 10_000

/** What the follower needs of its surroundings. */
export interface FollowerHost extends LineSink {
  /** Called between chunks: writes blocks when enough waits, and lets others work. Rejects to stop the reading. */
  pause(): Promise<void>
  nextFileId(): number
}

interface Source {
  readonly path: string
  error: AppError | null
  /** Errors of single files that could not even be looked at. */
  fileErrors: readonly { readonly path: string; readonly error: AppError }[]
  files: LogFile[]
  scanned: boolean
}

/** Finds the logs of the chosen paths, knows them again after whatever rotation did, and reads what is new in them. */
export class Follower {
  readonly #host: FollowerHost
  readonly #discovery = new Discovery()
  readonly #buffer = Buffer.allocUnsafe(CHUNK_BYTES)
  readonly #files = new Map<number, LogFile>()
  #sources: Source[] = []
  #reading: LogFile | null = null
  #bytesDone = 0
  #bytesTotal = 0
  #startedAt = 0

  constructor(host: FollowerHost, checkpoints: readonly FileCheckpoint[]) {
    this.#host = host
    for (const checkpoint of checkpoints) {
      const file = LogFile.restore(checkpoint)
      file.markGone()
      this.#files.set(file.fileId, file)
    }
  }

  /** All files ever read. */
  get files(): Iterable<LogFile> {
    return this.#files.values()
  }

  get paths(): readonly string[] {
    return this.#sources.map((source) => source.path)
  }

  /** Watches exactly these paths from the next scan on. */
  setPaths(paths: readonly string[]): void {
    const before = new Map(this.#sources.map((source) => [source.path, source]))
    this.#sources = [...new Set(paths)].map(
      (path) => before.get(path) ?? { path, error: null, fileErrors: [], files: [], scanned: false },
    )
  }

  /** Looks at all sources, and reads all that is new. Resolves when there is nothing left to read for now. */
  async catchUp(): Promise<void> {
    const touched = this.#scan()
    this.#bytesDone = 0
    this.#startedAt = performance.now()
    this.#bytesTotal = touched.reduce((bytes, file) => bytes + file.waitingBytes, 0)
    try {
      for (const file of touched) {
        this.#reading = file
        await this.#readFile(file)
      }
    } finally {
      this.#reading = null
      this.#closeIdle()
    }
  }

  progress(): Progress {
    const seconds = (performance.now() - this.#startedAt) / 1000
    const active = this.#reading !== null
    const rate = active && seconds > 0 ? this.#bytesDone / seconds : 0
    return {
      active,
      bytesDone: this.#bytesDone,
      bytesTotal: Math.max(this.#bytesTotal, this.#bytesDone),
      bytesPerSecond: rate,
      secondsLeft: active && rate > 0 && seconds > 0.5 ? Math.max(0, this.#bytesTotal - this.#bytesDone) / rate : null,
      path: this.#reading?.path ?? null,
    }
  }

  status(): SourceStatus[] {
    return this.#sources.map((source) => {
      const files: LogFileStatus[] = source.files.map((file) => file.status())
      for (const { path, error } of source.fileErrors) files.push(unreadableFile(path, error))
      const reading = files.some((file) => file.state === 'reading')
      const state = source.error !== null ? 'error' : !source.scanned ? 'looking' : reading ? 'reading' : 'following'
      return { path: source.path, state, error: source.error, files }
    })
  }

  close(): void {
    for (const file of this.#files.values()) file.close()
  }

  /** Looks at every source; returns the files that may hold something new, in the order to read them. */
  #scan(): LogFile[] {
    const found: { source: Source; file: FoundFile }[] = []
    const seen = new Set<string>()
    for (const source of this.#sources) {
      source.files = []
      try {
        const result = this.#discovery.scan(source.path)
        source.error =
          result.files.length === 0 && result.errors.length === 0
            ? new EngineError('no-logs', 'No gateway log was found here.', {
                where: source.path,
                hint: 'Expected access.log, its rotations, or other *.log files whose lines carry "ai_log". They are read as soon as they appear.',
              }).toAppError()
            : null
        source.fileErrors = result.errors.map(({ path, error }) => ({ path, error: error.toAppError() }))
        for (const file of result.files) {
          // The same log reached through two chosen paths is read once, for the first.
          if (seen.has(identityOf(file))) continue
          seen.add(identityOf(file))
          found.push({ source, file })
        }
      } catch (error) {
        source.error = fromSystemError(error, source.path).toAppError()
        source.fileErrors = []
      }
      source.scanned = true
    }
    const diff = diffScan(
      [...this.#files.values()].filter((file) => !file.retired),
      found.map(({ file }) => file),
    )
    const touched = diff.gone.filter((file) => this.#stillReadable(file))
    const claimed = new Set<LogFile>()
    for (const [index, { file: foundFile, same, returning }] of diff.assignments.entries()) {
      const file =
        same ??
        returning.find((other) => !claimed.has(other) && other.holdsContentOf(foundFile)) ??
        this.#addFile(foundFile)
      claimed.add(file)
      found[index]?.source.files.push(file)
      if (file.see(foundFile)) touched.push(file)
    }
    return touched
  }

  /** A file deleted or moved away while open: its writer may go on for a moment, and only we can still read it. */
  #stillReadable(file: LogFile): boolean {
    file.markGone()
    if (file.isOpen && file.goneForMs > GONE_KEPT_OPEN_MS) file.close()
    return file.isOpen
  }

  #addFile(found: FoundFile): LogFile {
    const file = LogFile.fresh(this.#host.nextFileId(), found)
    file.dirty = true
    this.#files.set(file.fileId, file)
    return file
  }

  async #readFile(file: LogFile): Promise<void> {
    try {
      if (file.compressed) await this.#readCompressed(file)
      else await this.#readPlain(file)
      file.error = null
    } catch (error) {
      if (error instanceof StopReading) throw error
      const failure = fromSystemError(error, file.path)
      // Renamed or deleted between looking and opening: the next scan sees where it went.
      file.error = failure.code === 'not-found' ? null : failure.toAppError()
      file.close()
    }
  }

  async #readPlain(file: LogFile): Promise<void> {
    switch (file.open()) {
      case 'moved':
        return
      case 'replaced':
        await this.#readReplacement(file)
        return
      case 'open':
        break
    }
    for (;;) {
      const before = file.offset
      const outcome = file.read(this.#buffer, this.#host)
      this.#bytesDone += Math.max(0, file.offset - before)
      await this.#pause()
      if (outcome === 'more') continue
      if (outcome === 'replaced') await this.#readReplacement(file)
      break
    }
  }

  /** The same file with other content (copytruncate, a reused inode): a new file, read from its start. */
  async #readReplacement(file: LogFile): Promise<void> {
    const replacement = this.#addFile(file.asFound())
    file.retire()
    for (const source of this.#sources) {
      source.files = source.files.map((other) => (other === file ? replacement : other))
    }
    this.#reading = replacement
    await this.#readFile(replacement)
  }

  async #readCompressed(file: LogFile): Promise<void> {
    if (file.waitingBytes === 0) return
    const bytes = file.sizeBytes
    await file.readCompressed(this.#host, () => this.#pause())
    this.#bytesDone += bytes
  }

  async #pause(): Promise<void> {
    try {
      await this.#host.pause()
    } catch (error) {
      throw new StopReading(error)
    }
  }

  #closeIdle(): void {
    const open = [...this.#files.values()].filter((file) => file.isOpen)
    open.sort((a, b) => a.modifiedTime - b.modifiedTime)
    for (const file of open.slice(0, Math.max(0, open.length - KEPT_OPEN))) file.close()
  }
}

/** The host wants the reading to stop; not a failure of the file. */
export class StopReading extends Error {
  constructor(cause: unknown) {
    super('Reading was stopped.', { cause })
  }
}

function unreadableFile(path: string, error: AppError): LogFileStatus {
  return {
    fileId: 0,
    path,
    state: 'error',
    compressed: path.endsWith('.gz'),
    sizeBytes: 0,
    readBytes: 0,
    error,
    ledger: EMPTY_LEDGER,
    marks: EMPTY_MARKS,
  }
}
