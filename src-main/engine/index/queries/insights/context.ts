import type { ContextInsight, ContextShare, InsightRange } from '../../../../contract/index'
import { dayText } from '../../sums/hours'
import { compareNames } from '../../database/names'
import type { SessionIndex } from '../../tables/session-index'
import { int, type Row } from '../../database/sql'
import { daysOf } from './days'

const SUMS =
  'coalesce(sum(known_rounds), 0), coalesce(sum(known_input), 0), coalesce(sum(resent), 0), coalesce(sum(compactions), 0)'

/** History that was sent again. Cost: one row per day, model and consumer. */
export function contextInsight(index: SessionIndex, range: InsightRange): ContextInsight {
  const days = [...daysOf(index, range)]
  const rounds = roundsBy(index, range)
  const grouped = (column: string) =>
    index.sql.all(`SELECT ${column}, ${SUMS} FROM insight_day WHERE day BETWEEN ? AND ? GROUP BY 1 ORDER BY 1`, days)
  const all = index.sql.get(`SELECT 0, ${SUMS} FROM insight_day WHERE day BETWEEN ? AND ?`, days) ?? []
  return {
    section: 'context',
    totals: share(all, rounds.all),
    byDay: grouped('day').map((row) => ({
      date: dayText(int(row[0])),
      ...share(row, rounds.byDay.get(int(row[0])) ?? 0),
    })),
    byModel: grouped('model_id')
      .map((row) => ({
        model: index.models.nameOf(int(row[0])),
        ...share(row, rounds.byModel.get(int(row[0])) ?? 0),
      }))
      .sort((a, b) => b.resentTokens - a.resentTokens || compareNames(a.model, b.model)),
  }
}

function share(row: Row, rounds: number): ContextShare {
  return {
    rounds,
    knownRounds: int(row[1]),
    promptTokens: int(row[2]),
    resentTokens: int(row[3]),
    compactions: int(row[4]),
  }
}

function roundsBy(index: SessionIndex, range: InsightRange) {
  const [first, last] = daysOf(index, range)
  const { usage } = index
  const byDay = new Map<number, number>()
  const byModel = new Map<number, number>()
  let all = 0
  for (let at = 0; at < usage.length; at += 1) {
    const day = Math.floor((usage.hour[at] ?? 0) / 100)
    if (day < first || day > last) continue
    const rounds = usage.sum(at, 'rounds')
    const model = usage.model[at] ?? 0
    all += rounds
    byDay.set(day, (byDay.get(day) ?? 0) + rounds)
    byModel.set(model, (byModel.get(model) ?? 0) + rounds)
  }
  return { all, byDay, byModel }
}
