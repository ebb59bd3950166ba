import type { Database } from 'sql.js'
import type { ArchivePosition, BlockPlace } from '../archive/archive'
import { PRICING_VERSION, type PriceCatalog } from '../pricing/catalog'
import { costOf, toPico } from '../pricing/cost'
import type { FileCheckpoint } from '../tail/file-state'
import { BlockSums, type SessionSums, type UsageSums } from './block-sums'
import { Days } from './days'
import type { IndexedBlock, IndexedRequest } from './indexed-block'
import { KnownLines } from './known-lines'
import { MIGRATIONS, SCHEMA_VERSION } from './migrations/index'
import { int, intOrNull, Sql, str } from './sql'

/** A request already in the store, and where it was read. */
export interface KnownRequest {
  readonly seq: number
  readonly fileId: number
  readonly offset: number
  /** Its history is lost, so reading its line again mends it. */
  readonly broken: boolean
}

const TITLE_CHARS = 200

/**
 * The sql.js database derived from the archive: apply() is the only way in, for new blocks and for replayed ones alike,
 * so an index made anew equals one that grew.
 */
export class SessionIndex {
  readonly sql: Sql
  readonly timeZone: string
  readonly #prices: PriceCatalog
  readonly #days: Days
  readonly #models = new Map<string, number>()
  readonly #consumers = new Map<string, number>()
  #knownLines: KnownLines | null = null
  /** Some requests are lost, so every new one is checked for a history that builds on them. */
  #mayBeBroken: boolean
  /** Number of the first request that is not here yet. */
  #nextSeq: number
  #revision = 1

  constructor(database: Database, options: { readonly timeZone: string; readonly prices: PriceCatalog }) {
    this.sql = new Sql(database)
    this.timeZone = options.timeZone
    this.#prices = options.prices
    this.#days = new Days(options.timeZone)
    this.#migrate()
    this.#adoptTimeZone()
    this.#loadNames()
    this.#mayBeBroken = this.#meta('may_be_broken') === '1'
    this.#nextSeq =
      intOrNull(this.sql.get('SELECT first_seq + requests FROM block ORDER BY first_seq DESC LIMIT 1')?.[0]) ?? 1
  }

  /** Grows with every change. */
  get revision(): number {
    return this.#revision
  }

  /** The schema version in a database file, read without changing it. */
  static versionOf(database: Database): number {
    return int(database.exec('PRAGMA user_version')[0]?.values[0]?.[0])
  }

  /** Whether the costs in a database were made with the prices of this program. */
  pricedByThisVersion(): boolean {
    return this.#meta('pricing') === PRICING_VERSION
  }

  /** The archive position this index stands for; null for an empty index. */
  position(): ArchivePosition | null {
    const text = this.#meta('position')
    return text === null ? null : (JSON.parse(text) as ArchivePosition)
  }

  setPosition(position: ArchivePosition): void {
    this.#setMeta('position', JSON.stringify(position))
    this.#setMeta('pricing', PRICING_VERSION)
    this.#setMeta('may_be_broken', this.#mayBeBroken ? '1' : '0')
  }

  /** Adds one block of the archive, whole or not at all. */
  apply(block: IndexedBlock, place: BlockPlace): void {
    const known = this.#loadKnownLines()
    try {
      this.sql.transaction(() => {
        this.#applyBlock(block, place)
      })
    } catch (error) {
      // What this block brought was rolled back: names and lines are read again.
      this.#loadNames()
      this.#knownLines = null
      throw error
    }
    if (place.requests > 0) this.#nextSeq = place.firstSeq + place.requests
    for (const [position, request] of block.requests.entries()) {
      known.add(splitHash(request.hash)[0], place.firstSeq + position)
    }
    this.#revision += 1
  }

  /** The request of that line identity; undefined when it is new. */
  findRequest(hash: string): KnownRequest | undefined {
    const [high, low] = splitHash(hash)
    return this.#loadKnownLines().find(high, (seq) => {
      const row = this.sql.get('SELECT file_id, offset, broken FROM request WHERE seq = ? AND hash_low = ?', [seq, low])
      if (row === undefined) return undefined
      return { seq, fileId: int(row[0]), offset: int(row[1]), broken: int(row[2]) === 1 }
    })
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
    const row = this.sql.get('SELECT id FROM session WHERE key = ? AND inferred = 0', [wellFormed(sessionKey)])
    if (row === undefined) return []
    return this.sql
      .all('SELECT seq FROM request WHERE session_id = ? ORDER BY time DESC, seq DESC LIMIT ?', [int(row[0]), limit])
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

  #applyBlock(block: IndexedBlock, place: BlockPlace): void {
    for (const checkpoint of block.checkpoints) {
      this.sql.run('INSERT OR REPLACE INTO file (id, checkpoint) VALUES (?, ?)', [
        checkpoint.fileId,
        JSON.stringify(checkpoint),
      ])
    }
    if (place.requests === 0) return
    this.sql.run('INSERT OR REPLACE INTO block (first_seq, requests, segment, offset) VALUES (?, ?, ?, ?)', [
      place.firstSeq,
      place.requests,
      place.segment,
      place.offset,
    ])
    if (place.firstSeq > this.#nextSeq) this.#mayBeBroken = true
    const sums = new BlockSums()
    const fresh: FreshRequest[] = []
    const inBlock = new Set<string>()
    const brokenInBlock = new Set<number>()
    for (const [position, request] of block.requests.entries()) {
      const seq = place.firstSeq + position
      const broken = this.#isBroken(request, place.firstSeq, brokenInBlock)
      if (broken) brokenInBlock.add(seq)
      const known = this.findRequest(request.hash)
      if (known?.broken === true) {
        // Only a request whose history was lost is ever archived again; the new record takes its place.
        this.sql.run('UPDATE request SET seq = ?, broken = ? WHERE seq = ?', [seq, broken ? 1 : 0, known.seq])
      } else if (known === undefined && !inBlock.has(request.hash)) {
        fresh.push(this.#sumRequest(request, seq, broken, sums))
        inBlock.add(request.hash)
      }
    }
    for (const session of sums.sessions()) {
      session.id = this.#addSession(session)
      for (const usage of session.usage) this.#addUsage(session.id, usage)
    }
    for (const request of fresh) this.#insertRequest(request)
  }

  #sumRequest(request: IndexedRequest, seq: number, broken: boolean, sums: BlockSums): FreshRequest {
    const { fields, time } = request
    const { tokens } = fields
    const modelId = this.#nameId('model', this.#models, fields.model)
    const price = this.#prices.find(fields.model, time)
    const components = price === null ? null : costOf(tokens, price)
    const cost = components === null ? null : toPico(components)
    const inferred = fields.sessionId === null
    // A request without a session id is a session of its own, named after its line.
    const key = fields.sessionId === null ? `inferred:${request.hash}` : wellFormed(fields.sessionId)
    const session = sums.add(key, inferred, {
      seq,
      time,
      day: this.#days.of(time),
      modelId,
      title: titleOf(fields.question),
      tokens,
      cost,
    })
    return {
      request,
      seq,
      session,
      modelId,
      consumerId: this.#nameId('consumer', this.#consumers, fields.consumer),
      cost,
      broken,
    }
  }

  #insertRequest({ request, seq, session, modelId, consumerId, cost, broken }: FreshRequest): void {
    const { tokens } = request.fields
    const [high, low] = splitHash(request.hash)
    this.sql.run(INSERT_REQUEST, [
      seq,
      session.id,
      request.time,
      modelId,
      consumerId,
      tokens.input,
      tokens.output,
      tokens.cached,
      tokens.reasoning,
      cost,
      request.file,
      request.offset,
      high,
      low,
      broken ? 1 : 0,
    ])
  }

  /** Whether the request re-sends the messages of one that is lost, or that does so itself. */
  #isBroken(request: IndexedRequest, firstSeqOfBlock: number, brokenInBlock: ReadonlySet<number>): boolean {
    if (!this.#mayBeBroken || request.base === null) return false
    if (request.base >= firstSeqOfBlock) return brokenInBlock.has(request.base)
    return intOrNull(this.sql.get('SELECT broken FROM request WHERE seq = ?', [request.base])?.[0]) !== 0
  }

  /** Adds a block's sums to their session; makes it where it is new. Returns session.id. */
  #addSession(session: SessionSums): number {
    const inferred = session.inferred ? 1 : 0
    const row = this.sql.get('SELECT id FROM session WHERE key = ? AND inferred = ?', [session.key, inferred])
    const values = [
      session.title,
      session.titleTime,
      session.modelId,
      session.firstTime,
      session.lastTime,
      session.lastSeq,
      session.rounds,
      session.input,
      session.output,
      session.cached,
      session.reasoning,
      session.cost,
      session.unpriced,
      session.withoutUsage,
    ]
    if (row !== undefined) {
      const id = int(row[0])
      this.sql.run(UPDATE_SESSION, [...values, id])
      return id
    }
    this.sql.run(INSERT_SESSION, [...values, session.key, inferred])
    return int(this.sql.get('SELECT last_insert_rowid()')?.[0])
  }

  #addUsage(sessionId: number, usage: UsageSums): void {
    this.sql.run(UPSERT_USAGE, [
      usage.day,
      sessionId,
      usage.modelId,
      usage.rounds,
      usage.input,
      usage.output,
      usage.cached,
      usage.reasoning,
      usage.cost,
      usage.unpriced,
      usage.withoutUsage,
    ])
  }

  #loadKnownLines(): KnownLines {
    if (this.#knownLines === null) {
      const known = new KnownLines()
      this.sql.each('SELECT hash_high, seq FROM request', (row) => {
        known.add(int(row[0]), int(row[1]))
      })
      this.#knownLines = known
    }
    return this.#knownLines
  }

  #loadNames(): void {
    this.#models.clear()
    this.#consumers.clear()
    for (const [id, name] of this.sql.all('SELECT id, name FROM model')) this.#models.set(str(name), int(id))
    for (const [id, name] of this.sql.all('SELECT id, name FROM consumer')) this.#consumers.set(str(name), int(id))
  }

  #nameId(table: 'model' | 'consumer', ids: Map<string, number>, name: string | null): number {
    const text = wellFormed(name ?? '')
    let id = ids.get(text)
    if (id === undefined) {
      this.sql.run(`INSERT OR IGNORE INTO ${table} (name) VALUES (?)`, [text])
      id = int(this.sql.get(`SELECT id FROM ${table} WHERE name = ?`, [text])?.[0])
      ids.set(text, id)
    }
    return id
  }

  #migrate(): void {
    const version = int(this.sql.get('PRAGMA user_version')?.[0])
    for (let step = version; step < SCHEMA_VERSION; step += 1) {
      this.sql.transaction(() => {
        this.sql.script(MIGRATIONS[step] ?? '')
        this.sql.script(`PRAGMA user_version = ${String(step + 1)}`)
      })
    }
  }

  /** Days are counted in the user's time zone: when that changed, the sums by day are made anew. */
  #adoptTimeZone(): void {
    if (this.#meta('time_zone') === this.timeZone) return
    this.sql.transaction(() => {
      this.sql.run('DELETE FROM usage')
      for (const row of this.sql.all(
        'SELECT time, session_id, model_id, input, output, cached, reasoning, cost FROM request',
      )) {
        const [time, sessionId, modelId, input, output, cached, reasoning, cost] = row
        this.sql.run(UPSERT_USAGE, [
          this.#days.of(int(time)),
          int(sessionId),
          int(modelId),
          1,
          intOrNull(input) ?? 0,
          intOrNull(output) ?? 0,
          intOrNull(cached) ?? 0,
          intOrNull(reasoning) ?? 0,
          intOrNull(cost) ?? 0,
          cost === null ? 1 : 0,
          input === null && output === null ? 1 : 0,
        ])
      }
      this.#setMeta('time_zone', this.timeZone)
    })
  }

  #meta(key: string): string | null {
    const row = this.sql.get('SELECT value FROM meta WHERE key = ?', [key])
    return row === undefined ? null : str(row[0])
  }

  #setMeta(key: string, value: string): void {
    this.sql.run('INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)', [key, value])
  }
}

/** A request whose session is known only after the block's sessions were added. */
interface FreshRequest {
  readonly request: IndexedRequest
  readonly seq: number
  readonly session: SessionSums
  readonly modelId: number
  readonly consumerId: number
  readonly cost: number | null
  readonly broken: boolean
}

const INSERT_SESSION =
  'INSERT INTO session (title, title_time, model_id, first_time, last_time, last_seq, ' +
  'rounds, input, output, cached, reasoning, cost, unpriced, without_usage, key, inferred) ' +
  'VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)'

const UPDATE_SESSION =
  'UPDATE session SET title = iif(?2 < coalesce(title_time, 9e18), ?1, title), ' +
  'title_time = iif(?2 < coalesce(title_time, 9e18), ?2, title_time), ' +
  'model_id = iif((?5, ?6) > (last_time, last_seq), ?3, model_id), ' +
  'last_seq = iif((?5, ?6) > (last_time, last_seq), ?6, last_seq), ' +
  'last_time = max(last_time, ?5), first_time = min(first_time, ?4), ' +
  'rounds = rounds + ?7, input = input + ?8, output = output + ?9, cached = cached + ?10, ' +
  'reasoning = reasoning + ?11, cost = cost + ?12, unpriced = unpriced + ?13, without_usage = without_usage + ?14 ' +
  'WHERE id = ?15'

const UPSERT_USAGE =
  'INSERT INTO usage (day, session_id, model_id, rounds, input, output, cached, reasoning, cost, unpriced, without_usage) ' +
  'VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET rounds = rounds + excluded.rounds, ' +
  'input = input + excluded.input, output = output + excluded.output, cached = cached + excluded.cached, ' +
  'reasoning = reasoning + excluded.reasoning, cost = cost + excluded.cost, unpriced = unpriced + excluded.unpriced, ' +
  'without_usage = without_usage + excluded.without_usage'

const INSERT_REQUEST =
  'INSERT INTO request (seq, session_id, time, model_id, consumer_id, input, output, cached, reasoning, cost, file_id, ' +
  'offset, hash_high, hash_low, broken) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)'

/** SQLite's text is UTF-8: halves of surrogate pairs, which JSON can hold, would come back as something else. */
function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\ufffd')
}

/** The first line's worth of a question; null when there is nothing to read in it. */
function titleOf(question: string | null): string | null {
  if (question === null) return null
  const line = wellFormed(question.slice(0, 4 * TITLE_CHARS))
    .replace(/\s+/g, ' ')
    .trim()
  if (line === '') return null
  if (line.length <= TITLE_CHARS) return line
  // Not between the halves of a surrogate pair.
  return `${line.slice(0, TITLE_CHARS - 1).replace(/[\uD800-\uDBFF]$/, '')}…`
}

function splitHash(hash: string): readonly [number, number] {
  return [parseInt(hash.slice(0, 12), 16), parseInt(hash.slice(12, 24), 16)]
}
