import { EngineError } from '../base/errors'
import type { FileCheckpoint } from '../tail/file-state'
import type { Archive } from './archive'
import type { BlockPlace } from './position'
import { encodeBlock } from './block'
import { FrameWriter } from './frame'
import type { ArchiveRecord, RequestFrame } from './records'

/** What stays in the archive. */
interface RewriteRules {
  /** Whether request `seq` stays. */
  keeps(seq: number): boolean
  /** Whether records about this file stay. */
  keepsFile(fileId: number): boolean
  /** The whole log line of request `seq`; null when it has no history. Throws `corrupt` when part of it is lost. */
  line(seq: number): Buffer | null
}

/** A block of the new archive. */
export interface WrittenBlock {
  readonly records: readonly ArchiveRecord[]
  readonly place: BlockPlace
}

/** What became of a block of the former archive. */
interface RewrittenBlock {
  /** The requests in it that are dropped. */
  readonly dropped: readonly RequestFrame[]
  /**
   * The blocks written for it, in order; none when nothing stays of it. They include records for dropped requests:
   * without them, these requests would look lost when the archive is rewritten again.
   */
  readonly written: readonly WrittenBlock[]
}

/**
 * Writes a copy of an archive without some of its requests. The others keep their sequence numbers, because a record
 * replaces the dropped ones. A request whose history is stored with a dropped one is stored with its whole line. Blocks
 * of which everything stays are copied unchanged.
 */
export class ArchiveRewrite {
  readonly #from: Archive
  readonly #to: Archive
  readonly #rules: RewriteRules
  readonly #writer = new FrameWriter()
  /** Dropped requests without a record yet. The record goes before the next block. */
  #gap = 0
  #written: WrittenBlock[] = []

  constructor(from: Archive, to: Archive, rules: RewriteRules) {
    this.#from = from
    this.#to = to
    this.#rules = rules
  }

  /**
   * Copies the block at `place`. To be called for every block with requests, in order. Throws `corrupt`, `disk-full`,
   * ….
   */
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

  /**
   * Completes the archive with the lines that stay deleted and the files' checkpoints. After this, everything is
   * durable.
   */
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
        // finish() writes all of them.
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

  /** The request without references to dropped ones. */
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

  /** Null when part of the line was lost before; then the rest is stored as it is. */
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
