import type { CacheInsight, InsightRange } from '../../../../contract/index'
import type { PriceCatalog } from '../../../pricing/catalog'
import { compareNames } from '../../database/names'
import type { SessionIndex } from '../../tables/session-index'
import { int, intOrNull } from '../../database/sql'
import { roundNumber } from '../rounds'
import { sessionsById } from '../sessions'
import { addKnown, daysOf, rebilledUsd } from './days'

const WORST = 50

/** Breaks of the prompt cache (rules: tables/insight-tables.ts). Cost: one row per day, model and consumer. */
export function cacheInsight(index: SessionIndex, prices: PriceCatalog, range: InsightRange): CacheInsight {
  const days = daysOf(index, range)
  const byModel = new Map<number, { breaks: number; tokens: number; estimatedTokens: number; costUsd: number | null }>()
  for (const [day, id, breaks, tokens, estimated] of index.sql.all(
    'SELECT day, model_id, sum(breaks), sum(rebilled), sum(rebilled_estimated) FROM insight_day ' +
      'WHERE day BETWEEN ? AND ? GROUP BY day, model_id HAVING sum(breaks) > 0',
    [...days],
  )) {
    const sums = byModel.get(int(id)) ?? { breaks: 0, tokens: 0, estimatedTokens: 0, costUsd: null }
    byModel.set(int(id), sums)
    sums.breaks += int(breaks)
    sums.tokens += int(tokens)
    sums.estimatedTokens += int(estimated)
    sums.costUsd = addKnown(sums.costUsd, rebilledUsd(prices, index.models.nameOf(int(id)), int(day), int(tokens)))
  }
  const rows = [...byModel]
    .map(([id, sums]) => ({ model: index.models.nameOf(id), ...sums }))
    .sort((a, b) => b.tokens - a.tokens || compareNames(a.model, b.model))
  return {
    section: 'cache',
    breaks: rows.reduce((sum, row) => sum + row.breaks, 0),
    tokens: rows.reduce((sum, row) => sum + row.tokens, 0),
    estimatedTokens: rows.reduce((sum, row) => sum + row.estimatedTokens, 0),
    costUsd: rows.reduce<number | null>((sum, row) => addKnown(sum, row.costUsd), null),
    byModel: rows,
    worst: worstBreaks(index, prices, days),
  }
}

function worstBreaks(
  index: SessionIndex,
  prices: PriceCatalog,
  days: readonly [number, number],
): CacheInsight['worst'] {
  const rows = index.sql.all(
    'SELECT b.seq, session_id, time, model_id, message, tokens, estimated, b.day ' +
      'FROM cache_break AS b JOIN request USING (seq) WHERE b.day BETWEEN ? AND ? AND tokens > 0 ' +
      'ORDER BY tokens DESC, b.seq LIMIT ?',
    [...days, WORST],
  )
  const sessions = sessionsById(
    index,
    rows.map((row) => int(row[1])),
  )
  return rows.flatMap((row) => {
    const session = sessions.get(int(row[1]))
    if (session === undefined) return []
    const model = index.models.nameOf(int(row[3]))
    return [
      {
        session,
        round: roundNumber(index, int(row[0])) ?? 0,
        time: int(row[2]),
        model,
        message: intOrNull(row[4]),
        tokens: int(row[5]),
        estimated: int(row[6]) === 1,
        costUsd: rebilledUsd(prices, model, int(row[7]), int(row[5])),
      },
    ]
  })
}
