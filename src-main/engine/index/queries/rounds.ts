import type { SessionIndex } from '../tables/session-index'
import { int, intOrNull, str } from '../database/sql'

/** A round as stored in the index; its texts are in the archive. */
interface RoundRow {
  readonly seq: number
  readonly round: number
  /** Picodollars; null when unknown. */
  readonly cost: number | null
}

/**
 * Rounds `from` (1-based) to `from + limit - 1` of a session (session.id), by time, then in the order they were read.
 * `limit` 0: all from `from` on.
 */
export function roundRows(index: SessionIndex, sessionId: number, from: number, limit: number): RoundRow[] {
  return index.sql
    .all('SELECT seq, cost FROM request WHERE session_id = ? ORDER BY time, seq LIMIT ? OFFSET ?', [
      sessionId,
      limit === 0 ? -1 : limit,
      from - 1,
    ])
    .map((row, position) => ({ seq: int(row[0]), round: from + position, cost: intOrNull(row[1]) }))
}

/** The round that request `seq` is in its session; null when it is not in the index. */
export function roundNumber(index: SessionIndex, seq: number): number | null {
  const row = index.sql.get('SELECT session_id, time FROM request WHERE seq = ?', [seq])
  if (row === undefined) return null
  const [sessionId, time] = [int(row[0]), int(row[1])]
  const before = index.sql.get('SELECT count(*) FROM request WHERE session_id = ? AND (time, seq) <= (?, ?)', [
    sessionId,
    time,
    seq,
  ])
  return int(before?.[0])
}

/**
 * The last round of a session (session.id) before round `before` with readable messages; null when there is none.
 * Rounds whose messages were cut by the gateway, or never logged, say nothing about the history.
 */
export function readableRoundBefore(index: SessionIndex, sessionId: number, before: number): RoundRow | null {
  const row = index.sql.get(
    'SELECT r.seq, r.cost FROM request AS r, ' +
      '(SELECT time, seq FROM request WHERE session_id = ?1 ORDER BY time, seq LIMIT 1 OFFSET ?2) AS this ' +
      'WHERE r.session_id = ?1 AND (r.time, r.seq) < (this.time, this.seq) AND r.messages > 0 ' +
      'ORDER BY r.time DESC, r.seq DESC LIMIT 1',
    [sessionId, before - 1],
  )
  if (row === undefined) return null
  const seq = int(row[0])
  const round = roundNumber(index, seq)
  return round === null ? null : { seq, round, cost: intOrNull(row[1]) }
}

/** Names of the consumers in a session (session.id), sorted. */
export function sessionConsumers(index: SessionIndex, sessionId: number): string[] {
  return index.sql
    .all(
      // Runs with each slice of a comparison, so it looks up the names of the few ids, not those of every request.
      "SELECT name FROM consumer WHERE name <> '' AND id IN (SELECT consumer_id FROM request WHERE session_id = ?) ORDER BY name",
      [sessionId],
    )
    .map((row) => str(row[0]))
}
