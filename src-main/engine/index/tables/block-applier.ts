import type { BlockPlace } from '../../archive/position'
import { inferredKey } from '../../archive/inferred-session'
import type { PriceCatalog } from '../../pricing/catalog'
import { isEstimate, picoCost } from '../../pricing/cost'
import type { FileCheckpoint } from '../../tail/file-state'
import { Routes, wellFormed, type Names } from '../database/names'
import { intOrNull, str, type Sql } from '../database/sql'
import type { IndexedBlock, IndexedRequest } from './indexed-block'
import { InsightTables } from './insight-tables'
import { lineKey, type LineIdentities, type LineKey } from './line-identities'
import { TITLE_CHARS, type SessionRows } from './session-rows'
import type { SessionTexts } from './session-texts'
import { mediaValue } from '../sums/billed-columns'
import { BlockSums, type SessionSums, type SummedRound, type UsageSums } from '../sums/block-sums'
import { statusNumber } from '../sums/status'
import { USAGE_ROW, USAGE_SUMS, type UsageColumns } from '../sums/usage-columns'

/** What a block is applied to. */
interface AppliedTables {
  readonly sql: Sql
  readonly prices: PriceCatalog
  /** The hour of an instant (ms since the epoch) in the user's time zone: YYYYMMDDHH. */
  readonly hourOf: (time: number) => number
  readonly models: Names
  readonly consumers: Names
  readonly sources: Names
  readonly sessions: SessionRows
  readonly lines: LineIdentities
  readonly texts: SessionTexts
}

/** Turns blocks of the archive into rows of the index. */
export class BlockApplier {
  readonly insights: InsightTables
  readonly #tables: AppliedTables
  readonly #routes: Routes
  /** Source of each file, by file id. */
  readonly #fileSources = new Map<number, number>()
  #mayBeBroken: boolean
  /** Number of the first request that the index lacks. */
  #nextSeq: number

  constructor(tables: AppliedTables, options: { readonly mayBeBroken: boolean }) {
    const { sql } = tables
    this.#tables = tables
    this.insights = new InsightTables(sql)
    this.#routes = new Routes(sql)
    this.#mayBeBroken = options.mayBeBroken
    this.#nextSeq =
      intOrNull(sql.get('SELECT first_seq + requests FROM block ORDER BY first_seq DESC LIMIT 1')?.[0]) ?? 1
    this.#loadNames()
  }

  /** Whether some requests are lost, so that each new one is checked for a history that builds on them. */
  get mayBeBroken(): boolean {
    return this.#mayBeBroken
  }

  /** Applies a block, whole or not at all. `usage`: the rows of `usage` in memory, if loaded; wrong after a failure. */
  apply(block: IndexedBlock, place: BlockPlace, usage: UsageColumns | null): void {
    const { sql, sessions, lines, texts } = this.#tables
    lines.load()
    const keys = block.requests.map((request) => lineKey(request.hash))
    try {
      sql.transaction(() => {
        this.#apply(block, keys, place, usage)
      })
    } catch (error) {
      // Memory holds rows of this block that were rolled back.
      this.#loadNames()
      sessions.rolledBack()
      texts.clear()
      this.insights.rolledBack()
      lines.rolledBack()
      throw error
    }
    if (place.requests > 0) this.#nextSeq = place.firstSeq + place.requests
    for (const [position, key] of keys.entries()) lines.add(key, block.requests[position]?.seq ?? 0)
  }

  #apply(block: IndexedBlock, keys: readonly LineKey[], place: BlockPlace, usage: UsageColumns | null): void {
    const { sql, sources, sessions, lines, texts } = this.#tables
    for (const checkpoint of block.checkpoints) {
      this.#fileSources.set(checkpoint.fileId, sources.idOf(checkpoint.source))
      sql.run('INSERT OR REPLACE INTO file (id, checkpoint) VALUES (?, ?)', [
        checkpoint.fileId,
        JSON.stringify(checkpoint),
      ])
    }
    for (const hashes of block.deletedLines ?? []) lines.addDeleted(hashes)
    if (place.requests === 0) return
    sql.run('INSERT OR REPLACE INTO block (first_seq, requests, segment, offset) VALUES (?, ?, ?, ?)', [
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
      const line = keys[position] ?? lineKey(request.hash)
      const known = lines.find(line)
      if (known?.broken === true) {
        // Only a request whose history was lost is ever archived again. The new record takes its place.
        sql.run('UPDATE request SET seq = ?, broken = ? WHERE seq = ?', [seq, broken ? 1 : 0, known.seq])
        this.insights.renumber(known.seq, seq)
      } else if (known === undefined && !inBlock.has(request.hash)) {
        fresh.push(this.#sum(request, line, broken, sums))
        inBlock.add(request.hash)
      }
    }
    for (const session of sums.sessions()) {
      sessions.add(session)
      texts.changed(session.id)
      for (const row of session.usage) this.#addUsage(session.id, row)
      usage?.add(session)
    }
    for (const request of fresh) this.#insert(request)
    this.insights.flush()
  }

  #sum(request: IndexedRequest, line: LineKey, broken: boolean, sums: BlockSums): FreshRequest {
    const { prices, hourOf, models, consumers, sources } = this.#tables
    const { seq, fields, time } = request
    const { tokens, billed, question } = fields
    const price = prices.find(fields.model, time)
    const cost = picoCost(billed, price, prices.rules)
    const round: SummedRound = {
      seq,
      time,
      hour: hourOf(time),
      modelId: models.idOf(fields.model),
      consumerId: consumers.idOf(fields.consumer),
      sourceId: this.#fileSources.get(request.file) ?? sources.idOf(null),
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
    return { request, line, round, session: sums.add(key, inferred, round), broken }
  }

  #insert({ request, line, round, session, broken }: FreshRequest): void {
    const { fields } = request
    const { tokens, billed } = fields
    const routeId = this.#routes.idOf(fields.route, fields.authority)
    this.#tables.sql.run(INSERT_REQUEST, [
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
      ...line,
      broken ? 1 : 0,
      billed.prompt,
      billed.completion,
      billed.marks,
      mediaValue(billed),
      round.estimated ? 1 : 0,
    ])
    this.insights.add(request, round, session.id, routeId)
  }

  /** Whether the request builds on a lost request, directly or through others. */
  #isBroken(request: IndexedRequest, firstSeqOfBlock: number, brokenInBlock: ReadonlySet<number>): boolean {
    if (!this.#mayBeBroken || request.base === null) return false
    if (request.base >= firstSeqOfBlock) return brokenInBlock.has(request.base)
    return intOrNull(this.#tables.sql.get('SELECT broken FROM request WHERE seq = ?', [request.base])?.[0]) !== 0
  }

  #addUsage(sessionId: number, usage: UsageSums): void {
    this.#tables.sql.run(UPSERT_USAGE, [
      usage.hour,
      sessionId,
      usage.modelId,
      usage.consumerId,
      usage.sourceId,
      usage.status,
      ...usage.toRow(),
    ])
  }

  #loadNames(): void {
    const { sql, models, consumers, sources } = this.#tables
    models.load()
    consumers.load()
    sources.load()
    this.#routes.load()
    this.#fileSources.clear()
    for (const { fileId, source } of storedFiles(sql)) this.#fileSources.set(fileId, sources.idOf(source))
  }
}

/** All files ever read, oldest first. */
export function storedFiles(sql: Sql): FileCheckpoint[] {
  return sql.all('SELECT checkpoint FROM file ORDER BY id').map((row) => JSON.parse(str(row[0])) as FileCheckpoint)
}

/** Numbers of the block's requests that were deleted. */
function absentFrom({ requests }: IndexedBlock, place: BlockPlace): Set<number> {
  const absent = new Set<number>()
  let next = requests.length === 0 ? Infinity : place.firstSeq
  for (const { seq } of [...requests, { seq: place.firstSeq + place.requests }]) {
    for (; next < seq; next += 1) absent.add(next)
    next = seq + 1
  }
  return absent
}

/** A request to insert once its session's id is known. */
interface FreshRequest {
  readonly request: IndexedRequest
  readonly line: LineKey
  readonly round: SummedRound
  readonly session: SessionSums
  readonly broken: boolean
}

const UPSERT_USAGE =
  `INSERT INTO usage ${USAGE_ROW} ` +
  `ON CONFLICT DO UPDATE SET ${USAGE_SUMS.map((column) => `${column} = ${column} + excluded.${column}`).join(', ')}`

const INSERT_REQUEST =
  'INSERT INTO request (seq, session_id, time, model_id, consumer_id, route_id, source_id, status, input, output, cached, ' +
  'cache_write, cache_write_hour, reasoning, cost, first_token_ms, service_ms, duration_ms, base, kept, messages, ' +
  'kept_bytes, messages_bytes, file_id, offset, hash_high, hash_low, broken, prompt, completion, usage_marks, ' +
  'media, cost_estimated) ' +
  'VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)'
