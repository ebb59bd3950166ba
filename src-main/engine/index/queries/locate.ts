import type { BlockPlace } from '../../archive/position'
import type { SessionIndex } from '../tables/session-index'
import { int, str } from '../database/sql'
import { roundNumber } from './rounds'

/** The session and round of a request. */
export interface LocatedRequest {
  readonly sessionId: string
  readonly inferred: boolean
  /** The session's first question, if any. */
  readonly title: string | null
  /** Distinguishes a logged and an inferred session with the same id. */
  readonly sessionKey: string
  /** Counted from 1. */
  readonly round: number
  readonly model: string | null
  /** ms since the epoch. */
  readonly time: number
}

/** The session and round of request `seq`; undefined when it does not count because a later record replaced it. */
export function locateRequest(index: SessionIndex, seq: number): LocatedRequest | undefined {
  const row = index.sql.get(
    'SELECT session.key, session.inferred, model.name, request.time, title FROM request JOIN session ON session.id = session_id ' +
      'JOIN model ON model.id = request.model_id WHERE seq = ?',
    [seq],
  )
  if (row === undefined) return undefined
  const inferred = int(row[1]) === 1
  return {
    sessionId: str(row[0]),
    inferred,
    title: row[4] === null ? null : str(row[4]),
    sessionKey: `${inferred ? 'i' : 'l'}${str(row[0])}`,
    round: roundNumber(index, seq) ?? 0,
    model: str(row[2]) || null,
    time: int(row[3]),
  }
}

/** How many messages request `seq` sent; null when it is not in the index. */
export function messagesSent(index: SessionIndex, seq: number): number | null {
  const row = index.sql.get('SELECT messages FROM request WHERE seq = ?', [seq])
  return row === undefined ? null : int(row[0])
}

/** The request before request `seq` in its session, by time; null for the first. */
export function requestBefore(index: SessionIndex, seq: number): number | null {
  const row = index.sql.get(
    'SELECT r.seq FROM request AS r, (SELECT session_id, time, seq FROM request WHERE seq = ?) AS this ' +
      'WHERE r.session_id = this.session_id AND (r.time, r.seq) < (this.time, this.seq) ' +
      'ORDER BY r.time DESC, r.seq DESC LIMIT 1',
    [seq],
  )
  return row === undefined ? null : int(row[0])
}

/** All blocks of the archive with requests, in the order they were read. */
export function blockPlaces(index: SessionIndex): BlockPlace[] {
  return index.sql
    .all('SELECT first_seq, requests, segment, offset FROM block ORDER BY first_seq')
    .map((row) => ({ firstSeq: int(row[0]), requests: int(row[1]), segment: int(row[2]), offset: int(row[3]) }))
}

/** session.id of each session with a request after `seq`. */
export function sessionsAfter(index: SessionIndex, seq: number): number[] {
  return index.sql.all('SELECT DISTINCT session_id FROM request WHERE seq > ?', [seq]).map((row) => int(row[0]))
}

/** The number of the latest request; 0 without any. */
export function lastSeq(index: SessionIndex): number {
  return int(index.sql.get('SELECT coalesce(max(seq), 0) FROM request')?.[0])
}

/** The numbers of all requests that count, session by session, because requests of a session share their histories. */
export function seqsInOrder(index: SessionIndex): number[] {
  return index.sql.all('SELECT seq FROM request ORDER BY session_id, time, seq').map((row) => int(row[0]))
}

export function sessionCount(index: SessionIndex): number {
  return int(index.sql.get('SELECT count(*) FROM session')?.[0])
}
