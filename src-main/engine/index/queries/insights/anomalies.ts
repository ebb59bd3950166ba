import type { AnomaliesInsight, InsightQuery } from '../../../../contract/index'
import { toUsd } from '../../../pricing/cost'
import { bucketText, dayText } from '../../sums/hours'
import type { SessionIndex } from '../../tables/session-index'
import { int } from '../../database/sql'
import { sessionsById } from '../sessions'
import { dayFromNumber, dayNumber, dayOf, daysOf } from './days'
import { forecast } from './forecast'

/** Robust standard deviations above the median. */
const K = 3.5
/** Fewer past values than this are not enough to compare with. */
const LEAST_PAST = 8
/** Days of past to compare with: those before the range, at least this many up to its end. */
const PAST_DAYS = 28
const SHOWN = 20
/** Lower costs are never reported, picodollars: a cent. */
const LEAST_COST = 1e10
/** Minimum deviation, in logarithms. Otherwise any difference would stand out when all past costs are equal. */
const LEAST_DEVIATION = 0.1

/**
 * Reports costs far above their own past: those whose logarithm is more than K robust standard deviations (1.4826 × the
 * median absolute deviation; at least 0.1) above the median of the past (Iglewicz and Hoaglin, "How to Detect and
 * Handle Outliers", 1993, who recommend the threshold 3.5). Logarithms are used because costs spread over orders of
 * magnitude. An hour is compared with the other hours that have a cost in the 28 days up to the end of the range, a
 * model's day with the model's other days, and a session with the other sessions. Cost: one pass over `usage`.
 */
export function anomaliesInsight(index: SessionIndex, query: InsightQuery): AnomaliesInsight {
  const [first, last] = daysOf(index, query)
  const pastFrom = Math.min(first, dayFromNumber(dayNumber(last) - PAST_DAYS + 1))
  const { usage } = index
  const hours = new Map<number, number>()
  const models = new Map<number, Map<number, number>>()
  const sessions = new Map<number, { cost: number; inRange: boolean }>()
  for (let at = 0; at < usage.length; at += 1) {
    const hour = usage.hour[at] ?? 0
    const day = Math.floor(hour / 100)
    if (day < pastFrom || day > last) continue
    const cost = usage.sum(at, 'cost')
    if (cost <= 0) continue
    hours.set(hour, (hours.get(hour) ?? 0) + cost)
    const model = usage.model[at] ?? 0
    const byDay = models.get(model) ?? new Map<number, number>()
    models.set(model, byDay)
    byDay.set(day, (byDay.get(day) ?? 0) + cost)
    const id = usage.session[at] ?? 0
    const session = sessions.get(id) ?? { cost: 0, inRange: false }
    sessions.set(id, session)
    session.cost += cost
    session.inRange ||= day >= first
  }
  const inRange = (day: number) => day >= first
  return {
    section: 'anomalies',
    k: K,
    sessions: sessionAnomalies(index, sessions),
    hours: outliers([...hours].map(([key, cost]) => ({ key, cost, candidate: inRange(Math.floor(key / 100)) }))).map(
      ({ key, ...rest }) => ({ hour: bucketText(key, 'hour'), ...rest }),
    ),
    models: [...models]
      .flatMap(([id, days]) =>
        outliers([...days].map(([key, cost]) => ({ key, cost, candidate: inRange(key) }))).map(({ key, ...rest }) => ({
          model: index.models.nameOf(id),
          date: dayText(key),
          ...rest,
        })),
      )
      .sort((a, b) => b.costUsd - a.costUsd)
      .slice(0, SHOWN),
    forecast: forecast(index, dayOf(index, query.now)),
  }
}

function sessionAnomalies(
  index: SessionIndex,
  sessions: ReadonlyMap<number, { readonly cost: number; readonly inRange: boolean }>,
): AnomaliesInsight['sessions'] {
  const found = outliers([...sessions].map(([key, { cost, inRange }]) => ({ key, cost, candidate: inRange })))
  const rows = sessionsById(
    index,
    found.map(({ key }) => int(key)),
  )
  return found.flatMap(({ key, ...rest }) => {
    const session = rows.get(key)
    return session === undefined ? [] : [{ session, ...rest }]
  })
}

interface Value {
  readonly key: number
  /** Picodollars, positive. */
  readonly cost: number
  readonly candidate: boolean
}

/** The candidates far above the other values, the most expensive first. */
function outliers(
  values: readonly Value[],
): { readonly key: number; readonly costUsd: number; readonly usualUsd: number }[] {
  if (values.length <= LEAST_PAST) return []
  const logs = Float64Array.from(values, ({ cost }) => Math.log(cost)).sort()
  const middle = median(logs)
  const spread = median(logs.map((log) => Math.abs(log - middle)).sort())
  const bound = Math.exp(middle + K * Math.max(LEAST_DEVIATION, 1.4826 * spread))
  return values
    .filter(({ cost, candidate }) => candidate && cost > bound && cost >= LEAST_COST)
    .sort((a, b) => b.cost - a.cost)
    .slice(0, SHOWN)
    .map(({ key, cost }) => ({ key, costUsd: toUsd(cost) ?? 0, usualUsd: toUsd(Math.exp(middle)) ?? 0 }))
}

/** `sorted` is ascending. */
function median(sorted: Float64Array): number {
  const half = sorted.length >> 1
  const upper = sorted[half] ?? 0
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? 0) + upper) / 2
}
