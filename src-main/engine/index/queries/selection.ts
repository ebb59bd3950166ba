import type { DataSelection, SelectionSize, StoreSize } from '../../../contract/index'
import type { SessionIndex } from '../tables/session-index'
import { int, intOrNull } from '../database/sql'
import { totalsOf } from './overview'

/** The size of a selection. Cost: one pass over the sessions, or over `usage`. */
export function selectionSize(index: SessionIndex, selection: DataSelection): SelectionSize {
  if ('source' in selection) {
    const { sessions, rounds } = totalsOf(index, { sources: [selection.source] })
    return { sessions, rounds }
  }
  const row = index.sql.get('SELECT count(*), coalesce(sum(rounds), 0) FROM session WHERE last_time < ?', [
    selection.olderThan,
  ])
  return { sessions: int(row?.[0]), rounds: int(row?.[1]) }
}

/** A request, and whether it is selected. */
interface SelectableRequest {
  readonly seq: number
  readonly fileId: number
  readonly selected: boolean
}

/** The next `limit` requests after number `after`, in order. */
export function selectRequests(
  index: SessionIndex,
  selection: DataSelection,
  after: number,
  limit: number,
): SelectableRequest[] {
  const [selected, from, value] =
    'source' in selection
      ? ['source_id = ?', 'request', index.sources.find(selection.source) ?? -1]
      : ['session.last_time < ?', 'request JOIN session ON session.id = session_id', selection.olderThan]
  return index.sql
    .all(`SELECT seq, file_id, ${selected} FROM ${from} WHERE seq > ? ORDER BY seq LIMIT ?`, [value, after, limit])
    .map((row) => ({ seq: int(row[0]), fileId: int(row[1]), selected: int(row[2]) === 1 }))
}

/** The file in whose ledger request `seq` was counted; null when the request does not count. */
export function fileOfRequest(index: SessionIndex, seq: number): number | null {
  return intOrNull(index.sql.get('SELECT file_id FROM request WHERE seq = ?', [seq])?.[0])
}

/** The size of everything stored. Cost: one pass over the sessions. */
export function everything(index: SessionIndex): Pick<StoreSize, 'sessions' | 'rounds' | 'firstTime'> {
  const row = index.sql.get('SELECT count(*), coalesce(sum(rounds), 0), min(first_time) FROM session')
  return { sessions: int(row?.[0]), rounds: int(row?.[1]), firstTime: intOrNull(row?.[2]) }
}

/** Size of the index when saved, bytes. */
export function indexBytes(index: SessionIndex): number {
  const pages = int(index.sql.get('PRAGMA page_count')?.[0])
  return pages * int(index.sql.get('PRAGMA page_size')?.[0])
}
