import type { UsageFilter } from '../../../contract/index'
import type { SessionIndex } from '../session-index'
import { int, str } from '../sql'
import { statusNumber } from '../status'

/** A request among those of its session. */
export interface RequestPlace {
  readonly seq: number
  readonly sessionId: string
  readonly inferred: boolean
  readonly round: number
}

/** Hands over every request that counts, session by session, each in the order of time. Times count to the ms here. */
export function eachRequest(index: SessionIndex, filter: UsageFilter, onRequest: (place: RequestPlace) => void): void {
  const tests: string[] = []
  const values: (number | string)[] = []
  const test = (sql: string, value: number): void => {
    tests.push(sql)
    values.push(value)
  }
  if (filter.from !== undefined) test('request.time >= ?', filter.from)
  if (filter.to !== undefined) test('request.time < ?', filter.to)
  const among = (column: string, ids: readonly (number | undefined)[]): void => {
    tests.push(`${column} IN (${ids.map((id) => String(id ?? -1)).join(', ') || '-1'})`)
  }
  if (filter.models !== undefined)
    among(
      'request.model_id',
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
  const where = tests.length === 0 ? '' : `WHERE ${tests.join(' AND ')}`
  // Rounds are numbered before the filter: a number means the same whatever is left out.
  index.sql.each(
    'WITH request AS (SELECT *, row_number() OVER (PARTITION BY session_id ORDER BY time, seq) AS round FROM main.request) ' +
      'SELECT seq, session.key, session.inferred, round FROM request JOIN session ON session.id = session_id ' +
      `${where} ORDER BY session_id, round`,
    (row) => {
      onRequest({ seq: int(row[0]), sessionId: str(row[1]), inferred: int(row[2]) === 1, round: int(row[3]) })
    },
    values,
  )
}
