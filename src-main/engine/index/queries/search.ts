import type { SearchQuery } from '../../../contract/index'
import type { BlockPlace } from '../../archive/position'
import { fold } from '../../../shared/fold'
import type { Names } from '../database/names'
import type { SessionIndex } from '../tables/session-index'
import { int, str, type Row, type SqlValue } from '../database/sql'
import { statusNumber } from '../sums/status'

type Filter = Omit<SearchQuery, 'text' | 'roles' | 'order' | 'limit'>

/** The number of requests in all blocks, and the number after the last one. */
export function archivedRequests(index: SessionIndex): { readonly requests: number; readonly endSeq: number } {
  const row = index.sql.get('SELECT coalesce(sum(requests), 0), coalesce(max(first_seq + requests), 1) FROM block')
  return { requests: int(row?.[0]), endSeq: int(row?.[1]) }
}

/** Blocks that begin before `seq`, the latest first. */
export function blocksBefore(index: SessionIndex, seq: number, limit: number): BlockPlace[] {
  return index.sql.all(`${BLOCKS} WHERE first_seq < ? ORDER BY first_seq DESC LIMIT ?`, [seq, limit]).map(blockPlace)
}

/** Blocks that begin at `seq` or later and before `endSeq`, in the order they were read. */
export function blocksFrom(index: SessionIndex, seq: number, endSeq: number, limit: number): BlockPlace[] {
  return index.sql
    .all(`${BLOCKS} WHERE first_seq >= ? AND first_seq < ? ORDER BY first_seq LIMIT ?`, [seq, endSeq, limit])
    .map(blockPlace)
}

const BLOCKS = 'SELECT first_seq, requests, segment, offset FROM block'

function blockPlace(row: Row): BlockPlace {
  return { firstSeq: int(row[0]), requests: int(row[1]), segment: int(row[2]), offset: int(row[3]) }
}

/** Returns a function that selects the requests of a block to search; null when all of them may be searched. */
export function requestFilter(
  index: SessionIndex,
  filter: Filter,
): ((place: BlockPlace) => ReadonlySet<number>) | null {
  const { where, params } = conditions(index, filter)
  if (where.length === 0) return null
  const sql = `SELECT seq FROM request WHERE seq >= ? AND seq < ? AND ${where.join(' AND ')}`
  return (place) =>
    new Set(index.sql.all(sql, [place.firstSeq, place.firstSeq + place.requests, ...params]).map((row) => int(row[0])))
}

/**
 * For each session whose id contains `text`, the latest request that passes the filter. Recently active sessions first.
 */
export function sessionsNamed(index: SessionIndex, text: string, filter: Filter, limit: number): number[] {
  const wanted = fold(text)
  const { where, params } = conditions(index, filter)
  const sql =
    'SELECT seq FROM request WHERE session_id = ?' +
    where.map((condition) => ` AND ${condition}`).join('') +
    ' ORDER BY time DESC, seq DESC LIMIT 1'
  const ids: number[] = []
  index.sql.each('SELECT id, key FROM session ORDER BY last_time DESC', (row) => {
    if (fold(str(row[1])).includes(wanted)) ids.push(int(row[0]))
    return ids.length < limit
  })
  return ids.flatMap((id) => index.sql.all(sql, [id, ...params]).map((row) => int(row[0])))
}

function conditions(
  index: SessionIndex,
  filter: Filter,
): { readonly where: readonly string[]; readonly params: readonly SqlValue[] } {
  const where: string[] = []
  const params: SqlValue[] = []
  const isIn = (column: string, ids: readonly number[] | undefined): void => {
    if (ids !== undefined) where.push(`${column} IN (${ids.join(', ')})`)
  }
  if (filter.from !== undefined) {
    where.push('time >= ?')
    params.push(filter.from)
  }
  if (filter.to !== undefined) {
    where.push('time < ?')
    params.push(filter.to)
  }
  isIn('model_id', idsOf(index.models, filter.models))
  isIn('consumer_id', idsOf(index.consumers, filter.consumers))
  isIn('source_id', idsOf(index.sources, filter.sources))
  isIn('status', filter.statuses?.map(statusNumber))
  if (filter.sessionId !== undefined) {
    const ids = index.sql.all('SELECT id FROM session WHERE key = ?', [filter.sessionId]).map((row) => int(row[0]))
    isIn('session_id', ids)
  }
  return { where, params }
}

function idsOf(names: Names, wanted: readonly (string | null)[] | undefined): number[] | undefined {
  return wanted?.map((name) => names.find(name)).filter((id) => id !== undefined)
}

/** The number after the last request in the blocks before `offset` of a segment. */
export function seqAfter(index: SessionIndex, segment: number, offset: number): number {
  const row = index.sql.get(
    'SELECT coalesce(max(first_seq + requests), 0) FROM block WHERE (segment, offset) < (?, ?)',
    [segment, offset],
  )
  return int(row?.[0])
}
