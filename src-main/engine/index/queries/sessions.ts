import type { SessionList, SessionListQuery, SessionRow, SessionSortKey } from '../../../contract/index'
import type { SessionIndex } from '../session-index'
import { int, str, strOrNull, type Row } from '../sql'
import { readTotals, TOTALS_COLUMNS } from './totals'

const COLUMNS =
  'key, inferred, (SELECT name FROM model WHERE id = model_id), title, first_time, last_time, ' +
  TOTALS_COLUMNS.join(', ')

/** Sort key → expression. A session without any known price sorts as the cheapest. */
const SORT: Readonly<Record<SessionSortKey, string>> = {
  session: 'key',
  model: '(SELECT name FROM model WHERE id = model_id)',
  rounds: 'rounds',
  tokens: 'input + output',
  inputTokens: 'input',
  outputTokens: 'output',
  cost: 'CASE WHEN unpriced = rounds THEN -1 ELSE cost END',
  firstTime: 'first_time',
  lastTime: 'last_time',
}

/** Sessions in the order asked for; ties by latest activity, then id, so that pages never overlap. */
export function listSessions(index: SessionIndex, query: SessionListQuery): SessionList {
  const direction = query.descending ? 'DESC' : 'ASC'
  const rows = index.sql.all(
    `SELECT ${COLUMNS} FROM session ORDER BY ${SORT[query.sortBy]} ${direction}, last_time DESC, id DESC LIMIT ? OFFSET ?`,
    [query.limit === 0 ? -1 : query.limit, query.offset],
  )
  return { revision: index.revision, total: countSessions(index), rows: rows.map(readSession) }
}

/** The sessions with the latest activity, latest first. */
export function recentSessions(index: SessionIndex, limit: number): SessionRow[] {
  return index.sql
    .all(`SELECT ${COLUMNS} FROM session ORDER BY last_time DESC, id DESC LIMIT ?`, [limit])
    .map(readSession)
}

export function countSessions(index: SessionIndex): number {
  return int(index.sql.get('SELECT count(*) FROM session')?.[0])
}

/** The session of that id; a logged id goes before an inferred one of the same text. */
export function findSession(
  index: SessionIndex,
  sessionId: string,
): { readonly id: number; readonly row: SessionRow } | undefined {
  const row = index.sql.get(`SELECT ${COLUMNS}, id FROM session WHERE key = ? ORDER BY inferred LIMIT 1`, [sessionId])
  return row === undefined ? undefined : { id: int(row.at(-1)), row: readSession(row) }
}

function readSession(row: Row): SessionRow {
  return {
    sessionId: str(row[0]),
    inferred: int(row[1]) === 1,
    model: strOrNull(row[2]) || null,
    title: strOrNull(row[3]),
    firstTime: int(row[4]),
    lastTime: int(row[5]),
    ...readTotals(row, 6),
  }
}
