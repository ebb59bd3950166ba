import type { DateUsage, ModelUsage, Overview, OverviewQuery } from '../../../contract/index'
import { dayText } from '../days'
import type { SessionIndex } from '../session-index'
import { int, str } from '../sql'
import { countSessions, recentSessions } from './sessions'
import { readTotals, SUM_TOTALS } from './totals'

/** Cards, charts and recent sessions, of one state of the index. */
export function overview(index: SessionIndex, query: OverviewQuery): Overview {
  const totals = index.sql.get(`SELECT ${SUM_TOTALS} FROM session`)
  return {
    revision: index.revision,
    timeZone: index.timeZone,
    totals: { ...readTotals(totals ?? []), sessions: countSessions(index) },
    byModel: usageByModel(index),
    byDate: usageByDate(index, null),
    recentSessions: recentSessions(index, query.recentLimit),
  }
}

/** Totals by the model of each round, the most expensive first. */
export function usageByModel(index: SessionIndex): ModelUsage[] {
  return index.sql
    .all(
      `SELECT name, count(DISTINCT session_id), ${SUM_TOTALS} FROM usage JOIN model ON model.id = model_id ` +
        'GROUP BY model_id ORDER BY sum(cost) DESC, sum(input) + sum(output) DESC, name',
    )
    .map((row) => ({ model: str(row[0]) || null, sessions: int(row[1]), ...readTotals(row, 2) }))
}

/** Totals by day, oldest first; of the `days` latest days that had rounds, or of all (null). */
export function usageByDate(index: SessionIndex, days: number | null): DateUsage[] {
  const from =
    days === null
      ? 0
      : int(
          index.sql.get(
            'SELECT coalesce(min(day), 0) FROM (SELECT DISTINCT day FROM usage ORDER BY day DESC LIMIT ?)',
            [days],
          )?.[0],
        )
  const models = new Map<number, string[]>()
  for (const [day, name] of index.sql.all(
    'SELECT DISTINCT day, name FROM usage JOIN model ON model.id = model_id WHERE day >= ? ORDER BY day, name',
    [from],
  )) {
    const names = models.get(int(day)) ?? []
    if (str(name) !== '') names.push(str(name))
    models.set(int(day), names)
  }
  return index.sql
    .all(`SELECT day, count(DISTINCT session_id), ${SUM_TOTALS} FROM usage WHERE day >= ? GROUP BY day ORDER BY day`, [
      from,
    ])
    .map((row) => ({
      date: dayText(int(row[0])),
      sessions: int(row[1]),
      models: models.get(int(row[0])) ?? [],
      ...readTotals(row, 2),
    }))
}
