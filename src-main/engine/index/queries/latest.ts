import type { LatestRequest } from '../../../contract/index'
import { toUsd } from '../../pricing/cost'
import type { SessionIndex } from '../tables/session-index'
import { int, intOrNull, str, strOrNull } from '../database/sql'
import { STATUSES } from '../sums/status'

/** The `limit` requests that were read last, the latest first. */
export function latestRequests(index: SessionIndex, limit: number): LatestRequest[] {
  return index.sql
    .all(
      `SELECT seq, time, session.key, session.title, model.name, request.input, request.output,
         request.cost, status
       FROM (SELECT * FROM request ORDER BY seq DESC LIMIT ?) AS request
       JOIN session ON session.id = request.session_id
       JOIN model ON model.id = request.model_id
       ORDER BY seq DESC`,
      [limit],
    )
    .map((row) => ({
      seq: int(row[0]),
      time: int(row[1]),
      sessionId: str(row[2]),
      title: strOrNull(row[3]),
      model: str(row[4]) || null,
      inputTokens: intOrNull(row[5]),
      outputTokens: intOrNull(row[6]),
      costUsd: toUsd(intOrNull(row[7])),
      status: STATUSES[int(row[8])] ?? 'ok',
    }))
}
