import type { ComparedSession, MeasuredTime } from '../../../contract/index'
import { toUsd } from '../../pricing/cost'
import type { SessionIndex } from '../tables/session-index'
import { int, intOrNull, strOrNull, type SqlValue } from '../database/sql'
import { STATUSES } from '../sums/status'

/** The request of a round, and the identity of its line. */
export interface RoundIdentity {
  readonly seq: number
  readonly high: number
  readonly low: number
}

/** The rounds of a session (session.id), in order. */
export function roundIdentities(index: SessionIndex, sessionId: number): RoundIdentity[] {
  return index.sql
    .all('SELECT seq, hash_high, hash_low FROM request WHERE session_id = ? ORDER BY time, seq', [sessionId])
    .map((row) => ({ seq: int(row[0]), high: int(row[1]), low: int(row[2]) }))
}

/**
 * Models, logged counts and latencies of a session (session.id): the part of ComparedSession that its sums do not have.
 */
export function sessionProfile(
  index: SessionIndex,
  sessionId: number,
): Pick<ComparedSession, 'models' | 'logged' | 'firstToken' | 'duration'> {
  const models = index.sql
    .all(
      'SELECT name, count(*) AS rounds FROM request JOIN model ON model.id = model_id WHERE session_id = ? ' +
        'GROUP BY model_id ORDER BY rounds DESC, name',
      [sessionId],
    )
    .map((row) => ({ model: strOrNull(row[0]) || null, rounds: int(row[1]) }))
  const logged = index.sql.get(
    'SELECT count(input), count(output), count(cached), count(reasoning) FROM request WHERE session_id = ?',
    [sessionId],
  )
  return {
    models,
    logged: {
      input: int(logged?.[0]),
      output: int(logged?.[1]),
      cached: int(logged?.[2]),
      reasoning: int(logged?.[3]),
    },
    firstToken: measured(index, sessionId, 'first_token_ms'),
    duration: measured(index, sessionId, 'duration_ms'),
  }
}

function measured(
  index: SessionIndex,
  sessionId: number,
  column: 'first_token_ms' | 'duration_ms',
): MeasuredTime | null {
  const values = index.sql
    .all(
      `SELECT ${column} FROM request WHERE session_id = ? AND status = 0 AND ${column} IS NOT NULL ORDER BY ${column}`,
      [sessionId],
    )
    .map((row) => number(row[0]))
  if (values.length === 0) return null
  const at = (rank: number): number => values[Math.max(0, Math.ceil(rank * values.length) - 1)] ?? 0
  return { median: at(0.5), p95: at(0.95), rounds: values.length }
}

/** Figures of a request; undefined when it is not in the index. */
export function requestFigures(index: SessionIndex, seq: number) {
  const row = index.sql.get(
    'SELECT time, name, status, input, output, cost, duration_ms FROM request JOIN model ON model.id = model_id WHERE seq = ?',
    [seq],
  )
  if (row === undefined) return undefined
  return {
    time: int(row[0]),
    model: strOrNull(row[1]) || null,
    status: STATUSES[int(row[2])] ?? 'ok',
    inputTokens: intOrNull(row[3]),
    outputTokens: intOrNull(row[4]),
    costUsd: toUsd(intOrNull(row[5])),
    durationMs: row[6] === null ? null : number(row[6]),
  }
}

/** Reads a column of type REAL. */
function number(value: SqlValue | undefined): number {
  return typeof value === 'number' ? value : 0
}
