import type { Database } from 'sql.js'
import type { ArchivePosition, BlockPlace } from '../../archive/archive'
import { LINE_HASH_BYTES } from '../../archive/records'
import type { PriceCatalog } from '../../pricing/catalog'
import { isEstimate, picoCost } from '../../pricing/cost'
import { inferredKey } from '../../archive/inferred-session'
import type { FileCheckpoint } from '../../tail/file-state'
import { BlockSums, type SessionSums, type SummedRound, type UsageSums } from '../sums/block-sums'
import { Hours } from '../sums/hours'
import { Insights } from './insight-tables'
import type { IndexedBlock, IndexedRequest } from './indexed-block'
import { KnownLines } from './known-lines'
import { MIGRATIONS, SCHEMA_VERSION } from '../database/migrations/index'
import { Names, Routes, wellFormed } from '../database/names'
import type { CostChange, RoundCostChange } from '../sums/cost-change'
import { int, intOrNull, Sql, str, type SqlValue } from '../database/sql'
import { SessionTexts } from './session-texts'
import { mediaValue } from '../sums/billed-columns'
import { statusNumber } from '../sums/status'
import { USAGE_ROW, UsageColumns, USAGE_SUMS } from '../sums/usage-columns'

/** A request already in the store, and where it was read. */
export interface KnownRequest {
  readonly seq: number
  readonly fileId: number
  readonly offset: number
  /** Its history is lost, so reading its line again mends it. */
  readonly broken: boolean
}

const TITLE_CHARS = 200
const REMEMBERED_SESSIONS = 20_000
const LINES_PER_SLICE = 10_000

export interface IndexOptions {
  readonly timeZone: string
  readonly prices: PriceCatalog
}

/** The sums of another time zone, ready to take the place of those in use (rebuild/rezoning.ts). */
export interface RezonedSums {
  /** IANA name. */
  readonly timeZone: string
  readonly hours: Hours
  /** Puts them in place, within a transaction of the caller's. */
  readonly finish: () => void
}

/**
 * The sql.js database derived from the archive: apply() is the only way in, for new blocks and for replayed ones alike,
 * so an index made anew equals one that grew.
 */
export class SessionIndex {
  readonly sql: Sql
  #timeZone: string
  readonly #prices: PriceCatalog
  #hours: Hours
  readonly models: Names
  readonly consumers: Names
  readonly sources: Names
  readonly #routes: Routes
  readonly #insights: Insights
  /** What a filter of sessions looks through. */
  readonly texts: SessionTexts
  /** The source of each file. */
  readonly #fileSources = new Map<number, number>()
  #lastPlace: BlockPlace | null = null
  #usage: UsageColumns | null = null
  /** Rows of usage when they were loaded. */
  #usageLoaded = 0
  #nextSessionId: number
  /** session.id by logged session id, of those seen lately. */
  readonly #sessionIds = new Map<string, number>()
  #knownLines: KnownLines | null = null
  /** Null until it was asked for. */
  #hasDeletedLines: boolean | null = null
  /** Some requests are lost, so every new one is checked for a history that builds on them. */
  #mayBeBroken: boolean
  /** Number of the first request that is not here yet. */
  #nextSeq: number
  /** Of an index opened later it is another, though nothing was read between: days may be those of another time zone. */
  #revision = Date.now()

  constructor(database: Database, options: IndexOptions) {
    this.sql = new Sql(database)
    this.#prices = options.prices
    this.models = new Names(this.sql, 'model')
    this.consumers = new Names(this.sql, 'consumer')
    this.sources = new Names(this.sql, 'source')
    this.#routes = new Routes(this.sql)
    this.#insights = new Insights(this.sql)
    this.texts = new SessionTexts(this.sql)
    this.#migrate()
    this.#timeZone = this.#meta('time_zone') ?? options.timeZone
    this.#setMeta('time_zone', this.#timeZone)
    this.#hours = new Hours(this.#timeZone)
    this.#loadNames()
    this.#nextSessionId = int(this.sql.get('SELECT coalesce(max(id), 0) + 1 FROM session')?.[0])
    this.#mayBeBroken = this.#meta('may_be_broken') === '1'
    this.#nextSeq =
      intOrNull(this.sql.get('SELECT first_seq + requests FROM block ORDER BY first_seq DESC LIMIT 1')?.[0]) ?? 1
  }

  /** The sums of `usage` in memory. */
  get usage(): UsageColumns {
    // What blocks append to it is put together again when it is as much as the rest.
    if (this.#usage !== null && this.#usage.length > 2 * this.#usageLoaded + 100_000) this.#usage = null
    if (this.#usage === null) {
      this.#usage = UsageColumns.load(this.sql)
      this.#usageLoaded = this.#usage.length
    }
    return this.#usage
  }

  /** IANA name of the zone whose hours and days the sums are by. */
  get timeZone(): string {
    return this.#timeZone
  }

  /** The hour of an instant (ms since the epoch) in the user's time zone: YYYYMMDDHH. */
  hourOf(time: number): number {
    return this.#hours.of(time)
  }

  /** Grows with every change. */
  get revision(): number {
    return this.#revision
  }

  /** This index takes the place of one of that revision. */
  follow(revision: number): void {
    this.#revision = Math.max(this.#revision, revision + 1)
  }

  /** The schema version in a database file, read without changing it. */
  static versionOf(database: Database): number {
    return int(database.exec('PRAGMA user_version')[0]?.values[0]?.[0])
  }

  /** PriceCatalog.fingerprint of the prices all costs were made with; null when they were made with several. */
  get pricing(): string | null {
    return this.#meta('pricing')
  }

  set pricing(fingerprint: string | null) {
    if (fingerprint === null) this.sql.run("DELETE FROM meta WHERE key = 'pricing'")
    else this.#setMeta('pricing', fingerprint)
    this.#revision += 1
  }

  /** Requests from `from` to before `to` were priced anew: by how much rows of usage and the cost of rounds changed. */
  costsChanged(
    usage: Iterable<readonly CostChange[]>,
    rounds: ReadonlyMap<number, RoundCostChange>,
    from: number,
    to: number,
  ): void {
    this.#insights.reprice(rounds, from, to)
    for (const rows of usage) for (const change of rows) this.#usage?.addCost(change)
    this.#revision += 1
  }

  /** The archive position this index stands for; null for an empty index. */
  position(): ArchivePosition | null {
    const text = this.#meta('position')
    return text === null ? null : (JSON.parse(text) as ArchivePosition)
  }

  /** The archive that position is of (readArchiveId). */
  get archiveId(): string {
    return this.#meta('archive') ?? ''
  }

  setPosition(position: ArchivePosition, archiveId: string): void {
    this.#setMeta('position', JSON.stringify(position))
    this.#setMeta('archive', archiveId)
    this.#setMeta('may_be_broken', this.#mayBeBroken ? '1' : '0')
  }

  /** Where the block lies that was added last; null when none was since the index was opened. */
  get lastPlace(): BlockPlace | null {
    return this.#lastPlace
  }

  /** Adds one block of the archive, whole or not at all. */
  apply(block: IndexedBlock, place: BlockPlace): void {
    const known = this.#loadKnownLines()
    const hashes = block.requests.map((request) => splitHash(request.hash))
    try {
      this.sql.transaction(() => {
        this.#applyBlock(block, hashes, place)
      })
    } catch (error) {
      // What this block brought was rolled back: names and lines are read again.
      this.#loadNames()
      this.#sessionIds.clear()
      this.texts.clear()
      this.#insights.rolledBack()
      this.#knownLines = null
      this.#usage = null
      throw error
    }
    this.#lastPlace = place
    if (place.requests > 0) this.#nextSeq = place.firstSeq + place.requests
    for (const [position, [high]] of hashes.entries()) known.add(high, block.requests[position]?.seq ?? 0)
    this.#revision += 1
  }

  /**
   * Loads which lines are known, in slices: of a million requests it takes longer than a query may wait. `pause` lets
   * others work. Without it the first line read would load them at once.
   */
  async prepareLines(pause: () => Promise<void>): Promise<void> {
    if (this.#knownLines !== null) return
    const known = new KnownLines(this.requestCount())
    const revision = this.#revision
    for (let after = 0; ;) {
      const rows = this.sql.all('SELECT hash_high, seq FROM request WHERE seq > ? ORDER BY seq LIMIT ?', [
        after,
        LINES_PER_SLICE,
      ])
      for (const row of rows) known.add(int(row[0]), int(row[1]))
      const last = rows.at(-1)
      if (last === undefined) break
      after = int(last[1])
      await pause()
    }
    // What was added meanwhile would be missing.
    if (revision === this.#revision) this.#knownLines ??= known
  }

  /** The request of that line identity; undefined when it is new. */
  findRequest(hash: string): KnownRequest | undefined {
    return this.#findLine(splitHash(hash))
  }

  #findLine([high, low]: LineKey): KnownRequest | undefined {
    return this.#loadKnownLines().find(high, (seq) => {
      const row = this.sql.get('SELECT file_id, offset, broken FROM request WHERE seq = ? AND hash_low = ?', [seq, low])
      if (row === undefined) return undefined
      return { seq, fileId: int(row[0]), offset: int(row[1]), broken: int(row[2]) === 1 }
    })
  }

  /** Whether the line of that identity was deleted for good. */
  isDeletedLine(hash: string): boolean {
    this.#hasDeletedLines ??= this.sql.get('SELECT 1 FROM deleted_line LIMIT 1') !== undefined
    return (
      this.#hasDeletedLines &&
      this.sql.get('SELECT 1 FROM deleted_line WHERE hash_high = ? AND hash_low = ?', [...splitHash(hash)]) !==
        undefined
    )
  }

  /** The identities of all such lines after `after`, in their order, as many as fit in a record. */
  deletedLines(after: Buffer | null, limit: number): Buffer {
    const [high, low] = after === null ? [-1, -1] : splitHash(after.subarray(-LINE_HASH_BYTES).toString('hex'))
    const rows = this.sql.all(
      'SELECT hash_high, hash_low FROM deleted_line WHERE (hash_high, hash_low) > (?, ?) ORDER BY 1, 2 LIMIT ?',
      [high, low, limit],
    )
    const hashes = Buffer.alloc(rows.length * LINE_HASH_BYTES)
    for (const [position, row] of rows.entries()) {
      hashes.writeUIntBE(int(row[0]), position * LINE_HASH_BYTES, LINE_HASH_BYTES / 2)
      hashes.writeUIntBE(int(row[1]), (position + 0.5) * LINE_HASH_BYTES, LINE_HASH_BYTES / 2)
    }
    return hashes
  }

  /** Where request `seq` lies in the archive. */
  placeOf(seq: number): BlockPlace | undefined {
    const row = this.sql.get(
      'SELECT first_seq, requests, segment, offset FROM block WHERE first_seq <= ? ORDER BY first_seq DESC LIMIT 1',
      [seq],
    )
    if (row === undefined) return undefined
    const place = { firstSeq: int(row[0]), requests: int(row[1]), segment: int(row[2]), offset: int(row[3]) }
    return seq < place.firstSeq + place.requests ? place : undefined
  }

  /** The latest requests of a session with a logged id, newest first. */
  latestRequests(sessionKey: string, limit: number): number[] {
    const id = this.#sessionId(wellFormed(sessionKey), 0)
    if (id === undefined) return []
    return this.sql
      .all('SELECT seq FROM request WHERE session_id = ? ORDER BY time DESC, seq DESC LIMIT ?', [id, limit])
      .map((found) => int(found[0]))
  }

  /** All files ever read, oldest first. */
  files(): FileCheckpoint[] {
    return this.sql
      .all('SELECT checkpoint FROM file ORDER BY id')
      .map((row) => JSON.parse(str(row[0])) as FileCheckpoint)
  }

  requestCount(): number {
    return int(this.sql.get('SELECT count(*) FROM request')?.[0])
  }

  #applyBlock(block: IndexedBlock, hashes: readonly LineKey[], place: BlockPlace): void {
    for (const checkpoint of block.checkpoints) {
      this.#fileSources.set(checkpoint.fileId, this.sources.idOf(checkpoint.source))
      this.sql.run('INSERT OR REPLACE INTO file (id, checkpoint) VALUES (?, ?)', [
        checkpoint.fileId,
        JSON.stringify(checkpoint),
      ])
    }
    for (const hashes of block.deletedLines ?? []) this.#addDeletedLines(hashes)
    if (place.requests === 0) return
    this.sql.run('INSERT OR REPLACE INTO block (first_seq, requests, segment, offset) VALUES (?, ?, ?, ?)', [
      place.firstSeq,
      place.requests,
      place.segment,
      place.offset,
    ])
    const dropped = block.requests.length < place.requests
    if (place.firstSeq > this.#nextSeq || dropped) this.#mayBeBroken = true
    const sums = new BlockSums()
    const fresh: FreshRequest[] = []
    const inBlock = new Set<string>()
    const brokenInBlock = dropped ? absentFrom(block, place) : new Set<number>()
    for (const [position, request] of block.requests.entries()) {
      const { seq } = request
      const broken = this.#isBroken(request, place.firstSeq, brokenInBlock)
      if (broken) brokenInBlock.add(seq)
      const hash = hashes[position] ?? splitHash(request.hash)
      const known = this.#findLine(hash)
      if (known?.broken === true) {
        // Only a request whose history was lost is ever archived again; the new record takes its place.
        this.sql.run('UPDATE request SET seq = ?, broken = ? WHERE seq = ?', [seq, broken ? 1 : 0, known.seq])
        this.#insights.renumber(known.seq, seq)
      } else if (known === undefined && !inBlock.has(request.hash)) {
        fresh.push(this.#sumRequest(request, hash, seq, broken, sums))
        inBlock.add(request.hash)
      }
    }
    for (const session of sums.sessions()) {
      this.#addSession(session)
      this.texts.changed(session.id)
      for (const usage of session.usage) this.#addUsage(session.id, usage)
      this.#usage?.add(session)
    }
    for (const request of fresh) this.#insertRequest(request)
    this.#insights.flush()
  }

  #addDeletedLines(hashes: Buffer): void {
    for (let at = 0; at < hashes.length; at += LINE_HASH_BYTES) {
      this.sql.run('INSERT OR IGNORE INTO deleted_line (hash_high, hash_low) VALUES (?, ?)', [
        hashes.readUIntBE(at, LINE_HASH_BYTES / 2),
        hashes.readUIntBE(at + LINE_HASH_BYTES / 2, LINE_HASH_BYTES / 2),
      ])
    }
    this.#hasDeletedLines = null
  }

  #sumRequest(request: IndexedRequest, hash: LineKey, seq: number, broken: boolean, sums: BlockSums): FreshRequest {
    const { fields, time } = request
    const { tokens, billed, question } = fields
    const price = this.#prices.find(fields.model, time)
    const cost = picoCost(billed, price, this.#prices.rules)
    const round: SummedRound = {
      seq,
      time,
      hour: this.#hours.of(time),
      modelId: this.models.idOf(fields.model),
      consumerId: this.consumers.idOf(fields.consumer),
      sourceId: this.#fileSources.get(request.file) ?? this.sources.idOf(null),
      status: statusNumber(fields.status),
      question: question !== null && /\S/.test(question.slice(0, 4 * TITLE_CHARS)) ? question : null,
      tokens,
      billed,
      cost,
      estimated: cost !== null && price !== null && isEstimate(billed, price),
    }
    const inferred = fields.sessionId === null
    const key =
      fields.sessionId === null ? inferredKey(request.inferred?.root ?? request.hash) : wellFormed(fields.sessionId)
    return { request, hash, round, session: sums.add(key, inferred, round), broken }
  }

  #insertRequest({ request, hash, round, session, broken }: FreshRequest): void {
    const { fields } = request
    const { tokens, billed } = fields
    const routeId = this.#routes.idOf(fields.route, fields.authority)
    this.sql.run(INSERT_REQUEST, [
      round.seq,
      session.id,
      round.time,
      round.modelId,
      round.consumerId,
      routeId,
      round.sourceId,
      round.status,
      tokens.input,
      tokens.output,
      tokens.cached,
      tokens.cacheWrite,
      tokens.cacheWriteHour,
      tokens.reasoning,
      round.cost,
      fields.firstTokenMs,
      fields.serviceMs,
      fields.durationMs,
      request.base,
      request.kept,
      request.messages,
      request.keptBytes,
      request.messagesBytes,
      request.file,
      request.offset,
      hash[0],
      hash[1],
      broken ? 1 : 0,
      billed.prompt,
      billed.completion,
      billed.marks,
      mediaValue(billed),
      round.estimated ? 1 : 0,
    ])
    this.#insights.add(request, round, session.id, routeId)
  }

  /** Whether the request re-sends the messages of one that is lost, or that does so itself. */
  #isBroken(request: IndexedRequest, firstSeqOfBlock: number, brokenInBlock: ReadonlySet<number>): boolean {
    if (!this.#mayBeBroken || request.base === null) return false
    if (request.base >= firstSeqOfBlock) return brokenInBlock.has(request.base)
    return intOrNull(this.sql.get('SELECT broken FROM request WHERE seq = ?', [request.base])?.[0]) !== 0
  }

  /** Adds a block's sums to their session, and makes it where it is new. Sets session.id. */
  #addSession(session: SessionSums): void {
    const inferred = session.inferred ? 1 : 0
    const values = [
      titleOf(session.question),
      session.questionTime,
      session.modelId,
      session.firstTime,
      session.lastTime,
      session.lastSeq,
      ...session.toRow(),
      session.failed,
    ]
    const known = session.inferred ? undefined : this.#sessionIds.get(session.key)
    if (known === undefined && this.#insertSession(session, values)) return
    session.id = known ?? this.#sessionId(session.key, inferred) ?? 0
    this.sql.run(UPDATE_SESSION, [...values, session.id])
  }

  /** `values`: of SESSION_COLUMNS. False when there is a session of that key. */
  #insertSession(session: SessionSums, values: readonly SqlValue[]): boolean {
    this.sql.run(INSERT_SESSION, [...values, this.#nextSessionId, session.key, session.inferred ? 1 : 0])
    if (this.sql.changes() === 0) return false
    session.id = this.#nextSessionId
    this.#nextSessionId += 1
    if (!session.inferred) this.#rememberSession(session.key, session.id)
    return true
  }

  #sessionId(key: string, inferred: 0 | 1): number | undefined {
    const known = inferred === 0 ? this.#sessionIds.get(key) : undefined
    if (known !== undefined) return known
    const row = this.sql.get('SELECT id FROM session WHERE key = ? AND inferred = ?', [key, inferred])
    if (row === undefined) return undefined
    const id = int(row[0])
    if (inferred === 0) this.#rememberSession(key, id)
    return id
  }

  #rememberSession(key: string, id: number): void {
    if (this.#sessionIds.size >= REMEMBERED_SESSIONS) this.#sessionIds.clear()
    this.#sessionIds.set(key, id)
  }

  #addUsage(sessionId: number, usage: UsageSums): void {
    this.sql.run(UPSERT_USAGE, [
      usage.hour,
      sessionId,
      usage.modelId,
      usage.consumerId,
      usage.sourceId,
      usage.status,
      ...usage.toRow(),
    ])
  }

  #loadKnownLines(): KnownLines {
    if (this.#knownLines === null) {
      const known = new KnownLines(this.requestCount())
      this.sql.each('SELECT hash_high, seq FROM request', (row) => {
        known.add(int(row[0]), int(row[1]))
      })
      this.#knownLines = known
    }
    return this.#knownLines
  }

  #loadNames(): void {
    this.models.load()
    this.consumers.load()
    this.sources.load()
    this.#routes.load()
    this.#fileSources.clear()
    for (const { fileId, source } of this.files()) this.#fileSources.set(fileId, this.sources.idOf(source))
  }

  #migrate(): void {
    const version = int(this.sql.get('PRAGMA user_version')?.[0])
    for (let step = version; step < SCHEMA_VERSION; step += 1) {
      this.sql.transaction(() => {
        this.sql.script(MIGRATIONS[step]?.sql ?? '')
        this.sql.script(`PRAGMA user_version = ${String(step + 1)}`)
      })
    }
  }

  /** Goes over to the sums that were made for another time zone. */
  adopt(rezoned: RezonedSums): void {
    this.sql.transaction(() => {
      rezoned.finish()
      this.#setMeta('time_zone', rezoned.timeZone)
    })
    this.#timeZone = rezoned.timeZone
    this.#hours = rezoned.hours
    this.#usage = null
    this.#revision += 1
  }

  #meta(key: string): string | null {
    const row = this.sql.get('SELECT value FROM meta WHERE key = ?', [key])
    return row === undefined ? null : str(row[0])
  }

  #setMeta(key: string, value: string): void {
    this.sql.run('INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)', [key, value])
  }
}

/** Numbers of a block's requests that were deleted. */
function absentFrom({ requests }: IndexedBlock, place: BlockPlace): Set<number> {
  const absent = new Set<number>()
  let next = requests.length === 0 ? Infinity : place.firstSeq
  for (const { seq } of [...requests, { seq: place.firstSeq + place.requests }]) {
    for (; next < seq; next += 1) absent.add(next)
    next = seq + 1
  }
  return absent
}

/** A request whose session is known only after the block's sessions were added. */
interface FreshRequest {
  readonly request: IndexedRequest
  readonly hash: LineKey
  readonly round: SummedRound
  readonly session: SessionSums
  readonly broken: boolean
}

const SESSION_COLUMNS = [
  'title',
  'title_time',
  'model_id',
  'first_time',
  'last_time',
  'last_seq',
  ...USAGE_SUMS,
  'failed',
]

const INSERT_SESSION =
  `INSERT OR IGNORE INTO session (${SESSION_COLUMNS.join(', ')}, id, key, inferred) ` +
  `VALUES (${SESSION_COLUMNS.map(() => '?').join(', ')}, ?, ?, ?)`

const UPDATE_SESSION =
  'UPDATE session SET title = iif(?2 < coalesce(title_time, 9e18), ?1, title), ' +
  'title_time = iif(?2 < coalesce(title_time, 9e18), ?2, title_time), ' +
  'model_id = iif((?5, ?6) > (last_time, last_seq), ?3, model_id), ' +
  'last_seq = iif((?5, ?6) > (last_time, last_seq), ?6, last_seq), ' +
  'last_time = max(last_time, ?5), first_time = min(first_time, ?4), ' +
  'rounds = rounds + ?7, input = input + ?8, output = output + ?9, cached = cached + ?10, ' +
  'cache_write = cache_write + ?11, reasoning = reasoning + ?12, cost = cost + ?13, unpriced = unpriced + ?14, ' +
  'without_usage = without_usage + ?15, prompt = prompt + ?16, completion = completion + ?17, ' +
  'estimated = estimated + ?18, lower_bound = lower_bound + ?19, failed = failed + ?20 WHERE id = ?21'

const UPSERT_USAGE =
  `INSERT INTO usage ${USAGE_ROW} ` +
  `ON CONFLICT DO UPDATE SET ${USAGE_SUMS.map((column) => `${column} = ${column} + excluded.${column}`).join(', ')}`

const INSERT_REQUEST =
  'INSERT INTO request (seq, session_id, time, model_id, consumer_id, route_id, source_id, status, input, output, cached, ' +
  'cache_write, cache_write_hour, reasoning, cost, first_token_ms, service_ms, duration_ms, base, kept, messages, ' +
  'kept_bytes, messages_bytes, file_id, offset, hash_high, hash_low, broken, prompt, completion, usage_marks, ' +
  'media, cost_estimated) ' +
  'VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)'

/** The first line's worth of a question; null when there is nothing to read in it. */
function titleOf(question: string | null): string | null {
  if (question === null) return null
  const start = wellFormed(question.slice(0, 4 * TITLE_CHARS))
  const line = (/[^\S ]|\s\s/.test(start) ? start.replace(/\s+/g, ' ') : start).trim()
  if (line === '') return null
  if (line.length <= TITLE_CHARS) return line
  // Not between the halves of a surrogate pair.
  return `${line.slice(0, TITLE_CHARS - 1).replace(/[\uD800-\uDBFF]$/, '')}…`
}

/** A line's identity as two halves of 48 bits. */
type LineKey = readonly [high: number, low: number]

function splitHash(hash: string): LineKey {
  return [parseInt(hash.slice(0, 12), 16), parseInt(hash.slice(12, 24), 16)]
}
