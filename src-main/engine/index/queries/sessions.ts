import type { SessionList, SessionListQuery, SessionRow, SessionSortKey, UsageFilter } from '../../../contract/index'
import { EngineError } from '../../base/errors'
import { wellFormed } from '../database/names'
import type { SessionIndex } from '../tables/session-index'
import { int, str, strOrNull, type Row } from '../database/sql'
import { rowTest } from './usage-filter'
import { sumSessions } from './usage-groups'
import { readTotals, TOTALS_COLUMNS } from './totals'

const MODEL = '(SELECT name FROM model WHERE id = model_id)'
const COLUMNS = `key, inferred, ${MODEL}, title, first_time, last_time, ${TOTALS_COLUMNS.join(', ')}`

/** SQL expression for each sort key. A session without any known price sorts as the cheapest. */
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

/**
 * A page of sessions in the requested order. Ties are ordered by latest activity, then id, so that pages never overlap.
 */
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
 * The sessions with the latest activity, latest first. `counted` has the rounds to count by session.id; sessions
 * without any are left out.
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

/**
 * session.id of the sessions with the latest activity that pass `test`, latest first; at most `limit`, which is
 * positive.
 */
export function latestSessions(index: SessionIndex, limit: number, test: (id: number) => boolean): number[] {
  const found: number[] = []
  index.sql.each('SELECT id FROM session ORDER BY last_time DESC, id DESC', (row) => {
    const id = int(row[0])
    if (test(id)) found.push(id)
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

/** The session with that id. A logged id takes precedence over an inferred one with the same text. */
export function findSession(
  index: SessionIndex,
  sessionId: string,
): { readonly id: number; readonly row: SessionRow } | undefined {
  const row = index.sql.get(`SELECT ${COLUMNS}, id FROM session WHERE key = ? ORDER BY inferred LIMIT 1`, [sessionId])
  return row === undefined ? undefined : { id: int(row.at(-1)), row: readSession(row) }
}

const LIST_HINT = 'Look it up in the list of sessions.'

/** The session with that id. Throws `not-found`; `hint` says where to find the ids. */
export function requireSession(
  index: SessionIndex,
  sessionId: string,
  options: { readonly hint?: string } = {},
): { readonly id: number; readonly row: SessionRow } {
  const found = findSession(index, sessionId)
  if (found !== undefined) return found
  throw new EngineError('not-found', 'There is no session with this id.', {
    where: sessionId,
    hint: options.hint === undefined ? LIST_HINT : options.hint,
  })
}

/**
 * session.id of all sessions with a round that passes the filter and `text` in their id, title or model, oldest first.
 */
export function sessionIds(index: SessionIndex, filter: UsageFilter, text: string): readonly number[] {
  return orderedIds(index, { sortBy: 'firstTime', descending: false, offset: 0, limit: 0, filter, text })
}

/**
 * session.id of all matching sessions, in order. Cached until the index changes, because lists are scrolled page by
 * page.
 */
function orderedIds(index: SessionIndex, query: SessionListQuery): readonly number[] {
  const { text = '' } = query
  const question = JSON.stringify([query.sortBy, query.descending, query.filter ?? {}])
  let known = lastOrder.get(index)
  if (known?.revision !== index.revision || known.question !== question) {
    known = { revision: index.revision, question, ids: idsInOrder(index, query), found: new Map() }
    lastOrder.set(index, known)
  }
  if (text === '') return known.ids
  // Typing changes which sessions are listed but not their order, so nothing is sorted again.
  let found = known.found.get(text)
  if (found === undefined) {
    const holding = index.texts.holding(wellFormed(text), (model) => index.models.nameOf(model))
    found = known.ids.filter((id) => holding[id] === 1)
    if (known.found.size >= MOST_TEXTS) known.found.clear()
    known.found.set(text, found)
  }
  return found
}

interface Order {
  readonly revision: number
  readonly question: string
  readonly ids: readonly number[]
  /** Matches by text. Users often delete letters they have typed. */
  readonly found: Map<string, readonly number[]>
}
/** Texts whose matches are cached. */
const MOST_TEXTS = 16
const lastOrder = new WeakMap<SessionIndex, Order>()

function idsInOrder(index: SessionIndex, { sortBy, descending, filter = {} }: SessionListQuery): readonly number[] {
  const test = rowTest(index, filter)
  const counted = test === null ? null : sumSessions(index.usage, test).rounds
  const ids: number[] = []
  const direction = descending ? 'DESC' : 'ASC'
  index.sql.each(`SELECT id FROM session ORDER BY ${SORT[sortBy]} ${direction}, last_time DESC, id DESC`, (row) => {
    const id = int(row[0])
    if (counted === null || (counted[id] ?? 0) > 0) ids.push(id)
  })
  return ids
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
