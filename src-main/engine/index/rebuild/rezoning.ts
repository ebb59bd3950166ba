import type { SummedRound } from '../sums/block-sums'
import { Sums } from '../sums/block-sums'
import { BILLED_COLUMNS, billedAt } from '../sums/billed-columns'
import { Hours } from '../sums/hours'
import { InsightSums, type CountedBreak, type InsightRound } from '../sums/insight-sums'
import { USAGE_ROW } from '../sums/usage-columns'
import { int, intOrNull, str, type Row, type Sql } from '../database/sql'

/** Requests, or rows written, per slice: about 20 ms. */
const SLICE = 5000

/**
 * Recalculates the hourly and daily sums for another time zone, slice by slice. The sums in use stay valid and answer
 * queries until finish() replaces them. In the meantime no request may be added and none may be repriced.
 */
export class Rezoning {
  readonly timeZone: string
  readonly hours: Hours
  readonly #sql: Sql
  readonly #insights = new InsightSums()
  /** Rows of `usage` by key, collected here because finding them in the table takes far longer. */
  readonly #usage = new Map<string, { readonly ids: readonly number[]; readonly sums: Sums }>()
  readonly #breakDays: [day: number, seq: number][] = []
  readonly #retryDays: [day: number, seq: number][] = []
  readonly #lastSeq: number
  readonly #work: Generator<void, void>
  #seq = 0

  /** `timeZone`: IANA name. Throws RangeError when the system does not know it. */
  constructor(sql: Sql, timeZone: string) {
    this.timeZone = timeZone
    this.hours = new Hours(timeZone)
    this.#sql = sql
    this.#lastSeq = int(sql.get('SELECT coalesce(max(seq), 0) FROM request')?.[0])
    this.#work = this.#slices()
  }

  /** The share of the requests that the new sums include, 0 to 1. */
  get share(): number {
    return this.#lastSeq === 0 ? 1 : Math.min(1, this.#seq / this.#lastSeq)
  }

  /** Does one slice. Returns false when there was nothing left to do. */
  step(): boolean {
    return this.#work.next().done !== true
  }

  /** Replaces the sums in use with the new ones. The caller provides the transaction. */
  finish(): void {
    const sql = this.#sql
    sql.script('DROP TABLE usage; ALTER TABLE usage_next RENAME TO usage')
    sql.script('DELETE FROM insight_day; DELETE FROM tool_day; DELETE FROM route_day')
    for (const row of this.#breakDays) sql.run('UPDATE cache_break SET day = ? WHERE seq = ?', row)
    for (const row of this.#retryDays) sql.run('UPDATE retry SET day = ? WHERE seq = ?', row)
    this.#insights.flush(sql)
  }

  /** Discards the new sums; those in use stay. */
  cancel(): void {
    this.#sql.script('DROP TABLE IF EXISTS usage_next')
  }

  *#slices(): Generator<void, void> {
    const sql = this.#sql
    this.cancel()
    const table = str(sql.get("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = 'usage'")?.[0])
    sql.script(table.replace(/^CREATE TABLE "?usage"?/, 'CREATE TABLE usage_next'))
    while (this.#seq < this.#lastSeq) {
      const range = [this.#seq, this.#seq + SLICE]
      sql.each(
        `${ROUNDS} WHERE seq > ? AND seq <= ?`,
        (row) => {
          this.#addRound(readRound(row))
        },
        range,
      )
      this.#addInsights(range)
      this.#seq += SLICE
      yield
    }
    const rows = [...this.#usage.values()]
    this.#usage.clear()
    for (let at = 0; at < rows.length; at += SLICE) {
      sql.transaction(() => {
        for (const { ids, sums } of rows.slice(at, at + SLICE)) sql.run(INSERT_USAGE, [...ids, ...sums.toRow()])
      })
      yield
    }
  }

  #dayOf(time: number): number {
    return Math.floor(this.hours.of(time) / 100)
  }

  #addRound(round: StoredRound): void {
    const hour = this.hours.of(round.time)
    const { sessionId, modelId, consumerId, sourceId, status } = round
    const ids = [hour, sessionId, modelId, consumerId, sourceId, status]
    const key = ids.join(' ')
    let usage = this.#usage.get(key)
    if (usage === undefined) {
      usage = { ids, sums: new Sums() }
      this.#usage.set(key, usage)
    }
    usage.sums.addRound(round)
    this.#insights.countRound(Math.floor(hour / 100), round)
  }

  #addInsights(range: number[]): void {
    const sql = this.#sql
    for (const row of sql.all(`${BREAKS} WHERE b.seq > ? AND b.seq <= ?`, range)) {
      const { seq, time, ...counted } = readBreak(row)
      const day = this.#dayOf(time)
      this.#insights.countBreak(day, counted)
      this.#breakDays.push([day, seq])
    }
    for (const row of sql.all(`${RETRIES} WHERE seq > ? AND seq <= ?`, range)) {
      this.#retryDays.push([this.#dayOf(int(row[1])), int(row[0])])
    }
    sql.each(
      `${TOOLS} WHERE seq > ? AND seq <= ?`,
      (row) => {
        const [calls, argumentBytes, results, resultBytes] = [int(row[2]), int(row[3]), int(row[4]), int(row[5])]
        const sizes = { calls, argumentBytes, results, resultBytes }
        this.#insights.countTool(this.#dayOf(int(row[0])), int(row[1]), sizes, intOrNull(row[6]))
      },
      range,
    )
  }
}

/** A row of `request`, as far as the sums count it. */
type StoredRound = Pick<SummedRound, 'time' | 'tokens' | 'billed' | 'cost' | 'estimated'> & InsightRound

const ROUNDS =
  'SELECT time, session_id, model_id, consumer_id, source_id, status, input, output, cached, ' +
  'coalesce(cache_write, 0) + coalesce(cache_write_hour, 0), reasoning, cost, route_id, first_token_ms, service_ms, ' +
  `duration_ms, messages_bytes, kept_bytes, cost_estimated, ${BILLED_COLUMNS} FROM request`

/** Reads a row of ROUNDS. `cacheWrite` includes the tokens written for an hour. */
function readRound(row: Row): StoredRound {
  const [input, output] = [intOrNull(row[6]), intOrNull(row[7])]
  const billed = billedAt(row, 19)
  return {
    time: int(row[0]),
    sessionId: int(row[1]),
    modelId: int(row[2]),
    consumerId: int(row[3]),
    sourceId: int(row[4]),
    status: int(row[5]),
    tokens: {
      input,
      output,
      cached: intOrNull(row[8]),
      cacheWrite: int(row[9]),
      cacheWriteHour: null,
      reasoning: intOrNull(row[10]),
    },
    billed,
    input,
    output,
    prompt: billed.prompt,
    cost: intOrNull(row[11]),
    routeId: int(row[12]),
    firstTokenMs: intOrNull(row[13]),
    serviceMs: intOrNull(row[14]),
    durationMs: intOrNull(row[15]),
    messagesBytes: int(row[16]),
    keptBytes: int(row[17]),
    estimated: int(row[18]) === 1,
  }
}

const BREAKS =
  'SELECT b.seq, r.time, r.model_id, r.consumer_id, r.source_id, message, tokens, estimated, r.messages, p.messages ' +
  'FROM cache_break AS b JOIN request AS r ON r.seq = b.seq LEFT JOIN request AS p ON p.seq = b.previous'

/** Reads a row of BREAKS. */
function readBreak(row: Row): CountedBreak & { readonly seq: number; readonly time: number } {
  return {
    seq: int(row[0]),
    time: int(row[1]),
    modelId: int(row[2]),
    consumerId: int(row[3]),
    sourceId: int(row[4]),
    tokens: int(row[6]),
    estimated: int(row[7]) === 1,
    compaction: row[5] !== null && int(row[8]) < (intOrNull(row[9]) ?? 0),
  }
}

const RETRIES = 'SELECT seq, time FROM retry JOIN request USING (seq)'

const TOOLS =
  'SELECT time, tool_id, calls, argument_bytes, results, result_bytes, cost FROM tool_call JOIN request USING (seq)'

const INSERT_USAGE = `INSERT INTO usage_next ${USAGE_ROW}`
