import type { Database } from 'sql.js'
import type { ArchivePosition, BlockPlace } from '../archive/archive'
import type { ArchiveRecord, RequestRecord } from '../archive/records'
import { readRequest } from '../parse/request'
import type { PriceCatalog } from '../pricing/catalog'
import { costOf, toPico } from '../pricing/cost'
import { PRICING_VERSION } from '../pricing/catalog'
import type { FileCheckpoint } from '../tail/file-state'
import { Days } from './days'
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
  #revision = 1

  constructor(database: Database, options: { readonly timeZone: string; readonly prices: PriceCatalog }) {
    this.sql = new Sql(database)
    this.timeZone = options.timeZone
    this.#prices = options.prices
    this.#days = new Days(options.timeZone)
    this.#migrate()
    this.#adoptTimeZone()
    this.#loadNames()
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
  }

  /** Adds one block of the archive, whole or not at all. */
  apply(records: readonly ArchiveRecord[], place: BlockPlace): void {
    try {
      this.sql.transaction(() => {
        this.#applyBlock(records, place)
      })
    } catch (error) {
      // The names this block brought were rolled back with it.
      this.#loadNames()
      throw error
    }
    this.#revision += 1
  }

  #applyBlock(records: readonly ArchiveRecord[], place: BlockPlace): void {
    let seq = place.firstSeq
    for (const record of records) {
      if (record.kind === 'request') {
        this.#applyRequest(record, seq)
        seq += 1
      } else {
        this.#applyFile(record.checkpoint)
      }
    }
    if (place.requests === 0) return
    this.sql.run('INSERT OR REPLACE INTO block (first_seq, requests, segment, offset) VALUES (?, ?, ?, ?)', [
      place.firstSeq,
      place.requests,
      place.segment,
      place.offset,
    ])
  }

  #loadNames(): void {
    this.#models.clear()
    this.#consumers.clear()
    for (const [id, name] of this.sql.all('SELECT id, name FROM model')) this.#models.set(str(name), int(id))
    for (const [id, name] of this.sql.all('SELECT id, name FROM consumer')) this.#consumers.set(str(name), int(id))
  }

  findRequest(hash: string): KnownRequest | undefined {
    const [high, low] = splitHash(hash)
    const row = this.sql.get('SELECT seq, file_id, offset, broken FROM request WHERE hash_high = ? AND hash_low = ?', [
      high,
      low,
    ])
    if (row === undefined) return undefined
    return { seq: int(row[0]), fileId: int(row[1]), offset: int(row[2]), broken: int(row[3]) === 1 }
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

  /** The latest requests of a session, newest first. */
  latestRequests(sessionKey: string, limit: number): number[] {
    return this.sql
      .all(
        'SELECT seq FROM request WHERE session_id = (SELECT id FROM session WHERE key = ? AND inferred = 0) ' +
          'ORDER BY time DESC, seq DESC LIMIT ?',
        [wellFormed(sessionKey), limit],
      )
      .map((row) => int(row[0]))
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

  #applyFile(checkpoint: FileCheckpoint): void {
    this.sql.run('INSERT OR REPLACE INTO file (id, checkpoint) VALUES (?, ?)', [
      checkpoint.fileId,
      JSON.stringify(checkpoint),
    ])
  }

  #applyRequest(record: RequestRecord, seq: number): void {
    const known = this.findRequest(record.hash)
    const broken = record.base !== undefined && !this.#isWhole(record.base)
    if (known !== undefined) {
      // Only a request whose history was lost is ever archived again; the new record takes its place.
      if (known.broken) {
        this.sql.run('UPDATE request SET seq = ?, broken = ? WHERE seq = ?', [seq, broken ? 1 : 0, known.seq])
      }
      return
    }
    const request = readRequest(record.outer, record.ai)
    const { tokens } = request
    const modelId = this.#nameId('model', this.#models, request.model)
    const consumerId = this.#nameId('consumer', this.#consumers, request.consumer)
    const price = this.#prices.find(request.model, record.time)
    const components = price === null ? null : costOf(tokens, price)
    const cost = components === null ? null : toPico(components)
    const sessionId = this.#upsertSession(sessionKey(record, request.sessionId), {
      seq,
      time: record.time,
      modelId,
      title: titleOf(request.question),
    })
    const sums = [
      tokens.input ?? 0,
      tokens.output ?? 0,
      tokens.cached ?? 0,
      tokens.reasoning ?? 0,
      cost ?? 0,
      cost === null ? 1 : 0,
      tokens.input === null && tokens.output === null ? 1 : 0,
    ]
    this.sql.run(ADD_TO_SESSION, [...sums, sessionId])
    this.sql.run(ADD_TO_USAGE, [this.#days.of(record.time), sessionId, modelId, ...sums])
    const [high, low] = splitHash(record.hash)
    this.sql.run(INSERT_REQUEST, [
      seq,
      sessionId,
      record.time,
      modelId,
      consumerId,
      tokens.input,
      tokens.output,
      tokens.cached,
      tokens.reasoning,
      cost,
      record.file,
      record.offset,
      high,
      low,
      broken ? 1 : 0,
    ])
  }

  #isWhole(seq: number): boolean {
    return intOrNull(this.sql.get('SELECT broken FROM request WHERE seq = ?', [seq])?.[0]) === 0
  }

  #upsertSession(
    session: { readonly key: string; readonly inferred: boolean },
    round: { readonly seq: number; readonly time: number; readonly modelId: number; readonly title: string | null },
  ): number {
    const inferred = session.inferred ? 1 : 0
    const row = this.sql.get(
      'SELECT id, first_time, last_time, last_seq, title_time FROM session WHERE key = ? AND inferred = ?',
      [session.key, inferred],
    )
    const titleTime = round.title === null ? null : round.time
    if (row === undefined) {
      this.sql.run(
        'INSERT INTO session (key, inferred, title, title_time, model_id, first_time, last_time, last_seq) ' +
          'VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
        [session.key, inferred, round.title, titleTime, round.modelId, round.time, round.time, round.seq],
      )
      return int(this.sql.get('SELECT last_insert_rowid()')?.[0])
    }
    const id = int(row[0])
    const lastTime = int(row[2])
    if (round.time > lastTime || (round.time === lastTime && round.seq > int(row[3]))) {
      this.sql.run('UPDATE session SET last_time = ?, last_seq = ?, model_id = ? WHERE id = ?', [
        round.time,
        round.seq,
        round.modelId,
        id,
      ])
    }
    if (round.time < int(row[1])) this.sql.run('UPDATE session SET first_time = ? WHERE id = ?', [round.time, id])
    const formerTitleTime = intOrNull(row[4])
    if (titleTime !== null && (formerTitleTime === null || titleTime < formerTitleTime)) {
      this.sql.run('UPDATE session SET title = ?, title_time = ? WHERE id = ?', [round.title, titleTime, id])
    }
    return id
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
        this.sql.run(ADD_TO_USAGE, [
          this.#days.of(int(time)),
          int(sessionId),
          int(modelId),
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

const ADD_TO_SESSION =
  'UPDATE session SET rounds = rounds + 1, input = input + ?, output = output + ?, cached = cached + ?, ' +
  'reasoning = reasoning + ?, cost = cost + ?, unpriced = unpriced + ?, without_usage = without_usage + ? WHERE id = ?'

const ADD_TO_USAGE =
  'INSERT INTO usage (day, session_id, model_id, rounds, input, output, cached, reasoning, cost, unpriced, without_usage) ' +
  'VALUES (?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET rounds = rounds + 1, ' +
  'input = input + excluded.input, output = output + excluded.output, cached = cached + excluded.cached, ' +
  'reasoning = reasoning + excluded.reasoning, cost = cost + excluded.cost, unpriced = unpriced + excluded.unpriced, ' +
  'without_usage = without_usage + excluded.without_usage'

const INSERT_REQUEST =
  'INSERT INTO request (seq, session_id, time, model_id, consumer_id, input, output, cached, reasoning, cost, file_id, ' +
  'offset, hash_high, hash_low, broken) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)'

/** A request without a session id is a session of its own, named after its line. */
function sessionKey(record: RequestRecord, sessionId: string | null): { key: string; inferred: boolean } {
  return sessionId === null
    ? { key: `inferred:${record.hash}`, inferred: true }
    : { key: wellFormed(sessionId), inferred: false }
}

/** SQLite's text is UTF-8: halves of surrogate pairs, which JSON can hold, would come back as something else. */
function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\ufffd')
}

function titleOf(question: string | null): string | null {
  if (question === null) return null
  const line = wellFormed(question).replace(/\s+/g, ' ').trim()
  if (line === '') return null
  if (line.length <= TITLE_CHARS) return line
  // Not between the halves of a surrogate pair.
  return `${line.slice(0, TITLE_CHARS - 1).replace(/[\uD800-\uDBFF]$/, '')}…`
}

function splitHash(hash: string): readonly [number, number] {
  return [parseInt(hash.slice(0, 12), 16), parseInt(hash.slice(12, 24), 16)]
}
