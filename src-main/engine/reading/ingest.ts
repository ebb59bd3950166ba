import type { Ledger, OddLine } from '../../contract/index'
import type { Archive } from '../archive/archive'
import type { BlockPlace } from '../archive/position'
import { encodeBlock, type BlockContent } from '../archive/block'
import { FrameWriter } from '../archive/frame'
import type { Histories, KeptMatch } from '../archive/history'
import type { IndexedRequest } from '../index/tables/indexed-block'
import type { KnownRequest } from '../index/tables/line-identities'
import type { SessionIndex } from '../index/tables/session-index'
import { MAX_DEPTH, nestsDeeper, type Json, type JsonObject } from '../base/json'
import { readIndexFields, readText, withQuestion, type IndexFields } from '../parse/index-fields'
import { parseLine } from '../parse/line'
import { lineHash, messagesChecksum } from '../parse/line-hash'
import { isUnloggedCall } from '../parse/plugin-fields'
import { countRemarks } from '../parse/remarks'
import { isTruncated, readMessages, type LoggedMessages } from '../parse/request'
import { splitLine, type MessagesSpan, type SplitLine } from '../parse/split'
import { readInstant, readTime, unreadableTime } from '../parse/time'
import { readTools } from '../parse/tools'
import type { Conversations } from '../sessions/conversations'
import { readMessagesOf } from '../sessions/inference/compared'
import { SessionInference } from '../sessions/inference/inference'
import { readUnnamed } from '../sessions/inference/unnamed-request'
import { restoreConversations } from '../sessions/inference/restore'
import type { FileCheckpoint } from '../tail/file-state'
import type { LineSink, LogFile } from '../tail/log-file'
import type { DeliveredLine } from '../tail/logged-lines'
import { gatewayLine, hasCollectorFields } from '../unwrap/gateway-fields'
import { splitObjects } from '../unwrap/records'

/** A block is written when its records have this many bytes, it holds as many requests as below, or this much log was read. */
const BLOCK_BYTES = 1024 * 1024
/** As many requests as the index takes in in this time, ms: no query can be answered meanwhile. */
const APPLY_MS = 15
const FIRST_BLOCK_REQUESTS = 100
const LEAST_BLOCK_REQUESTS = 50
const MOST_BLOCK_REQUESTS = 1000
const BLOCK_SOURCE_BYTES = 16 * 1024 * 1024
/** Blocks on their way at once: other threads deflate them while the next is being filled. */
const BLOCKS_IN_FLIGHT = 3

/** Branches of a session looked up in the archive when its first request after a restart arrives. */
const RESTORED_BRANCHES = 3

const SESSION_KEY = Buffer.from(',\\"session_id\\":\\"')

type WholeLine = Extract<DeliveredLine, { readonly kind: 'whole' }>

type SeenAt = Omit<KnownRequest, 'seq'>

/** What becomes of a line, as the ledger counts it. */
type Outcome = Exclude<keyof Ledger, 'lines'>

/** A block on its way to the archive. */
interface SealedBlock {
  readonly content: BlockContent
  readonly requests: readonly IndexedRequest[]
  readonly checkpoints: readonly FileCheckpoint[]
  readonly seen: ReadonlyMap<string, SeenAt>
  /** Its bytes as stored, being deflated; null when that failed and is to be tried again. */
  encoded: Promise<Buffer> | null
  /** Where it lies, once the archive took it. */
  place: BlockPlace | null
  /** Settles when it and the blocks before it were written, or could not be; null when it is to be tried again. */
  written: Promise<void> | null
}

/** A request as read from its line. */
interface ReadLine {
  readonly line: Buffer
  readonly fields: IndexFields
  readonly time: number | null
  readonly truncated: boolean
  /** Its messages in the line's bytes; null when they were not told apart there. */
  readonly span: MessagesSpan | null
  readonly match: KeptMatch | null
  /** How many it sends, those sent before included. */
  readonly messages: number
  readonly checksum: number
  readonly outer: JsonObject
  readonly ai: JsonObject
  readonly mended: boolean
  readonly hasMessages: boolean
  /** The messages after those that were passed over (`span.kept`). */
  readonly fresh: readonly Json[]
}

/**
 * Turns lines into archive records, and writes them in blocks: each block holds the requests read and the read
 * positions of their files, so both are durable together or not at all. The index is brought up to date after the
 * archive took the block, never before. While one block is deflated by another thread, the next is being filled.
 */
export class Ingest implements LineSink {
  readonly #archive: Archive
  readonly #index: SessionIndex
  readonly #histories: Histories
  readonly #conversations: Conversations
  readonly #files: () => Iterable<LogFile>
  readonly #writer = new FrameWriter()
  #requests: IndexedRequest[] = []
  #seen = new Map<string, SeenAt>()
  #sourceBytes = 0
  #blockRequests = FIRST_BLOCK_REQUESTS
  /** Made when the first request without a session id arrives. */
  #inference: SessionInference | null = null
  /** Number of the next request. */
  #nextSeq: number
  /** Blocks on their way, the next to be written first. */
  readonly #sealed: SealedBlock[] = []

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
    this.#nextSeq = options.archive.end.nextSeq
  }

  /** Whether enough waits to be worth a block. */
  get isFull(): boolean {
    return (
      this.#writer.bytes >= BLOCK_BYTES ||
      this.#requests.length >= this.#blockRequests ||
      this.#sourceBytes >= BLOCK_SOURCE_BYTES
    )
  }

  /** Classifies one line and, when it is a request not seen before, makes its record. */
  line(file: LogFile, line: DeliveredLine): void {
    switch (line.kind) {
      case 'too-long':
        countLine(file, 'tooLong')
        break
      case 'left-out':
      case 'cut':
        countLine(file, 'malformed')
        remarkUnreadable(file, line)
        break
      case 'whole':
        this.#whole(file, line)
        break
    }
    if (line.kind !== 'too-long' && line.wrapper !== null) {
      file.wrappers[line.wrapper] = (file.wrappers[line.wrapper] ?? 0) + 1
    }
    this.#sourceBytes += line.length
  }

  #whole(file: LogFile, line: WholeLine): void {
    const outcome = this.#take(file, line)
    const objects = outcome === 'malformed' ? splitObjects(line.bytes) : null
    if (objects === null) {
      // Counted last: a line on which this fails is handed over again.
      countLine(file, outcome)
      if (outcome === 'malformed') remarkUnreadable(file, line)
      return
    }
    let offset = line.offset
    for (const bytes of objects) {
      this.#whole(file, { ...line, bytes, offset, length: line.wrapper === null ? bytes.length : line.length })
      if (line.wrapper === null) offset += bytes.length
    }
  }

  /** Starts writing a block when enough waits; resolves when not too many are on their way. */
  async writeWhenFull(): Promise<boolean> {
    if (!this.isFull) return false
    if (this.#sealed.length >= BLOCKS_IN_FLIGHT) await this.#settled(this.#sealed.slice(0, 1))
    this.#startWriting()
    return true
  }

  /**
   * Writes what waits, and the read positions reached. Rejects when the archive can't take it (disk full, …); then all
   * of it still waits, and the same call may be tried again. Says whether there was anything to write.
   */
  async flush(): Promise<boolean> {
    const wrote = await this.#drain()
    if (!this.#startWriting()) return wrote
    await this.#drain()
    return true
  }

  /** `asLogged`: the identity of the line before a collector's fields were taken out of it. */
  #take(file: LogFile, logged: WholeLine, asLogged: string | null = null): Outcome {
    const { bytes: line, offset, length } = logged
    const read = this.#read(logged, file)
    if (typeof read === 'string') return read
    const { fields } = read
    const hash = lineHash(line, read.span, read.checksum)
    // The same request may come without the collector's fields as well.
    if (asLogged === null && hasCollectorFields(read.outer))
      return this.#take(file, { ...logged, bytes: gatewayLine(read.outer) }, hash)
    file.lastTime = read.time ?? file.lastTime
    if (file.sessionKey !== '' && fields.sessionId?.includes(file.sessionKey) !== true) return 'filtered'
    const known = this.#find(hash) ?? (asLogged === null ? undefined : this.#find(asLogged))
    if (known === undefined && this.#index.isDeletedLine(hash)) return 'deleted'
    if (known === undefined && asLogged !== null && this.#index.isDeletedLine(asLogged)) return 'deleted'
    if (known?.broken !== false) {
      this.#store(read, file.fileId, offset, length, hash, read.time ?? file.inferredTime)
      // A request that is archived once more, because its history was lost, stays where it was counted.
      this.#seen.set(hash, { fileId: known?.fileId ?? file.fileId, offset: known?.offset ?? offset, broken: false })
    }
    // A file that is read again does not double itself: its line is where it was counted.
    if (known !== undefined && (known.fileId !== file.fileId || known.offset !== offset)) return 'duplicate'
    countRemarks(file.marks, fields, {
      truncated: read.truncated,
      timeInferred: read.time === null,
      mended: read.mended,
      hasMessages: read.hasMessages,
    })
    if (read.mended) addOddLine(file, 'mended', logged)
    if (unreadableTime(read.outer) !== null) {
      file.marks.unreadableTime += 1
      addOddLine(file, 'unreadable-time', logged)
    }
    return 'counted'
  }

  #find(hash: string): SeenAt | undefined {
    return this.#seen.get(hash) ?? this.#findSealed(hash) ?? this.#index.findRequest(hash)
  }

  /** Takes a line apart; says what it is when it is no request. */
  #read({ bytes: line, time: wrapperTime }: WholeLine, file: LogFile): ReadLine | Outcome {
    const { split, match } = this.#split(line)
    const outcome = split?.outcome ?? parseLine(line)
    switch (outcome.kind) {
      case 'blank':
      case 'malformed':
        return outcome.kind
      case 'not-llm':
        file.lastTime = readTime(outcome.outer) ?? file.lastTime
        if (isUnloggedCall(outcome.outer)) file.marks.unlogged += 1
        return 'notLlm'
      case 'request':
        break
    }
    const { outer, ai } = outcome
    const span = split?.span ?? null
    const messages = split?.fresh ?? listOf(readMessages(ai))
    // Messages may have been logged as text, whose depth is that of a list of its own.
    if (nestsDeeper(outer, MAX_DEPTH) || nestsDeeper(ai, MAX_DEPTH) || nestsDeeper(messages, MAX_DEPTH))
      return 'malformed'
    const fields = readIndexFields(outer, ai)
    return {
      line,
      fields,
      time: readTime(outer) ?? readInstant(wrapperTime ?? undefined),
      outer,
      mended: outcome.mended,
      hasMessages: span !== null || (ai.messages !== undefined && ai.messages !== null),
      truncated: isTruncated(ai),
      span,
      match,
      messages: (span?.kept?.messages ?? 0) + messages.length,
      checksum: span === null ? 0 : messagesChecksum(line, span, match?.checksum ?? null),
      ai,
      fresh: messages,
    }
  }

  /** Takes a line apart, passing over what its session sent before. */
  #split(line: Buffer): { readonly split: SplitLine | null; readonly match: KeptMatch | null } {
    const hint = sessionHint(line)
    if (hint !== null) {
      const found: { match: KeptMatch | null } = { match: null }
      const split = splitLine(line, (bytes, start) => {
        if (!this.#histories.has(hint)) this.#restoreHistories(hint)
        found.match = this.#histories.find(hint, bytes, start)
        return found.match
      })
      const { match } = found
      // The hint was found without reading the line, and may be a piece of some text.
      if (match === null) return { split, match }
      if (split?.outcome.kind === 'request' && split.outcome.ai.session_id === hint) return { split, match }
    } else {
      this.#inference ??= restoreConversations(new SessionInference(), this.#index, this.#conversations)
      const inference = this.#inference
      const split = splitLine(line, (bytes, start) => inference.find(bytes, start))
      if (split?.outcome.kind === 'request' && readText(split.outcome.ai.session_id) === null)
        return { split, match: null }
    }
    return { split: splitLine(line, () => null), match: null }
  }

  #store(read: ReadLine, file: number, offset: number, length: number, hash: string, time: number): void {
    const { line, span, fields } = read
    const seq = this.#nextSeq
    const placed = this.#place(read, seq, hash, time)
    const match = placed === null ? read.match : placed.match
    const inferred = placed?.inferred ?? null
    const start = span?.start ?? line.length
    const keptBytes = match?.bytes ?? 0
    const base = match?.base ?? null
    const kept = match?.messages ?? 0
    const freshBytes = span === null ? 0 : span.bytes + 1 - keptBytes
    const timeInferred = read.time === null
    const fresh = freshAfter(read, kept, keptBytes)
    // Spelled out: spreading objects for every line costs more than reading the line.
    this.#writer.addRequest(seq, {
      file,
      offset,
      length,
      hash,
      time,
      timeInferred,
      base,
      kept,
      keptBytes,
      messagesStart: span === null ? -1 : start,
      freshBytes,
      inferred,
      head: line.subarray(0, start),
      tail: line.subarray(start + keptBytes),
    })
    this.#nextSeq += 1
    this.#requests.push({
      seq,
      file,
      offset,
      hash,
      time,
      timeInferred,
      base,
      kept,
      keptBytes,
      messages: read.messages,
      messagesBytes: span === null ? 0 : keptBytes + freshBytes,
      inferred,
      fields: withQuestion(fields, fresh),
      tools: readTools(read.ai, fresh),
    })
    if (span !== null && fields.sessionId !== null) {
      this.#histories.remember(fields.sessionId, seq, line, span, match, read.messages, read.checksum)
    }
  }

  /** Finds the conversation of a request without a session id; null for one that has it. */
  #place({ line, span, fields, ai, fresh, messages }: ReadLine, seq: number, hash: string, time: number) {
    if (fields.sessionId !== null) return null
    this.#inference ??= restoreConversations(new SessionInference(), this.#index, this.#conversations)
    const sent = span === null ? null : { line, start: span.start, bytes: span.bytes }
    return this.#inference.place(readUnnamed(ai, fields, { seq, hash, time, sent, messages, fresh }))
  }

  /** Closes the block being filled and starts to write it. False when there is nothing to write. */
  #startWriting(): boolean {
    const dirty = [...this.#files()].filter((file) => file.dirty)
    if (this.#requests.length === 0 && dirty.length === 0) return false
    const checkpoints = dirty.map((file) => file.checkpoint())
    for (const checkpoint of checkpoints) this.#writer.addFile(checkpoint)
    const { payload, requests } = this.#writer.take()
    const before = this.#sealed.at(-1)
    const sealed: SealedBlock = {
      content: { payload, requests, firstSeq: this.#nextSeq - requests },
      requests: this.#requests,
      checkpoints,
      seen: this.#seen,
      encoded: null,
      place: null,
      written: null,
    }
    this.#sealed.push(sealed)
    this.#requests = []
    this.#seen = new Map()
    this.#sourceBytes = 0
    for (const file of dirty) file.dirty = false
    void encode(sealed)
    // Never before the one before it: where that is to be tried again, so is this.
    if (before === undefined) sealed.written = this.#write(sealed)
    else sealed.written = before.written?.then(() => this.#write(sealed)) ?? null
    // Whoever waits for it next is told; until then a failure is no unhandled one.
    sealed.written?.catch(() => undefined)
    return true
  }

  /**
   * Resolves when no block is on its way any more. Rejects when one could not be written; the next call tries again.
   * Says whether there was one.
   */
  async #drain(): Promise<boolean> {
    if (this.#sealed.length === 0) return false
    await this.#settled(this.#sealed)
    for (let next = this.#sealed[0]; next !== undefined; next = this.#sealed[0]) await this.#write(next)
    return true
  }

  /** Waits for blocks that are on their way. Rejects when one failed; from then on all that wait are to be tried again. */
  async #settled(blocks: readonly SealedBlock[]): Promise<void> {
    try {
      await Promise.all(blocks.map((sealed) => sealed.written ?? Promise.resolve()))
    } catch (error) {
      await Promise.allSettled(this.#sealed.map((sealed) => sealed.written ?? Promise.resolve()))
      for (const sealed of this.#sealed) sealed.written = null
      throw error
    }
  }

  async #write(sealed: SealedBlock): Promise<void> {
    const block = sealed.place === null ? await encode(sealed) : null
    // Queries that came meanwhile go first: what follows takes some time, and the next block may be ready as well.
    await new Promise((resolve) => setImmediate(resolve))
    // When the index failed to take it, only that is tried again: appended twice, it would shift all later numbers.
    if (block !== null) sealed.place = this.#archive.append(block, sealed.content.requests)
    if (sealed.place === null) throw new Error('A block without a place can not be indexed.')
    const started = performance.now()
    this.#index.apply(sealed, sealed.place)
    this.#fitBlocks(sealed.requests.length, performance.now() - started)
    this.#sealed.shift()
  }

  /** How many requests a block may hold, by how long the index took over the last one (ms). */
  #fitBlocks(requests: number, took: number): void {
    if (requests < LEAST_BLOCK_REQUESTS) return
    const fitting = Math.round((requests * APPLY_MS) / Math.max(took, 0.1))
    const limit = Math.min(MOST_BLOCK_REQUESTS, 2 * this.#blockRequests)
    this.#blockRequests = Math.max(LEAST_BLOCK_REQUESTS, Math.min(limit, fitting))
  }

  #findSealed(hash: string): SeenAt | undefined {
    for (const { seen } of this.#sealed) {
      const found = seen.get(hash)
      if (found !== undefined) return found
    }
    return undefined
  }

  /** After a restart, a session goes on from what the archive holds of it. */
  #restoreHistories(session: string): void {
    for (const seq of this.#index.latestRequests(session, RESTORED_BRANCHES).reverse()) {
      try {
        const text = this.#conversations.messagesText(seq)
        const told = this.#conversations.messages(seq)
        if (text === null || told === null) continue
        this.#histories.restore(session, seq, text.subarray(0, -1), told.messages.length)
      } catch {
        // A damaged block: the request's whole history is archived once more.
      }
    }
    this.#histories.know(session)
  }
}

function countLine(file: LogFile, outcome: Outcome): void {
  file.ledger[outcome] += 1
  file.ledger.lines += 1
}

const AI_LOG = Buffer.from('ai_log')
const CLOSE_BRACE = 0x7d

/** Says of a line that can't be read what is wrong with it, when it is a gateway's: other programs' messages are not. */
function remarkUnreadable(file: LogFile, line: Exclude<DeliveredLine, { readonly kind: 'too-long' }>): void {
  if (line.kind === 'left-out') {
    file.marks.leftOut += 1
    return
  }
  if (!line.bytes.includes(AI_LOG)) return
  const isCut = line.kind === 'cut' || line.bytes.at(-1) !== CLOSE_BRACE
  if (isCut) file.marks.cut += 1
  else file.marks.broken += 1
  addOddLine(file, isCut ? 'cut' : 'broken', line)
}

/** Lines remembered of each kind, the first ones of a file. */
const ODD_LINES = 3

function addOddLine(
  file: LogFile,
  kind: OddLine['kind'],
  { offset, length }: { offset: number; length: number },
): void {
  if (file.oddLines.filter((line) => line.kind === kind).length >= ODD_LINES) return
  file.oddLines = [...file.oddLines, { kind, offset, length }]
}

/** Starts to deflate a block, unless that is under way. */
function encode(sealed: SealedBlock): Promise<Buffer> {
  sealed.encoded ??= encodeBlock(sealed.content).catch((error: unknown) => {
    sealed.encoded = null
    throw error
  })
  // Whoever writes the block is told.
  sealed.encoded.catch(() => undefined)
  return sealed.encoded
}

/** The session id, guessed from the last place in the line where one could stand; null when there is none of plain text. */
function sessionHint(line: Buffer): string | null {
  const at = line.lastIndexOf(SESSION_KEY)
  if (at < 0) return null
  const start = at + SESSION_KEY.length
  const end = line.indexOf(0x5c, start)
  return end < 0 || end - start > 1000 ? null : line.toString('utf8', start, end)
}

/** The messages after the kept ones. Without a session id, more may have been passed over than its session sent before. */
function freshAfter({ line, span, fresh }: ReadLine, kept: number, keptBytes: number): readonly Json[] {
  const passedOver = span?.kept?.messages ?? 0
  if (span === null || kept === passedOver) return fresh
  if (kept > passedOver) return fresh.slice(kept - passedOver)
  return readMessagesOf(line.subarray(span.start + Math.max(1, keptBytes), span.start + span.bytes))
}

function listOf(logged: LoggedMessages): readonly Json[] {
  return logged.kind === 'messages' ? logged.messages : []
}
