import { inferredRoot } from '../../archive/inferred-session'
import type { SessionIndex } from '../tables/session-index'
import { int, intOrNull, str } from '../database/sql'

/** A request that may be continued in an inferred session. */
interface OpenEnd {
  readonly seq: number
  readonly root: string
  /** Number of messages in the session's first request. */
  readonly openingMessages: number
}

/** Requests examined from the end of a session to find its branches. */
const LOOKED_AT = 6
const ENDS = 3

/** The last requests of the inferred sessions that were active last, one per branch, in the order they were read. */
export function latestInferred(index: SessionIndex, sessions: number): OpenEnd[] {
  const ends: OpenEnd[] = []
  for (const [id, key] of index.sql.all(
    'SELECT id, key FROM session WHERE inferred = 1 ORDER BY last_time DESC LIMIT ?',
    [sessions],
  )) {
    const first = index.sql.get('SELECT messages FROM request WHERE session_id = ? ORDER BY seq LIMIT 1', [int(id)])
    const latest = index.sql.all(
      'SELECT seq, base FROM request WHERE session_id = ? ORDER BY time DESC, seq DESC LIMIT ?',
      [int(id), LOOKED_AT],
    )
    const continued = new Set(latest.map((row) => intOrNull(row[1])))
    const open = latest.map((row) => int(row[0])).filter((seq) => !continued.has(seq))
    for (const seq of open.slice(0, ENDS))
      ends.push({ seq, root: inferredRoot(str(key)), openingMessages: int(first?.[0]) })
  }
  return ends.sort((a, b) => a.seq - b.seq)
}
