import type { Spark } from '../../../contract/index'
import { PICO_PER_USD } from '../../pricing/cost'
import type { SessionIndex } from '../tables/session-index'
import { int, intOrNull } from '../database/sql'

/** Maximum points of a sparkline. */
const SPARK_POINTS = 24

/** Cost over the rounds of each session; empty for an unknown session. */
export function sparks(index: SessionIndex, sessionIds: readonly string[]): Spark[] {
  return sessionIds.map((key) => {
    const id = index.sql.get('SELECT id FROM session WHERE key = ? ORDER BY inferred LIMIT 1', [key])
    return id === undefined ? [] : spark(index, int(id[0]))
  })
}

function spark(index: SessionIndex, sessionId: number): Spark {
  const costs: number[] = []
  index.sql.each(
    'SELECT cost FROM request WHERE session_id = ? ORDER BY time, seq',
    (row) => {
      costs.push((intOrNull(row[0]) ?? 0) / PICO_PER_USD)
      return true
    },
    [sessionId],
  )
  if (costs.length <= SPARK_POINTS) return costs
  const points = new Array<number>(SPARK_POINTS).fill(0)
  for (const [position, cost] of costs.entries()) {
    const point = Math.floor((position * SPARK_POINTS) / costs.length)
    points[point] = (points[point] ?? 0) + cost
  }
  return points
}
