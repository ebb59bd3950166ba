import type { SessionSums } from '../sums/block-sums'
import { USAGE_SUMS } from '../sums/usage-columns'
import { wellFormed } from '../database/names'
import { int, type Sql, type SqlValue } from '../database/sql'

export const TITLE_CHARS = 200
const REMEMBERED_SESSIONS = 20_000

/** The table `session`. */
export class SessionRows {
  readonly #sql: Sql
  /** session.id by logged session id, for sessions used recently. */
  readonly #ids = new Map<string, number>()
  #nextId: number

  constructor(sql: Sql) {
    this.#sql = sql
    this.#nextId = int(sql.get('SELECT coalesce(max(id), 0) + 1 FROM session')?.[0])
  }

  /** Adds a block's sums to their session, which is inserted if it is new. Sets session.id. */
  add(session: SessionSums): void {
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
    const known = session.inferred ? undefined : this.#ids.get(session.key)
    if (known === undefined && this.#insert(session, values)) return
    session.id = known ?? this.find(session.key, session.inferred) ?? 0
    this.#sql.run(UPDATE_SESSION, [...values, session.id])
  }

  /** session.id of the session with that key. */
  find(key: string, inferred: boolean): number | undefined {
    const known = inferred ? undefined : this.#ids.get(key)
    if (known !== undefined) return known
    const row = this.#sql.get('SELECT id FROM session WHERE key = ? AND inferred = ?', [key, inferred ? 1 : 0])
    if (row === undefined) return undefined
    const id = int(row[0])
    if (!inferred) this.#remember(key, id)
    return id
  }

  /** A transaction was rolled back: sessions it inserted are gone. */
  rolledBack(): void {
    this.#ids.clear()
  }

  /** `values`: those of SESSION_COLUMNS. Returns false when there is a session with that key. */
  #insert(session: SessionSums, values: readonly SqlValue[]): boolean {
    this.#sql.run(INSERT_SESSION, [...values, this.#nextId, session.key, session.inferred ? 1 : 0])
    if (this.#sql.changes() === 0) return false
    session.id = this.#nextId
    this.#nextId += 1
    if (!session.inferred) this.#remember(session.key, session.id)
    return true
  }

  #remember(key: string, id: number): void {
    if (this.#ids.size >= REMEMBERED_SESSIONS) this.#ids.clear()
    this.#ids.set(key, id)
  }
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

/** The beginning of a question on one line; null when it has no visible text. */
function titleOf(question: string | null): string | null {
  if (question === null) return null
  const start = wellFormed(question.slice(0, 4 * TITLE_CHARS))
  const line = (/[^\S ]|\s\s/.test(start) ? start.replace(/\s+/g, ' ') : start).trim()
  if (line === '') return null
  if (line.length <= TITLE_CHARS) return line
  // Do not cut a surrogate pair in half.
  return `${line.slice(0, TITLE_CHARS - 1).replace(/[\uD800-\uDBFF]$/, '')}…`
}
