import type { Ledger } from '../contract/index'
import type { Archive } from './archive/archive'
import type { Histories } from './archive/history'
import type { RequestRecord } from './archive/records'
import type { KnownRequest, SessionIndex } from './index/session-index'
import { nestsDeeper } from './json'
import { lineHash, parseLine, trimLine, type LineOutcome } from './parse/line'
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

type RequestLine = Extract<LineOutcome, { kind: 'request' }>

/** A record that waits to be written: as the index takes it, which asks for no messages, and as the archive does. */
interface PendingRequest {
  readonly record: RequestRecord
  readonly text: string
}

/** The parts of a request as JSON text; `messages` null when they were logged as no list. */
interface RequestTexts {
  readonly messages: readonly string[] | null
  readonly outer: string
  readonly ai: string
}

/** Levels of nesting beyond which a line is no request any gateway wrote. */
const MAX_DEPTH = 200
/** Characters of a record, beyond which a block could not be read back as one string. */
const MAX_RECORD_CHARS = 384 * 1024 * 1024

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
  #pending: PendingRequest[] = []
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
    const outcome = bytes === null ? 'tooLong' : this.#take(file, trimLine(bytes), offset, length)
    // Counted last: a line on which this fails is handed over again.
    file.ledger[outcome] += 1
    file.ledger.lines += 1
    this.#pendingBytes += length
  }

  /**
   * Writes what waits, and the read positions reached. Throws when the archive can't take it (disk full, …); then all
   * of it still waits, and the same call may be tried again. Says whether there was anything to write.
   */
  flush(): boolean {
    const dirty = [...this.#files()].filter((file) => file.dirty)
    if (this.#pending.length === 0 && dirty.length === 0) return false
    const requests = this.#pending.map(({ record }) => record)
    const files = dirty.map((file) => ({ kind: 'file', checkpoint: file.checkpoint() }) as const)
    const place = this.#archive.appendLines(
      [...this.#pending.map(({ text }) => text), ...files.map((record) => JSON.stringify(record))],
      requests.length,
    )
    this.#pending = []
    this.#pendingByHash.clear()
    this.#pendingBytes = 0
    for (const file of dirty) file.dirty = false
    this.#index.apply([...requests, ...files], place)
    return true
  }

  #take(file: LogFile, line: Buffer, offset: number, length: number): Exclude<keyof Ledger, 'lines'> {
    const outcome = parseLine(line)
    switch (outcome.kind) {
      case 'blank':
      case 'malformed':
        return outcome.kind
      case 'not-llm':
        file.lastTime = readTime(outcome.outer) ?? file.lastTime
        return 'notLlm'
      case 'request':
        break
    }
    if (nestsDeeper(outcome.outer, MAX_DEPTH) || nestsDeeper(outcome.ai, MAX_DEPTH)) return 'malformed'
    const hash = lineHash(line)
    const request = readRequest(outcome.outer, outcome.ai)
    const known = this.#pendingByHash.get(hash) ?? this.#index.findRequest(hash)
    if (known?.broken !== false) {
      const texts = toTexts(outcome)
      if (typeof texts === 'string') return texts
      file.lastTime = request.time ?? file.lastTime
      const record = this.#toRecord(outcome, texts, {
        file,
        offset,
        length,
        hash,
        time: request.time,
        session: request.sessionId,
      })
      this.#pending.push(record)
      // A request that is archived once more, because its history was lost, stays where it was counted.
      this.#pendingByHash.set(hash, {
        fileId: known?.fileId ?? file.fileId,
        offset: known?.offset ?? offset,
        broken: false,
      })
    }
    file.lastTime = request.time ?? file.lastTime
    // A file that is read again does not double itself: its line is where it was counted.
    if (known !== undefined && (known.fileId !== file.fileId || known.offset !== offset)) return 'duplicate'
    const { marks } = file
    if (request.tokens.input === null && request.tokens.output === null) marks.withoutUsage += 1
    if (request.truncated) marks.truncated += 1
    if (request.time === null) marks.timeInferred += 1
    if (request.tokens.bad) marks.badNumber += 1
    if (request.sessionId === null) marks.withoutSession += 1
    return 'counted'
  }

  #toRecord(
    outcome: RequestLine,
    texts: RequestTexts,
    origin: {
      readonly file: LogFile
      readonly offset: number
      readonly length: number
      readonly hash: string
      readonly time: number | null
      readonly session: string | null
    },
  ): PendingRequest {
    const seq = this.#archive.end.nextSeq + this.#pending.length
    const { base, kept } =
      texts.messages === null || origin.session === null
        ? { base: null, kept: 0 }
        : this.#tell(origin.session, seq, texts.messages)
    const told: Omit<RequestRecord, 'messages' | 'outer' | 'ai'> = {
      kind: 'request',
      file: origin.file.fileId,
      offset: origin.offset,
      length: origin.length,
      hash: origin.hash,
      time: origin.time ?? origin.file.inferredTime,
      ...(origin.time === null ? { timeInferred: true as const } : {}),
      ...(base === null ? {} : { base, kept }),
    }
    // Put together from texts made before, so that nothing is brought into JSON twice.
    const messages = texts.messages === null ? '' : `,"messages":[${texts.messages.slice(kept).join(',')}]`
    const text = `${JSON.stringify(told).slice(0, -1)}${messages},"outer":${texts.outer},"ai":${texts.ai}}`
    return { record: { ...told, outer: outcome.outer, ai: outcome.ai }, text }
  }

  #tell(session: string, seq: number, messages: readonly string[]) {
    if (!this.#histories.has(session)) this.#restoreHistories(session)
    return this.#histories.add(session, seq, messages)
  }

  /** After a restart, a session goes on from what the archive holds of it. */
  #restoreHistories(session: string): void {
    for (const seq of this.#index.latestRequests(session, RESTORED_BRANCHES).reverse()) {
      try {
        const told = this.#conversations.messages(seq)
        if (told?.lostMessages !== 0) continue
        this.#histories.add(
          session,
          seq,
          told.messages.map((message) => JSON.stringify(message)),
        )
      } catch {
        // A damaged block: the request's whole history is archived once more.
      }
    }
  }
}

/** Brings a request into JSON text; says why it can't be kept where it can't. */
function toTexts({ outer, ai }: RequestLine): RequestTexts | 'malformed' | 'tooLong' {
  const logged = readMessages(ai)
  const { messages: _, ...aiWithoutMessages } = ai
  // Messages may have been logged as text, whose depth nobody has looked at yet.
  if (logged.kind === 'messages' && nestsDeeper(logged.messages, MAX_DEPTH)) return 'malformed'
  try {
    const texts = {
      messages: logged.kind === 'messages' ? logged.messages.map((message) => JSON.stringify(message)) : null,
      outer: JSON.stringify(outer),
      ai: JSON.stringify(logged.kind === 'messages' ? aiWithoutMessages : ai),
    }
    const chars = (texts.messages ?? []).reduce((sum, text) => sum + text.length, texts.outer.length + texts.ai.length)
    return chars > MAX_RECORD_CHARS ? 'tooLong' : texts
  } catch (error) {
    // Longer than any string: numbers like 1e20 are written back with all their digits.
    if (error instanceof RangeError) return 'tooLong'
    throw error
  }
}
