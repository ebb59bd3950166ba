import type { SessionList, SessionListQuery, SessionRow, SessionSortKey } from '../../../contract/index'
import { wellFormed } from '../names'
import type { SessionIndex } from '../session-index'
import { int, str, strOrNull, type Row } from '../sql'
import { rowTest } from '../usage-filter'
import { sumSessions } from '../usage-groups'
import { readTotals, TOTALS_COLUMNS } from './totals'

const MODEL = '(SELECT name FROM model WHERE id = model_id)'
const COLUMNS = `key, inferred, ${MODEL}, title, first_time, last_time, ${TOTALS_COLUMNS.join(', ')}`

/** Sort key → expression. A session without any known price sorts as the cheapest. */
const SORT: Readonly<Record<SessionSortKey, string>> = {
  session: 'key',
  title: 'title COLLATE NOCASE',
  model: MODEL,
  rounds: 'rounds',
  tokens: 'input + output',
  inputTokens: 'input',
  outputTokens: 'output',
  cachedTokens: 'cached',
  reasoningTokens: 'reasoning',
  cost: 'CASE WHEN unpriced = rounds THEN -1 ELSE cost END',
  failed: 'failed',
  duration: 'last_time - first_time',
  firstTime: 'first_time',
  lastTime: 'last_time',
}

/** Sessions in the order asked for; ties by latest activity, then id, so that pages never overlap. */
export function listSessions(index: SessionIndex, query: SessionListQuery): SessionList {
  const ids = orderedIds(index, query)
  const page = ids.slice(query.offset, query.limit === 0 ? undefined : query.offset + query.limit)
  const rows = sessionsById(index, page)
  return {
    revision: index.revision,
    total: ids.length,
    rows: page.flatMap((id) => rows.get(id) ?? []),
  }
}

/**
 * The sessions with the latest activity, latest first. `counted`: rounds that count, by session.id; sessions without any
 * are left out.
 */
export function recentSessions(index: SessionIndex, limit: number, counted: Float64Array | null): SessionRow[] {
  if (limit === 0) return []
  const found: SessionRow[] = []
  index.sql.each(`SELECT ${COLUMNS}, id FROM session ORDER BY last_time DESC, id DESC`, (row) => {
    if (counted === null || (counted[int(row.at(-1))] ?? 0) > 0) found.push(readSession(row))
    return found.length < limit
  })
  return found
}

/** Sessions by session.id. */
export function sessionsById(index: SessionIndex, ids: readonly number[]): Map<number, SessionRow> {
  const found = new Map<number, SessionRow>()
  for (const id of ids) {
    const row = index.sql.get(`SELECT ${COLUMNS} FROM session WHERE id = ?`, [id])
    if (row !== undefined) found.set(id, readSession(row))
  }
  return found
}

/** The session of that id; a logged id goes before an inferred one of the same text. */
export function findSession(
  index: SessionIndex,
  sessionId: string,
): { readonly id: number; readonly row: SessionRow } | undefined {
  const row = index.sql.get(`SELECT ${COLUMNS}, id FROM session WHERE key = ? ORDER BY inferred LIMIT 1`, [sessionId])
  return row === undefined ? undefined : { id: int(row.at(-1)), row: readSession(row) }
}

/** session.id of all that match, in order. Kept until the index changes: a list is scrolled page by page. */
function orderedIds(index: SessionIndex, query: SessionListQuery): readonly number[] {
  const { sortBy, descending, filter = {}, text = '' } = query
  const question = JSON.stringify([sortBy, descending, filter, text])
  const known = lastOrder.get(index)
  if (known?.revision === index.revision && known.question === question) return known.ids
  const direction = descending ? 'DESC' : 'ASC'
  const where =
    text === '' ? '' : `WHERE key LIKE ?1 ESCAPE '!' OR title LIKE ?1 ESCAPE '!' OR ${MODEL} LIKE ?1 ESCAPE '!'`
  const test = rowTest(index, filter)
  const counted = test === null ? null : sumSessions(index.usage, test).rounds
  const ids: number[] = []
  index.sql.each(
    `SELECT id FROM session ${where} ORDER BY ${SORT[sortBy]} ${direction}, last_time DESC, id DESC`,
    (row) => {
      const id = int(row[0])
      if (counted === null || (counted[id] ?? 0) > 0) ids.push(id)
    },
    text === '' ? [] : [`%${wellFormed(text).replace(/[!%_]/g, '!$&')}%`],
  )
  lastOrder.set(index, { revision: index.revision, question, ids })
  return ids
}

const lastOrder = new WeakMap<
  SessionIndex,
  { readonly revision: number; readonly question: string; readonly ids: readonly number[] }
>()

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
