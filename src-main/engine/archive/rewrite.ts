import { EngineError } from '../base/errors'
import type { FileCheckpoint } from '../tail/file-state'
import type { Archive } from './archive'
import type { BlockPlace } from './position'
import { encodeBlock } from './block'
import { FrameWriter } from './frame'
import type { ArchiveRecord, RequestFrame } from './records'

/** What stays of an archive. */
interface RewriteRules {
  /** Whether request `seq` stays. */
  keeps(seq: number): boolean
  /** Whether what is known of this file stays. */
  keepsFile(fileId: number): boolean
  /** The log line of request `seq`, put together whole; null where it has no history. Throws `corrupt` when it is lost. */
  line(seq: number): Buffer | null
}

/** A block of the new archive. */
export interface WrittenBlock {
  readonly records: readonly ArchiveRecord[]
  readonly place: BlockPlace
}

/** A block of the former archive, and what became of it. */
interface RewrittenBlock {
  /** The requests in it that are dropped. */
  readonly dropped: readonly RequestFrame[]
  /**
   * What was written for it, in order; none when nothing stays of it. What stands for dropped requests is a block too: who
   * rewrites this archive once more has to know of it, or these requests would seem to be lost.
   */
  readonly written: readonly WrittenBlock[]
}

/**
 * Writes an archive that holds less than another one. The requests keep their sequence numbers: a record stands for those
 * that are dropped. Of a request whose history is stored with one that is dropped, the whole line is stored. Blocks of
 * which all stays are taken over as they are.
 */
export class ArchiveRewrite {
  readonly #from: Archive
  readonly #to: Archive
  readonly #rules: RewriteRules
  readonly #writer = new FrameWriter()
  /** Dropped requests that no record stands for yet: they come right before the next block. */
  #gap = 0
  #written: WrittenBlock[] = []

  constructor(from: Archive, to: Archive, rules: RewriteRules) {
    this.#from = from
    this.#to = to
    this.#rules = rules
  }

  /** Takes over the block at `place`; to be called with every block that holds requests, in order. Throws `corrupt`, `disk-full`, …. */
  async add(place: BlockPlace): Promise<RewrittenBlock> {
    const { bytes, records } = this.#from.read(place)
    await this.#skipTo(place.firstSeq)
    const dropped = records.filter((record) => record.kind === 'request' && !this.#rules.keeps(record.seq))
    const requests = records.filter((record) => record.kind === 'request').length - dropped.length
    if (requests === 0) {
      this.#gap += place.requests
      return { dropped: dropped as RequestFrame[], written: this.#takeWritten() }
    }
    await this.#closeGap()
    const kept = this.#keptOf(records)
    const isWhole = kept.length === records.length && kept.every((record, position) => record === records[position])
    const block = isWhole ? bytes : await this.#encode(kept, place)
    this.#append(kept, block, place.requests)
    return { dropped: dropped as RequestFrame[], written: this.#takeWritten() }
  }

  /** Ends the archive with the lines that stay deleted, and what is known of the files from here on. Everything is durable then. */
  async finish(
    checkpoints: readonly FileCheckpoint[],
    deletedLines: Iterable<Buffer>,
  ): Promise<readonly WrittenBlock[]> {
    await this.#skipTo(this.#from.end.nextSeq)
    await this.#closeGap()
    const place = { firstSeq: this.#to.end.nextSeq, requests: 0 }
    for (const hashes of deletedLines) {
      const records: ArchiveRecord[] = [{ kind: 'deleted-lines', hashes }]
      this.#append(records, await this.#encode(records, place), 0)
    }
    const records = checkpoints.map((checkpoint): ArchiveRecord => ({ kind: 'file', checkpoint }))
    this.#append(records, await this.#encode(records, place), 0)
    this.#to.sync()
    return this.#takeWritten()
  }

  #keptOf(records: readonly ArchiveRecord[]): ArchiveRecord[] {
    const kept: ArchiveRecord[] = []
    for (const record of records) {
      if (record.kind === 'file') {
        if (this.#rules.keepsFile(record.checkpoint.fileId)) kept.push(record)
      } else if (record.kind === 'deleted-lines') {
        // All of them are written at the end.
        continue
      } else if (record.kind === 'request' && this.#rules.keeps(record.seq)) kept.push(this.#standingAlone(record))
      else {
        const requests = record.kind === 'dropped' ? record.requests : 1
        const before = kept.at(-1)
        if (before?.kind === 'dropped')
          kept[kept.length - 1] = { kind: 'dropped', requests: before.requests + requests }
        else kept.push(record.kind === 'dropped' ? record : { kind: 'dropped', requests })
      }
    }
    return kept
  }

  /** The request without references to what is dropped. */
  #standingAlone(frame: RequestFrame): RequestFrame {
    const previous = frame.inferred?.previous ?? null
    const inferred =
      frame.inferred === null || previous === null || this.#rules.keeps(previous)
        ? frame.inferred
        : { ...frame.inferred, previous: null }
    const line = frame.base === null || this.#rules.keeps(frame.base) ? null : this.#lineOf(frame.seq)
    if (line === null) return inferred === frame.inferred ? frame : { ...frame, inferred }
    return {
      ...frame,
      inferred,
      base: null,
      kept: 0,
      keptBytes: 0,
      freshBytes: frame.keptBytes + frame.freshBytes,
      stored: line,
    }
  }

  /** Null where part of the line was lost before: what is left of it stays as it is. */
  #lineOf(seq: number): Buffer | null {
    try {
      return this.#rules.line(seq)
    } catch (error) {
      if (error instanceof EngineError && error.code === 'corrupt') return null
      throw error
    }
  }

  /** Requests that were lost before stay missing. */
  async #skipTo(seq: number): Promise<void> {
    if (this.#to.end.nextSeq + this.#gap === seq) return
    await this.#closeGap()
    this.#to.skipTo(seq)
  }

  async #closeGap(): Promise<void> {
    if (this.#gap === 0) return
    const requests = this.#gap
    this.#gap = 0
    const records: readonly ArchiveRecord[] = [{ kind: 'dropped', requests }]
    this.#append(records, await this.#encode(records, { firstSeq: this.#to.end.nextSeq }), requests)
  }

  #append(records: readonly ArchiveRecord[], block: Buffer, requests: number): void {
    this.#written.push({ records, place: this.#to.append(block, requests) })
  }

  #takeWritten(): readonly WrittenBlock[] {
    const written = this.#written
    this.#written = []
    return written
  }

  async #encode(records: readonly ArchiveRecord[], { firstSeq }: Pick<BlockPlace, 'firstSeq'>): Promise<Buffer> {
    for (const record of records) this.#writer.add(record)
    return encodeBlock({ ...this.#writer.take(), firstSeq })
  }
}
