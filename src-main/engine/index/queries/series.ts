import type { SessionSeries } from '../../../contract/index'
import { PICO_PER_USD } from '../../pricing/cost'
import type { SessionIndex } from '../tables/session-index'
import { int, intOrNull } from '../database/sql'

/** Figures of each round of a session (session.id), in order. */
export function sessionSeries(index: SessionIndex, sessionId: number): SessionSeries {
  const rows = index.sql.all(
    'SELECT time, input, cached, prompt, output, cost FROM request WHERE session_id = ? ORDER BY time, seq',
    [sessionId],
  )
  return {
    revision: index.revision,
    times: rows.map((row) => int(row[0])),
    inputTokens: rows.map((row) => intOrNull(row[1])),
    promptTokens: rows.map((row) => intOrNull(row[3])),
    cachedTokens: rows.map((row) => intOrNull(row[2])),
    outputTokens: rows.map((row) => intOrNull(row[4])),
    costUsd: rows.map((row) => {
      const cost = intOrNull(row[5])
      return cost === null ? null : cost / PICO_PER_USD
    }),
  }
}
