import { Sums } from '../sums/block-sums'
import { Hours } from '../sums/hours'
import { ADOPTED, Insights, tokensOf } from '../tables/insight-tables'
import { int, intOrNull, str, type Row, type Sql } from '../database/sql'
import { USAGE_ROW } from '../sums/usage-columns'

/** Requests, or rows written, in one slice: about 20 ms. */
const SLICE = 5000

/**
 * Makes the sums by hour and day of another time zone, slice by slice, beside those in use: these are asked meanwhile, and
 * replaced when the new ones are whole. No request may be added and none priced anew until then.
 */
export class Rezoning {
  readonly timeZone: string
  readonly hours: Hours
  readonly #sql: Sql
  readonly #days: Insights
  /** By key of a row of usage: its six columns, and the sums. Of a million requests, each would look its row up in the table. */
  readonly #usage = new Map<string, { readonly ids: readonly number[]; readonly sums: Sums }>()
  readonly #breakDays: [day: number, seq: number][] = []
  readonly #retryDays: [day: number, seq: number][] = []
  readonly #lastSeq: number
  readonly #work: Generator<void, void>
  #seq = 0

  /** `timeZone`: IANA name. */
  constructor(sql: Sql, timeZone: string) {
    this.timeZone = timeZone
    this.hours = new Hours(timeZone)
    this.#sql = sql
    this.#days = new Insights(sql)
    this.#lastSeq = int(sql.get('SELECT coalesce(max(seq), 0) FROM request')?.[0])
    this.#work = this.#slices()
  }

  /** Which part of the requests is in the new sums, 0 to 1. */
  get share(): number {
    return this.#lastSeq === 0 ? 1 : Math.min(1, this.#seq / this.#lastSeq)
  }

  /** Does one slice. False when there was nothing left to do. */
  step(): boolean {
    return this.#work.next().done !== true
  }

  /** Puts the new sums in the place of those in use, within a transaction of the caller's. */
  finish(): void {
    const sql = this.#sql
    sql.script('DROP TABLE usage; ALTER TABLE usage_next RENAME TO usage')
    sql.script('DELETE FROM insight_day; DELETE FROM tool_day; DELETE FROM route_day')
    for (const row of this.#breakDays) sql.run('UPDATE cache_break SET day = ? WHERE seq = ?', row)
    for (const row of this.#retryDays) sql.run('UPDATE retry SET day = ? WHERE seq = ?', row)
    this.#days.flush()
  }

  /** Takes away what was made; those in use stay. */
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
        `${ADOPTED} WHERE seq > ? AND seq <= ?`,
        (row) => {
          this.#add(row)
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

  #add(row: Row): void {
    const hour = this.hours.of(int(row[0]))
    const key = `${String(hour)} ${row.slice(1, 6).join(' ')}`
    let usage = this.#usage.get(key)
    if (usage === undefined) {
      usage = { ids: [hour, ...row.slice(1, 6).map(int)], sums: new Sums() }
      this.#usage.set(key, usage)
    }
    const tokens = tokensOf(row)
    usage.sums.addRound({ ...tokens, cost: intOrNull(row[11]) })
    this.#days.countRequest(Math.floor(hour / 100), row, tokens)
  }

  #addInsights(range: number[]): void {
    const sql = this.#sql
    for (const row of sql.all(`${BREAKS} WHERE b.seq > ? AND b.seq <= ?`, range)) {
      const day = this.#dayOf(int(row[1]))
      this.#days.countBreak(day, row)
      this.#breakDays.push([day, int(row[0])])
    }
    for (const row of sql.all(`${RETRIES} WHERE seq > ? AND seq <= ?`, range)) {
      this.#retryDays.push([this.#dayOf(int(row[1])), int(row[0])])
    }
    sql.each(
      `${TOOLS} WHERE seq > ? AND seq <= ?`,
      (row) => {
        this.#days.countTool(this.#dayOf(int(row[0])), row)
      },
      range,
    )
  }
}

const BREAKS =
  'SELECT b.seq, r.time, r.model_id, r.consumer_id, r.source_id, message, tokens, estimated, r.messages, p.messages ' +
  'FROM cache_break AS b JOIN request AS r ON r.seq = b.seq LEFT JOIN request AS p ON p.seq = b.previous'

const RETRIES = 'SELECT seq, time FROM retry JOIN request USING (seq)'

const TOOLS =
  'SELECT time, tool_id, calls, argument_bytes, results, result_bytes, cost FROM tool_call JOIN request USING (seq)'

const INSERT_USAGE = `INSERT INTO usage_next ${USAGE_ROW}`
