import type { InsightRange, ToolsInsight } from '../../../../contract/index'
import { toUsd } from '../../../pricing/cost'
import type { SessionIndex } from '../../tables/session-index'
import { int, str } from '../../database/sql'
import { daysOf } from './days'

/** Calls and results of each tool. Cost: one row per day and tool. */
export function toolsInsight(index: SessionIndex, range: InsightRange): ToolsInsight {
  const tools = index.sql
    .all(
      'SELECT name, sum(calls), sum(rounds), sum(cost), sum(unpriced), sum(argument_bytes), sum(results), ' +
        'sum(result_bytes) FROM tool_day JOIN tool ON tool.id = tool_id WHERE day BETWEEN ? AND ? ' +
        'GROUP BY tool_id ORDER BY 2 DESC, name',
      [...daysOf(index, range)],
    )
    .map((row) => {
      const [rounds, unpriced] = [int(row[2]), int(row[4])]
      return {
        name: str(row[0]),
        calls: int(row[1]),
        rounds,
        costUsd: rounds > 0 && rounds === unpriced ? null : toUsd(int(row[3])),
        unpricedRounds: unpriced,
        argumentBytes: int(row[5]),
        results: int(row[6]),
        resultBytes: int(row[7]),
      }
    })
  return { section: 'tools', tools }
}
