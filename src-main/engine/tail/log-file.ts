import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import type { AppError, LogFileState, LogFileStatus, OddLine, WrapperName } from '../../contract/index'
import { EngineError } from '../base/errors'
import type { FoundFile } from './found-file'
import { contentHash, headFingerprint, matchesAt, type Fingerprint } from './fingerprint'
import { EMPTY_LEDGER, EMPTY_MARKS, HEAD_BYTES, MARKER_BYTES, type FileCheckpoint, type Mutable } from './file-state'
import { unpackFile } from './unpack/unpack'
import { readRange } from '../disk/read-range'
import { LoggedLines, MAX_END_BYTES, type DeliveredLine, type OpenEnd } from './logged-lines'
import { LineSplitter } from './splitter'

/** Takes the lines of a file, in order. */
export interface LineSink {
  /** Its bytes are valid during the call. */
  line(file: LogFile, line: DeliveredLine): void
}

/** What a call of read() found: more to read, the end for now, or that the content is not the file's any more. */
export type ReadOutcome = 'more' | 'end' | 'replaced'

/** What opening found: the file; other content in its place; or that its path names another file by now. */
export type OpenOutcome = 'open' | 'replaced' | 'moved'

/**
 * One log file being read: its place in the store (checkpoint) and what is open and in memory while reading. Knows how
 * to recognise that its content was replaced under it; does not know what the lines mean.
 */
export class LogFile {
  readonly fileId: number
  readonly compressed: boolean
  readonly ledger: Mutable<typeof EMPTY_LEDGER>
  readonly marks: Mutable<typeof EMPTY_MARKS>
  lastTime: number | null
  sizeBytes: number
  error: AppError | null = null
  retired = false
  /** Whether anything changed since the last checkpoint. */
  dirty = false
  path: string
  /** The chosen path through which it was found. */
  source: string
  /** Only requests whose session id holds it are taken in; empty: all. */
  sessionKey = ''
  readonly wrappers: Partial<Record<WrapperName, number>>
  oddLines: readonly OddLine[]
  /** The file that comes before it in the same log: whose last time its first lines get when they have none. */
  previous: LogFile | null = null

  #dev: string
  #ino: string
  /** performance.now() of the first scan that did not find it any more; null while it is there. */
  #goneSince: number | null = null
  #mtimeNs: string
  /** What stood on disk when it was last read to its end; null when it was not yet. */
  #readTo: { readonly sizeBytes: number; readonly mtimeNs: string } | null
  #isDamaged = false
  #fd: number | null = null
  #splitter: LineSplitter
  #lines: LoggedLines
  /** The end of a packed file that is no whole line, which the next file of the log may continue. */
  #packedEnd: Buffer | null = null
  #breakOwed: boolean
  #readAgain: boolean
  /** First bytes of what was read; last bytes before the splitter's position, and before its consumed offset. */
  #head: Buffer = Buffer.alloc(0)
  #recent: Buffer = Buffer.alloc(0)
  #marker: Buffer = Buffer.alloc(0)
  #storedHead: Fingerprint
  #storedMarker: Fingerprint

  private constructor(checkpoint: FileCheckpoint) {
    this.fileId = checkpoint.fileId
    this.path = checkpoint.path
    this.source = checkpoint.source
    this.#dev = checkpoint.dev
    this.#ino = checkpoint.ino
    this.compressed = checkpoint.compressed
    // A checkpoint of a former version may lack a class.
    this.ledger = { ...EMPTY_LEDGER, ...checkpoint.ledger }
    this.marks = { ...EMPTY_MARKS, ...checkpoint.marks }
    this.lastTime = checkpoint.lastTime
    this.sizeBytes = checkpoint.sizeBytes
    this.retired = checkpoint.retired
    this.#mtimeNs = checkpoint.mtimeNs
    // Of a packed file the lines that the next one continues are got back by reading it again.
    const isRead = checkpoint.compressed && checkpoint.mtimeNs !== '' && checkpoint.unfinishedFrom === undefined
    this.#readTo = isRead ? checkpoint : null
    this.#splitter = new LineSplitter(checkpoint.offset)
    this.#lines = new LoggedLines(checkpoint.unfinishedFrom ?? null)
    this.wrappers = { ...checkpoint.wrappers }
    this.oddLines = checkpoint.oddLines ?? []
    this.#breakOwed = checkpoint.breakOwed
    this.#readAgain = checkpoint.readAgain
    this.#storedHead = { bytes: checkpoint.headBytes, hash: checkpoint.headHash }
    this.#storedMarker = { bytes: checkpoint.markerBytes, hash: checkpoint.markerHash }
  }

  /** A file the store has no record of. */
  static fresh(fileId: number, found: FoundFile, source: string): LogFile {
    const file = new LogFile({
      fileId,
      path: found.path,
      source,
      dev: found.dev,
      ino: found.ino,
      compressed: found.compressed,
      offset: 0,
      headBytes: 0,
      headHash: '',
      markerBytes: 0,
      markerHash: '',
      sizeBytes: found.sizeBytes,
      mtimeNs: '',
      lastTime: null,
      breakOwed: false,
      retired: false,
      readAgain: false,
      ledger: EMPTY_LEDGER,
      marks: EMPTY_MARKS,
    })
    file.#mtimeNs = found.mtimeNs
    return file
  }

  /** A file the store knows, at the position it was read to. */
  static restore(checkpoint: FileCheckpoint): LogFile {
    return new LogFile(checkpoint)
  }

  get identity(): string {
    return `${this.#dev}:${this.#ino}`
  }

  /** Bytes consumed as whole lines. */
  get offset(): number {
    return this.#splitter.consumed
  }

  /** Bytes on disk that were not read yet. A compressed file is read whole or not at all. */
  get waitingBytes(): number {
    if (this.retired || this.#goneSince !== null) return 0
    if (this.compressed) return this.#readTo === null ? this.sizeBytes : 0
    return Math.max(0, this.sizeBytes - this.#splitter.position)
  }

  /** Time of a line that has none, ms since the epoch: the line's before it, or at least the file's own. */
  get inferredTime(): number {
    return this.#lastTimeOf(MAX_PREVIOUS) ?? Math.floor(Number(this.#mtimeNs) / 1e6)
  }

  /** When it was last written to as far as scans saw, ns since the epoch. */
  get modifiedNs(): bigint {
    return BigInt(this.#mtimeNs || '0')
  }

  /** How long scans have not found it, ms; 0 while it is there. */
  get goneForMs(): number {
    return this.#goneSince === null ? 0 : performance.now() - this.#goneSince
  }

  /** A scan did not find it. */
  markGone(): void {
    this.#goneSince ??= performance.now()
  }

  /** Whether a file at another place holds what was read from this one. False also when it can't be looked at. */
  holdsContentOf(found: FoundFile): boolean {
    try {
      const fd = openSync(found.path, 'r')
      try {
        return this.#isSameContent(fd)
      } finally {
        closeSync(fd)
      }
    } catch {
      return false
    }
  }

  get isOpen(): boolean {
    return this.#fd !== null
  }

  /** Takes over what a deletion changed of the ledger. */
  recount({ ledger, marks, readAgain }: FileCheckpoint): void {
    Object.assign(this.ledger, ledger)
    Object.assign(this.marks, marks)
    this.#readAgain = readAgain
  }

  /** Takes over what a scan saw: a new name after rotation, a new size. Says whether there is something to read. */
  see(found: FoundFile, source: string): boolean {
    if (this.#readAgain) this.startOver()
    if (this.path !== found.path || this.#dev !== found.dev || this.#ino !== found.ino || this.source !== source) {
      this.path = found.path
      this.source = source
      if (this.#dev !== found.dev || this.#ino !== found.ino) this.close()
      this.#dev = found.dev
      this.#ino = found.ino
      this.dirty = true
    }
    this.#goneSince = null
    const touched = found.sizeBytes !== this.sizeBytes || found.mtimeNs !== this.#mtimeNs
    this.sizeBytes = found.sizeBytes
    this.#mtimeNs = found.mtimeNs
    if (this.compressed && this.#readTo !== null && !sameContent(this.#readTo, found)) this.#readTo = null
    return touched || this.waitingBytes > 0 || this.#lines.isToRestore
  }

  /** What stands at its place now, for the file that replaces it. */
  asFound(): FoundFile {
    return {
      path: this.path,
      dev: this.#dev,
      ino: this.#ino,
      sizeBytes: this.sizeBytes,
      mtimeNs: this.#mtimeNs,
      compressed: this.compressed,
    }
  }

  /** Opens the file and checks that it holds what was read from it. Throws system errors. */
  open(): OpenOutcome {
    if (this.#fd !== null) return 'open'
    const fd = openSync(this.path, 'r')
    let outcome: OpenOutcome = 'moved'
    try {
      const stat = fstatSync(fd, { bigint: true })
      const samePlace = String(stat.dev) === this.#dev && String(stat.ino) === this.#ino
      const same = this.compressed ? () => matchesAt(fd, 0, this.#storedHead) : () => this.#isSameContent(fd)
      if (samePlace) outcome = same() ? 'open' : 'replaced'
    } finally {
      if (outcome !== 'open') closeSync(fd)
    }
    if (outcome === 'open') {
      this.#fd = fd
      if (!this.compressed) this.#splitter.detectEncoding(readRange(fd, 0, 2))
    }
    return outcome
  }

  close(): void {
    if (this.#fd === null) return
    closeSync(this.#fd)
    this.#fd = null
    // What waits unfinished is read again after the next open, from the checkpoint's offset.
    this.#splitter = this.#splitter.restarted()
    this.#recent = this.#marker
  }

  /** Reads one chunk into `buffer` and hands its lines to `sink`. The file must be open and plain. Throws system errors. */
  read(buffer: Buffer, sink: LineSink): ReadOutcome {
    const fd = this.#fd
    if (fd === null) throw new Error('The file is not open.')
    this.#lines.restore(fd, this.#splitter.consumed, this.previous?.end ?? null)
    const position = this.#splitter.position
    const length = readSync(fd, buffer, 0, buffer.length, position)
    // Checked after the read: when the bytes before it are still the old ones, so were the bytes read.
    if (fstatSync(fd).size < position || !this.#holdsRecent(fd, position)) return 'replaced'
    if (length === 0) {
      this.#takeRest(sink)
      return 'end'
    }
    const chunk = buffer.subarray(0, length)
    if (position < HEAD_BYTES)
      this.#head = Buffer.concat([this.#head.subarray(0, position), chunk.subarray(0, HEAD_BYTES - position)])
    try {
      this.#splitter.push(chunk, (bytes, offset, lineLength) => {
        this.#deliver(sink, bytes, offset, lineLength)
      })
    } catch (error) {
      // The sink could not take a line: from that line on, all is read again.
      this.#splitter = this.#splitter.restarted()
      throw error
    } finally {
      const consumedInChunk = this.#splitter.consumed - position
      if (consumedInChunk > 0) this.#marker = lastBytes(this.#recent, chunk.subarray(0, consumedInChunk))
      this.#recent = this.#splitter.consumed === this.#splitter.position ? this.#marker : lastBytes(this.#recent, chunk)
    }
    if (length < buffer.length) {
      this.#takeRest(sink)
      return 'end'
    }
    return 'more'
  }

  /**
   * Reads a whole compressed file, opened before, from its start, and counts its lines anew: lines counted from here
   * before stay counted. Calls `pause` between chunks. Throws `unreadable` for a damaged file, after what could be read
   * of it.
   */
  async readCompressed(sink: LineSink, pause: () => Promise<void>): Promise<void> {
    const fd = this.#fd
    if (fd === null) throw new Error('The file is not open.')
    this.#fd = null
    const seen = { sizeBytes: this.sizeBytes, mtimeNs: this.#mtimeNs }
    this.startOver()
    this.#storedHead = headFingerprint(fd, fstatSync(fd).size)
    try {
      for await (const chunk of unpackFile(fd, this.path)) {
        this.#splitter.push(chunk, (bytes, offset, length) => {
          this.#deliver(sink, bytes, offset, length)
        })
        await pause()
      }
    } catch (error) {
      // Damage stays until the file changes; anything else (a stop, no permission, no descriptors) is tried again.
      if (error instanceof EngineError && error.code === 'unreadable') {
        this.#readTo = seen
        this.#isDamaged = true
        this.#takeRest(sink, true)
      }
      throw error
    }
    this.#readTo = seen
    this.#takeRest(sink, true)
  }

  /** Forgets how far it was read: everything is read, and every line counted, once more. */
  startOver(): void {
    this.close()
    this.#splitter = new LineSplitter(0)
    this.#lines = new LoggedLines(null)
    this.#packedEnd = null
    this.oddLines = []
    for (const name of Object.keys(this.wrappers) as WrapperName[]) this.wrappers[name] = 0
    this.#head = this.#recent = this.#marker = Buffer.alloc(0)
    this.#storedHead = this.#storedMarker = { bytes: 0, hash: '' }
    this.#breakOwed = false
    this.#readAgain = false
    this.#readTo = null
    this.#isDamaged = false
    this.lastTime = null
    Object.assign(this.ledger, EMPTY_LEDGER)
    Object.assign(this.marks, EMPTY_MARKS)
    this.dirty = true
  }

  /** Has it read again from its start when it is there: until then its ledger tells what was read of it. */
  readAgainWhenSeen(): void {
    this.#readAgain = true
    this.dirty = true
  }

  /** Makes the content be told by another number from now on. */
  retire(): void {
    this.close()
    this.retired = true
    this.dirty = true
  }

  checkpoint(): FileCheckpoint {
    const head = this.#head.subarray(0, this.#splitter.consumed)
    const headPrint = head.length > 0 ? { bytes: head.length, hash: contentHash(head) } : this.#storedHead
    const markerPrint =
      this.#marker.length > 0 ? { bytes: this.#marker.length, hash: contentHash(this.#marker) } : this.#storedMarker
    return {
      fileId: this.fileId,
      path: this.path,
      source: this.source,
      dev: this.#dev,
      ino: this.#ino,
      compressed: this.compressed,
      offset: this.#splitter.consumed,
      headBytes: headPrint.bytes,
      headHash: headPrint.hash,
      markerBytes: markerPrint.bytes,
      markerHash: markerPrint.hash,
      sizeBytes: this.#readTo?.sizeBytes ?? this.sizeBytes,
      // A damaged file is read once more after a start, so that the damage is told again.
      mtimeNs: this.compressed && !this.#isDamaged ? (this.#readTo?.mtimeNs ?? '') : '',
      lastTime: this.lastTime,
      breakOwed: this.#breakOwed,
      retired: this.retired,
      readAgain: this.#readAgain,
      ledger: { ...this.ledger },
      marks: { ...this.marks },
      ...this.#loggedState(),
    }
  }

  status(): LogFileStatus {
    return {
      fileId: this.fileId,
      path: this.path,
      state: this.#state(),
      compressed: this.compressed,
      sizeBytes: this.sizeBytes,
      readBytes: this.#splitter.consumed,
      error: this.error,
      ledger: { ...this.ledger },
      marks: { ...this.marks },
      wrappers: { ...this.wrappers },
      unfinished: this.#lines.unfinished,
      oddLines: this.oddLines,
    }
  }

  /** What of it the next file of the log may continue. */
  get end(): OpenEnd {
    return {
      lines: this.#lines,
      rest: () => this.#packedEnd ?? this.#splitter.rest ?? Buffer.alloc(0),
      taken: () => {
        this.#endTaken()
      },
    }
  }

  /** What the checkpoint of an ordinary file leaves out. */
  #loggedState(): Pick<FileCheckpoint, 'unfinishedFrom' | 'wrappers' | 'oddLines'> {
    const { unfinishedFrom } = this.#lines
    return {
      ...(unfinishedFrom === null ? {} : { unfinishedFrom }),
      ...(Object.keys(this.wrappers).length === 0 ? {} : { wrappers: { ...this.wrappers } }),
      ...(this.oddLines.length === 0 ? {} : { oddLines: this.oddLines }),
    }
  }

  /** The next file of the log has the end of its last line. */
  #endTaken(): void {
    this.dirty = true
    if (this.#packedEnd !== null) {
      // It was counted by itself, before its end was known.
      this.#packedEnd = null
      this.ledger.lines -= 1
      this.ledger.malformed -= 1
      this.marks.cut = Math.max(0, this.marks.cut - 1)
      return
    }
    if (this.#splitter.rest?.length === 0) return
    this.#splitter.takeRest()
    this.#marker = this.#recent
  }

  /** The last time told in this file, or in one of the `files` before it. */
  #lastTimeOf(files: number): number | null {
    if (this.lastTime !== null || files === 0 || this.previous === null) return this.lastTime
    return this.previous.#lastTimeOf(files - 1)
  }

  #state(): LogFileState {
    if (this.error !== null) return 'error'
    if (this.retired || this.#goneSince !== null) return 'gone'
    if (this.waitingBytes > 0) return 'reading'
    return this.compressed ? 'complete' : 'following'
  }

  /** Checks head and marker against the file, and loads them. */
  #isSameContent(fd: number): boolean {
    const consumed = this.#splitter.consumed
    if (fstatSync(fd).size < consumed) return false
    if (!matchesAt(fd, 0, this.#storedOrOwn(this.#head, this.#storedHead))) return false
    const marker = this.#storedOrOwn(this.#marker, this.#storedMarker)
    if (!matchesAt(fd, consumed - marker.bytes, marker)) return false
    this.#head = readRange(fd, 0, Math.min(HEAD_BYTES, consumed))
    this.#marker = readRange(fd, consumed - marker.bytes, marker.bytes)
    this.#recent = this.#marker
    return true
  }

  #storedOrOwn(own: Buffer, stored: Fingerprint): Fingerprint {
    const consumed = this.#splitter.consumed
    const bytes = own.subarray(0, Math.min(own.length, consumed))
    return bytes.length > 0 ? { bytes: bytes.length, hash: contentHash(bytes) } : stored
  }

  #holdsRecent(fd: number, position: number): boolean {
    if (this.#recent.length === 0) return true
    return readRange(fd, position - this.#recent.length, this.#recent.length).equals(this.#recent)
  }

  #deliver(sink: LineSink, bytes: Buffer | null, offset: number, length: number): void {
    this.dirty = true
    if (this.#breakOwed) {
      this.#breakOwed = false
      // The line break of a line that was taken before the break came.
      if (bytes !== null && (length === 0 || (length === 1 && bytes[0] === 0x0d))) return
    }
    this.#lines.push(bytes, offset, length, offset === 0 ? this.#before() : null, (line) => {
      sink.line(this, line)
    })
  }

  /** The file before it in the log, when that one may have left something for its first line. */
  #before(): OpenEnd | null {
    return this.previous === null || this.previous.waitsToBeRead ? null : this.previous.end
  }

  /** Whether there is more of it to read than an unfinished line. */
  get waitsToBeRead(): boolean {
    return this.compressed ? this.waitingBytes > 0 : this.#splitter.position < this.sizeBytes
  }

  /**
   * A last line without line break is taken when it is whole: nothing but its line break can follow. When no more will
   * come (`final`), whatever waits is taken.
   */
  #takeRest(sink: LineSink, final = false): void {
    const rest = this.#splitter.rest
    if (rest?.length === 0) return
    const isWhole = rest !== null && this.#lines.isWholeRest(rest)
    if (!final && !isWhole) return
    if (!isWhole && rest !== null && rest.length <= MAX_END_BYTES) this.#packedEnd = Buffer.from(rest)
    const offset = this.#splitter.consumed
    const length = this.#splitter.position - offset
    this.#deliver(sink, rest, offset, length)
    this.#splitter.takeRest()
    this.#breakOwed = true
    this.#marker = this.#recent
  }
}

/** How many files back the time of a line without one is looked for. */
const MAX_PREVIOUS = 8

function sameContent(
  a: { readonly sizeBytes: number; readonly mtimeNs: string },
  b: { readonly sizeBytes: number; readonly mtimeNs: string },
): boolean {
  return a.sizeBytes === b.sizeBytes && a.mtimeNs === b.mtimeNs
}

/** The last MARKER_BYTES of `before` followed by `chunk`, as a copy. */
function lastBytes(before: Buffer, chunk: Buffer): Buffer {
  if (chunk.length >= MARKER_BYTES) return Buffer.from(chunk.subarray(chunk.length - MARKER_BYTES))
  return Buffer.concat([before.subarray(Math.max(0, before.length + chunk.length - MARKER_BYTES)), chunk])
}
