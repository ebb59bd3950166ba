import type { UsageFilter } from '../../../contract/index'
import type { SessionIndex } from '../tables/session-index'
import { int, str } from '../database/sql'
import { statusNumber } from '../sums/status'
import { sessionIds } from './sessions'

/** A request's session and round. */
interface RequestPlace {
  readonly seq: number
  readonly sessionId: string
  readonly inferred: boolean
  readonly round: number
}

/**
 * Every round that passes the filter, session by session, in order of time. Times are compared to the millisecond.
 * `text` selects sessions by id, title or model. Rounds added to a session that was already passed are not included.
 */
export function* roundPlaces(index: SessionIndex, filter: UsageFilter, text = ''): Generator<RequestPlace> {
  const tests: string[] = []
  const values: number[] = []
  const test = (sql: string, value: number): void => {
    tests.push(`AND ${sql}`)
    values.push(value)
  }
  if (filter.from !== undefined) test('time >= ?', filter.from)
  if (filter.to !== undefined) test('time < ?', filter.to)
  const among = (column: string, ids: readonly (number | undefined)[]): void => {
    tests.push(`AND ${column} IN (${ids.map((id) => String(id ?? -1)).join(', ') || '-1'})`)
  }
  if (filter.models !== undefined)
    among(
      'model_id',
      filter.models.map((name) => index.models.find(name)),
    )
  if (filter.consumers !== undefined)
    among(
      'consumer_id',
      filter.consumers.map((name) => index.consumers.find(name)),
    )
  if (filter.sources !== undefined)
    among(
      'source_id',
      filter.sources.map((name) => index.sources.find(name)),
    )
  if (filter.statuses !== undefined) among('status', filter.statuses.map(statusNumber))
  // Rounds are numbered before filtering, so that a number means the same under every filter. Without a filter, the
  // database index on sessions is enough. A window function would take five times as long.
  const counts = tests.length === 0 ? '1' : `(true ${tests.join(' ')})`
  const rounds = `SELECT seq, ${counts} FROM request WHERE session_id = ? ORDER BY time, seq`
  for (const id of sessionIds(index, filter, text)) {
    const session = index.sql.get('SELECT key, inferred FROM session WHERE id = ?', [id])
    if (session === undefined) continue
    const [key, inferred] = [str(session[0]), int(session[1]) === 1]
    for (const [position, row] of index.sql.all(rounds, [...values, id]).entries()) {
      if (int(row[1]) === 1) yield { seq: int(row[0]), sessionId: key, inferred, round: position + 1 }
    }
  }
}
