import type { Archive } from './archive/archive'
import type { Histories } from './archive/history'
import type { ArchiveRecord, RequestRecord } from './archive/records'
import type { KnownRequest, SessionIndex } from './index/session-index'
import { lineHash, parseLine, trimLine } from './parse/line'
import { readMessages, readRequest } from './parse/request'
import { readTime } from './parse/time'
import type { Conversations } from './sessions/conversation'
import type { LineSink, LogFile } from './tail/log-file'

/** A block is written when this much log text waits for it, bytes. */
export const BLOCK_SOURCE_BYTES = 4 * 1024 * 1024
const BLOCK_RECORDS = 2000

/** Branches of a session looked up in the archive when its first request after a restart arrives. */
const RESTORED_BRANCHES = 3

type SeenAt = Omit<KnownRequest, 'seq'>

/**
 * Turns lines into archive records, and writes them in blocks: each block holds the requests read and the read
 * positions of their files, so both are durable together or not at all. The index is brought up to date after the
 * archive took the block, never before.
 */
export class Ingest implements LineSink {
  readonly #archive: Archive
  readonly #index: SessionIndex
  readonly #histories: Histories
  readonly #conversations: Conversations
  readonly #files: () => Iterable<LogFile>
  #pending: RequestRecord[] = []
  #pendingByHash = new Map<string, SeenAt>()
  #pendingBytes = 0

  constructor(options: {
    readonly archive: Archive
    readonly index: SessionIndex
    readonly histories: Histories
    readonly conversations: Conversations
    /** All files whose read positions the store keeps. */
    readonly files: () => Iterable<LogFile>
  }) {
    this.#archive = options.archive
    this.#index = options.index
    this.#histories = options.histories
    this.#conversations = options.conversations
    this.#files = options.files
  }

  /** Whether enough waits to be worth a block. */
  get isFull(): boolean {
    return this.#pendingBytes >= BLOCK_SOURCE_BYTES || this.#pending.length >= BLOCK_RECORDS
  }

  /** Classifies one line and, when it is a request not seen before, makes its record. */
  line(file: LogFile, bytes: Buffer | null, offset: number, length: number): void {
    const { ledger } = file
    ledger.lines += 1
    this.#pendingBytes += length
    if (bytes === null) {
      ledger.tooLong += 1
      return
    }
    const line = trimLine(bytes)
    const outcome = parseLine(line)
    switch (outcome.kind) {
      case 'blank':
        ledger.blank += 1
        return
      case 'malformed':
        ledger.malformed += 1
        return
      case 'not-llm':
        ledger.notLlm += 1
        file.lastTime = readTime(outcome.outer) ?? file.lastTime
        return
      case 'request':
        break
    }
    const hash = lineHash(line)
    const request = readRequest(outcome.outer, outcome.ai)
    file.lastTime = request.time ?? file.lastTime
    const known = this.#pendingByHash.get(hash) ?? this.#index.findRequest(hash)
    const isWhole = known?.broken === false
    // A file that is read again does not double itself: its line is where it was counted.
    if (isWhole && (known.fileId !== file.fileId || known.offset !== offset)) {
      ledger.duplicate += 1
      return
    }
    ledger.counted += 1
    const { marks } = file
    if (request.tokens.input === null && request.tokens.output === null) marks.withoutUsage += 1
    if (request.truncated) marks.truncated += 1
    if (request.time === null) marks.timeInferred += 1
    if (request.tokens.bad) marks.badNumber += 1
    if (request.sessionId === null) marks.withoutSession += 1
    if (isWhole) return

    const record = this.#toRecord(outcome, {
      file,
      offset,
      length,
      hash,
      time: request.time,
      session: request.sessionId,
    })
    this.#pending.push(record)
    this.#pendingByHash.set(hash, { fileId: file.fileId, offset, broken: false })
  }

  /**
   * Writes what waits, and the read positions reached. Throws when the archive can't take it (disk full, …); then all
   * of it still waits, and the same call may be tried again. Says whether there was anything to write.
   */
  flush(): boolean {
    const dirty = [...this.#files()].filter((file) => file.dirty)
    if (this.#pending.length === 0 && dirty.length === 0) return false
    const records: ArchiveRecord[] = [
      ...this.#pending,
      ...dirty.map((file) => ({ kind: 'file', checkpoint: file.checkpoint() }) as const),
    ]
    const place = this.#archive.append(records)
    this.#pending = []
    this.#pendingByHash.clear()
    this.#pendingBytes = 0
    for (const file of dirty) file.dirty = false
    this.#index.apply(records, place)
    return true
  }

  #toRecord(
    outcome: { readonly outer: RequestRecord['outer']; readonly ai: RequestRecord['ai'] },
    origin: {
      readonly file: LogFile
      readonly offset: number
      readonly length: number
      readonly hash: string
      readonly time: number | null
      readonly session: string | null
    },
  ): RequestRecord {
    const seq = this.#archive.end.nextSeq + this.#pending.length
    const logged = readMessages(outcome.ai)
    const { messages: _, ...aiWithoutMessages } = outcome.ai
    const time = origin.time ?? origin.file.lastTime ?? origin.file.modifiedTime
    return {
      kind: 'request',
      file: origin.file.fileId,
      offset: origin.offset,
      length: origin.length,
      hash: origin.hash,
      time,
      ...(origin.time === null ? { timeInferred: true as const } : {}),
      ...(logged.kind === 'messages' ? this.#tell(origin.session, seq, logged.messages) : {}),
      outer: outcome.outer,
      ai: logged.kind === 'messages' ? aiWithoutMessages : outcome.ai,
    }
  }

  #tell(session: string | null, seq: number, messages: NonNullable<RequestRecord['messages']>) {
    if (session === null) return { messages }
    if (!this.#histories.has(session)) this.#restoreHistories(session)
    const delta = this.#histories.add(session, seq, messages)
    if (delta.base === null) return { messages }
    return { base: delta.base, kept: delta.kept, messages: delta.fresh }
  }

  /** After a restart, a session goes on from what the archive holds of it. */
  #restoreHistories(session: string): void {
    for (const seq of this.#index.latestRequests(session, RESTORED_BRANCHES).reverse()) {
      try {
        const told = this.#conversations.messages(seq)
        if (told?.lostMessages === 0) this.#histories.add(session, seq, told.messages)
      } catch {
        // A damaged block: the request's whole history is archived once more.
      }
    }
  }
}
