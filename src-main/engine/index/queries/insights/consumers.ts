import type { ConsumersInsight, InsightRange } from '../../../../contract/index'
import { toUsd } from '../../../pricing/cost'
import type { SessionIndex } from '../../tables/session-index'
import { int, str } from '../../database/sql'
import { rowTest } from '../usage-filter'
import { groupRows } from '../usage-groups'
import { usageOf } from '../totals'
import { daysOf, wholeDays } from './days'

/** Spending by consumer and by route. Cost: one pass over `usage`, and one row per day, route and session. */
export function consumersInsight(index: SessionIndex, range: InsightRange): ConsumersInsight {
  const { usage } = index
  const [groups] = groupRows(usage, rowTest(index, wholeDays(index, range)), [(at) => usage.consumer[at] ?? 0])
  const byRoute = index.sql
    .all(
      'SELECT name, authority, count(DISTINCT session_id), sum(rounds), sum(tokens), sum(cost), sum(unpriced) ' +
        'FROM route_day JOIN route ON route.id = route_id WHERE day BETWEEN ? AND ? GROUP BY route_id ' +
        'ORDER BY 6 DESC, 5 DESC, name, authority',
      [...daysOf(index, range)],
    )
    .map((row) => ({
      route: str(row[0]) || null,
      authority: str(row[1]) || null,
      sessions: int(row[2]),
      rounds: int(row[3]),
      tokens: int(row[4]),
      costUsd: int(row[3]) === int(row[6]) ? null : toUsd(int(row[5])),
      unpricedRounds: int(row[6]),
    }))
  const byConsumer = [...(groups ?? [])]
    .map(([id, group]) => ({ consumer: index.consumers.nameOf(id), ...usageOf(group) }))
    .sort((a, b) => (b.costUsd ?? 0) - (a.costUsd ?? 0) || b.inputTokens - a.inputTokens)
  return { section: 'consumers', byConsumer, byRoute }
}
