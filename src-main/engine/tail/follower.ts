import type { AppError, LogFileStatus, Progress, SourceStatus, WatchedSource } from '../../contract/index'
import { EngineError, fromSystemError } from '../base/errors'
import { dirname } from 'node:path'
import { Discovery } from './discover'
import type { FoundFile } from './found-file'
import { parseLogPath } from './log-names'
import { EMPTY_LEDGER, EMPTY_MARKS, type FileCheckpoint } from './file-state'
import { LogFile, type LineSink } from './log-file'
import { diffScan, identityOf } from './scan-diff'
import { StreamSource, type StreamPlace } from './stream'

/** Bytes read between two looks at whether a query waits. */
const CHUNK_BYTES = 256 * 1024
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

/** Looks in a row, when files were renamed between a look and the opening of what it found. */
const MAX_LOOKS = 5

interface Source {
  readonly path: string
  paused: boolean
  sessionKey: string
  error: AppError | null
  /** Errors of single files that could not even be looked at. */
  fileErrors: readonly { readonly path: string; readonly error: AppError }[]
  files: LogFile[]
  passedOver: readonly string[]
  scanned: boolean
}

/** Finds the logs of the chosen paths, knows them again after whatever rotation did, and reads what is new in them. */
export class Follower {
  readonly #host: FollowerHost
  readonly #discovery = new Discovery()
  readonly #buffer = Buffer.allocUnsafe(CHUNK_BYTES)
  readonly #files = new Map<number, LogFile>()
  /** Files that are open, the one read last at the end. */
  readonly #open = new Set<LogFile>()
  /** The host's line(), its failures told apart from those of the file. */
  readonly #sink: LineSink
  #sources: Source[] = []
  readonly #streams: StreamSource[] = []
  #reading: LogFile | null = null
  #bytesDone = 0
  #bytesTotal = 0
  #startedAt = 0
  /** A file was not where the scan saw it. */
  #moved = false

  constructor(host: FollowerHost, checkpoints: readonly FileCheckpoint[]) {
    this.#host = host
    this.#sink = {
      line: (file, line) => {
        try {
          host.line(file, line)
        } catch (error) {
          throw new StopReading(error)
        }
      },
    }
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

  /** A file that was read, by its number. */
  file(fileId: number): LogFile | undefined {
    return this.#files.get(fileId)
  }

  get paths(): readonly string[] {
    return this.#sources.map((source) => source.path)
  }

  /** Watches exactly these sources from the next scan on; what is paused stops at the next chunk. */
  setSources(chosen: readonly WatchedSource[]): void {
    const before = new Map(this.#sources.map((source) => [source.path, source]))
    const wanted = new Map(chosen.map((source) => [source.path, source]))
    // What is chosen no more is read no more, whoever still writes to it.
    if ([...before.keys()].some((path) => !wanted.has(path))) this.close()
    this.#sources = [...wanted.values()].map(({ path, paused = false, sessionKey }) => {
      const source: Source = before.get(path) ?? {
        path,
        paused,
        sessionKey: '',
        error: null,
        fileErrors: [],
        files: [],
        passedOver: [],
        scanned: false,
      }
      source.paused = paused
      source.sessionKey = sessionKey ?? ''
      for (const file of source.files) file.sessionKey = source.sessionKey
      return source
    })
  }

  /** Knows these files no more: where they are still there, they are read as new. */
  forget(fileIds: ReadonlySet<number>): void {
    for (const fileId of fileIds) {
      this.#files.get(fileId)?.close()
      this.#files.delete(fileId)
    }
    for (const source of this.#sources) source.files = source.files.filter(({ fileId }) => !fileIds.has(fileId))
  }

  /** A log that is to come through a pipe. */
  openStream(place?: StreamPlace): StreamSource {
    const stream = new StreamSource(this.#host.nextFileId(), place)
    this.#files.set(stream.file.fileId, stream.file)
    this.#streams.push(stream)
    return stream
  }

  /**
   * Looks at all sources, and reads all that is new. Resolves when there is nothing left to read for now; to whether
   * anything was read.
   */
  async catchUp(): Promise<boolean> {
    this.#bytesDone = 0
    this.#startedAt = performance.now()
    for (let look = 0; look < MAX_LOOKS; look += 1) {
      this.#moved = false
      const touched = newestLogFirst(this.#scan().filter((file) => !this.#isPaused(file)))
      this.#bytesTotal = this.#bytesDone + touched.reduce((bytes, file) => bytes + file.waitingBytes, 0)
      try {
        for (const file of touched) {
          if (this.#isPaused(file)) continue
          this.#reading = file
          await this.#readFile(file)
          this.#keepOpen(file)
        }
      } finally {
        this.#reading = null
      }
      if (!this.#sawMove()) break
    }
    return this.#bytesDone > 0
  }

  /** Asked anew after reading, where the compiler would take the former answer for granted. */
  #sawMove(): boolean {
    return this.#moved
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
    const streams = this.#streams.map(({ file, ended }): SourceStatus => {
      const state = ended ? 'complete' : 'following'
      return {
        path: file.source,
        state: 'following',
        sessionKey: null,
        error: null,
        files: [{ ...file.status(), state }],
        passedOver: [],
      }
    })
    const watched = this.#sources.map((source): SourceStatus => {
      const files: LogFileStatus[] = source.files.map((file) => file.status())
      for (const { path, error } of source.fileErrors) files.push(unreadableFile(path, error))
      const reading = files.some((file) => file.state === 'reading')
      const { path, error, paused, scanned, sessionKey, passedOver } = source
      const state =
        error !== null ? 'error' : paused ? 'paused' : !scanned ? 'looking' : reading ? 'reading' : 'following'
      return { path, state, sessionKey: sessionKey || null, error, files, passedOver }
    })
    return [...watched, ...streams]
  }

  /** Closes all files; they are opened again when there is something to read. */
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
        source.passedOver = result.passedOver.map(({ path }) => path)
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
        source.passedOver = []
      }
      source.scanned = true
    }
    const known = [...this.#files.values()].filter((file) => !file.retired)
    for (const file of known) {
      const source = seen.has(file.identity) ? undefined : this.#formerTargetOf(file)
      const there = source === undefined ? null : this.#discovery.look(file.path)
      if (source === undefined || there === null || identityOf(there) !== file.identity) continue
      seen.add(file.identity)
      found.unshift({ source, file: there })
    }
    return this.#assign(known, found)
  }

  /**
   * The source through which `file` was found, when that is a link that led to another folder: the link may lead
   * elsewhere by now, and what was written before it did is still to be read.
   */
  #formerTargetOf(file: LogFile): Source | undefined {
    const folder = dirname(file.path)
    return this.#sources.find(
      (source) => source.path === file.source && folder !== source.path && folder !== dirname(source.path),
    )
  }

  /** Knows the files again, or takes them for new; returns those that may hold something new. */
  #assign(known: readonly LogFile[], found: readonly { source: Source; file: FoundFile }[]): LogFile[] {
    const diff = diffScan(
      known,
      found.map(({ file }) => file),
    )
    const touched = diff.gone.filter((file) => this.#stillReadable(file))
    const claimed = new Set<LogFile>()
    const previous = new Map<string, LogFile>()
    for (const [index, { file: foundFile, same, displaced, returning }] of diff.assignments.entries()) {
      const source = found[index]?.source
      if (source === undefined) continue
      displaced?.retire()
      const file =
        same ??
        returning.find((other) => !claimed.has(other) && other.holdsContentOf(foundFile)) ??
        this.#addFile(foundFile, source.path)
      claimed.add(file)
      source.files.push(file)
      file.sessionKey = source.sessionKey
      const log = parseLogPath(foundFile.path)
      file.previous ??= previous.get(log) ?? null
      previous.set(log, file)
      if (file.see(foundFile, source.path)) touched.push(file)
    }
    return touched
  }

  /** A file deleted or moved away while open: its writer may go on for a moment, and only we can still read it. */
  #stillReadable(file: LogFile): boolean {
    file.markGone()
    if (file.isOpen && file.goneForMs > GONE_KEPT_OPEN_MS) file.close()
    return file.isOpen
  }

  #addFile(found: FoundFile, source: string): LogFile {
    const file = LogFile.fresh(this.#host.nextFileId(), found, source)
    file.dirty = true
    this.#files.set(file.fileId, file)
    return file
  }

  #isPaused(file: LogFile): boolean {
    return this.#sources.some((source) => source.path === file.source && source.paused)
  }

  async #readFile(file: LogFile): Promise<void> {
    try {
      if (file.compressed && file.waitingBytes === 0) return
      switch (file.open()) {
        case 'moved':
          this.#moved = true
          break
        case 'replaced':
          await this.#readReplacement(file)
          break
        case 'open':
          if (file.compressed) await this.#readCompressed(file)
          else await this.#readPlain(file)
          break
      }
      file.error = null
    } catch (error) {
      if (error instanceof StopReading) throw error
      const failure = fromSystemError(error, file.path)
      // Renamed or deleted between looking and opening: the next scan sees where it went.
      if (failure.code === 'not-found') this.#moved = true
      file.error = failure.code === 'not-found' ? null : failure.toAppError()
      file.close()
    }
  }

  async #readPlain(file: LogFile): Promise<void> {
    for (;;) {
      const before = file.offset
      const outcome = file.read(this.#buffer, this.#sink)
      this.#bytesDone += Math.max(0, file.offset - before)
      await this.#pause()
      // Meanwhile other paths may have been chosen, and all files closed: the next look goes on.
      if (outcome === 'more' && file.isOpen && !this.#isPaused(file)) continue
      if (outcome === 'replaced') await this.#readReplacement(file)
      break
    }
  }

  /** The same file with other content (copytruncate, a reused inode): a new file, read from its start. */
  async #readReplacement(file: LogFile): Promise<void> {
    const replacement = this.#addFile(file.asFound(), file.source)
    replacement.sessionKey = file.sessionKey
    replacement.previous = file
    file.retire()
    for (const source of this.#sources) {
      source.files = source.files.map((other) => (other === file ? replacement : other))
    }
    this.#reading = replacement
    await this.#readFile(replacement)
    this.#keepOpen(replacement)
  }

  async #readCompressed(file: LogFile): Promise<void> {
    const bytes = file.sizeBytes
    await file.readCompressed(this.#sink, () => this.#pause())
    this.#bytesDone += bytes
  }

  async #pause(): Promise<void> {
    try {
      await this.#host.pause()
    } catch (error) {
      throw new StopReading(error)
    }
  }

  /** Remembers that `file` is open, and closes the one that was not read for longest when they are too many. */
  #keepOpen(file: LogFile): void {
    this.#open.delete(file)
    if (file.isOpen) this.#open.add(file)
    const [oldest] = this.#open
    if (oldest === undefined || this.#open.size <= KEPT_OPEN) return
    oldest.close()
    this.#open.delete(oldest)
  }
}

/**
 * The log written to last goes first: what happens now is what one wants to see. Within a log the order stays, oldest
 * first, because there it matters: a round is told by what the rounds before it sent, a line without a time gets the time
 * of the line before.
 */
function newestLogFirst(files: readonly LogFile[]): LogFile[] {
  const latest = new Map<string, bigint>()
  for (const file of files) {
    const log = parseLogPath(file.path)
    const time = latest.get(log)
    if (time === undefined || file.modifiedNs > time) latest.set(log, file.modifiedNs)
  }
  const timeOf = (file: LogFile) => latest.get(parseLogPath(file.path)) ?? 0n
  return [...files].sort((a, b) => Number(timeOf(b) - timeOf(a)))
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
    wrappers: {},
    unfinished: 0,
    oddLines: [],
  }
}
