import type {
  Bucket,
  DateModelUsage,
  DateUsage,
  ModelUsage,
  Overview,
  OverviewQuery,
  SessionUsage,
  UsageFilter,
} from '../../../contract/index'
import { toUsd } from '../../pricing/cost'
import { bucketOf, bucketText } from '../sums/hours'
import { compareNames } from '../database/names'
import type { SessionIndex } from '../tables/session-index'
import { STATUSES } from '../sums/status'
import type { UsageColumns } from '../sums/usage-columns'
import { rowTest } from './usage-filter'
import { groupRows, sumSessions, type Group, type KeyOf } from './usage-groups'
import { latestSessions, recentSessions, sessionsById } from './sessions'
import { EMPTY_GROUP, usageOf, usageTotals } from './totals'

/** Cards, charts and sessions from one state of the index. Cost: one pass over `usage`, none over requests. */
export function overview(index: SessionIndex, query: OverviewQuery): Overview {
  const { filter = {}, bucket = 'day', topLimit = 0, previous } = query
  const columns = index.usage
  const test = rowTest(index, filter)
  const period = periodOf(columns, bucket)
  const [all, byModel, byConsumer, bySource, byStatus, byDateAndModel, byDate] = groupRows(columns, test, [
    () => 0,
    (at) => columns.model[at] ?? 0,
    (at) => columns.consumer[at] ?? 0,
    (at) => columns.source[at] ?? 0,
    (at) => columns.status[at] ?? 0,
    (at) => period(at) * MODELS + (columns.model[at] ?? 0),
    period,
  ])
  const dateModels = datesAndModels(index, byDateAndModel, bucket)
  const sessions = query.recentLimit > 0 || topLimit > 0 ? sumSessions(columns, test) : null
  return {
    revision: index.revision,
    timeZone: index.timeZone,
    totals: usageOf(all?.get(0) ?? EMPTY_GROUP),
    previous: previous === undefined ? null : totalsOf(index, { ...filter, ...previous }),
    byModel: models(index, byModel),
    byConsumer: ranked(
      byConsumer,
      (id) => ({ consumer: index.consumers.nameOf(id) }),
      ({ consumer }) => consumer,
    ),
    bySource: ranked(
      bySource,
      (id) => ({ source: index.sources.nameOf(id) ?? '' }),
      ({ source }) => source,
    ),
    byStatus: sorted(byStatus).map((group) => ({ status: STATUSES[group.key] ?? 'ok', ...usageOf(group) })),
    byDate: dates(byDate, dateModels, bucket),
    byDateAndModel: dateModels,
    recentSessions: recentSessions(index, query.recentLimit, test === null ? null : (sessions?.rounds ?? null)),
    topSessions: sessions === null || topLimit === 0 ? [] : topSessions(index, sessions, topLimit),
    choices: {
      models: index.models.all().map(({ name }) => name),
      consumers: index.consumers.all().map(({ name }) => name),
      sources: index.sources
        .all()
        .map(({ name }) => name)
        .filter((name) => name !== null),
    },
  }
}

/** Totals of the rounds that pass the filter. */
export function totalsOf(index: SessionIndex, filter: UsageFilter): SessionUsage {
  const [all] = groupRows(index.usage, rowTest(index, filter), [() => 0])
  return usageOf(all?.get(0) ?? EMPTY_GROUP)
}

/** Totals by the model of each round, the most expensive first. */
export function usageByModel(index: SessionIndex, filter: UsageFilter = {}): ModelUsage[] {
  const columns = index.usage
  return models(index, groupRows(columns, rowTest(index, filter), [(at) => columns.model[at] ?? 0])[0])
}

/** Totals by day, the oldest first: of the `days` latest days with rounds, or of all days (null). */
export function usageByDate(index: SessionIndex, days: number | null, filter: UsageFilter = {}): DateUsage[] {
  const columns = index.usage
  const period = periodOf(columns, 'day')
  const [byDateAndModel, byDate] = groupRows(columns, rowTest(index, filter), [
    (at) => period(at) * MODELS + (columns.model[at] ?? 0),
    period,
  ])
  const all = dates(byDate, datesAndModels(index, byDateAndModel, 'day'), 'day')
  return days === null ? all : all.slice(Math.max(0, all.length - days))
}

/** More models than a store has, so that a model fits into a key together with a period. */
const MODELS = 1_000_000

/** The period of each row. Consecutive rows often have the same hour. */
function periodOf({ hour }: UsageColumns, bucket: Bucket): KeyOf {
  const periods = new Map<number, number>()
  let lastHour = NaN
  let last = 0
  return (at) => {
    const value = hour[at] ?? 0
    if (value === lastHour) return last
    let period = periods.get(value)
    if (period === undefined) {
      period = bucketOf(value, bucket)
      periods.set(value, period)
    }
    lastHour = value
    last = period
    return period
  }
}

function models(index: SessionIndex, groups: Map<number, Group> | undefined): ModelUsage[] {
  return ranked(
    groups,
    (id) => ({ model: index.models.nameOf(id) }),
    ({ model }) => model,
  )
}

function datesAndModels(index: SessionIndex, groups: Map<number, Group> | undefined, bucket: Bucket): DateModelUsage[] {
  return [...(groups?.values() ?? [])]
    .map((group) => {
      const period = Math.floor(group.key / MODELS)
      return { period, model: index.models.nameOf(group.key % MODELS), totals: usageTotals(group.sums, group.failed) }
    })
    .sort((a, b) => a.period - b.period || byCost(a.totals, b.totals) || compareNames(a.model, b.model))
    .map(({ period, model, totals }) => ({ date: bucketText(period, bucket), model, ...totals }))
}

function dates(
  groups: Map<number, Group> | undefined,
  dateModels: readonly DateModelUsage[],
  bucket: Bucket,
): DateUsage[] {
  const names = new Map<string, string[]>()
  for (const { date, model } of dateModels) {
    const list = names.get(date) ?? []
    if (model !== null) list.push(model)
    names.set(date, list)
  }
  return sorted(groups).map((group) => {
    const date = bucketText(group.key, bucket)
    return { date, models: (names.get(date) ?? []).sort(), ...usageOf(group) }
  })
}

/** The most expensive first. Among equal costs the latest comes first, then the higher id, as in the session list. */
function topSessions(
  index: SessionIndex,
  { cost: costs, unpriced }: ReturnType<typeof sumSessions>,
  limit: number,
): Overview['topSessions'] {
  const least = leastOfTop(costs, limit)
  const ids: number[] = []
  let tied: number[] = []
  for (const [id, cost] of costs.entries()) {
    if (cost > least) ids.push(id)
    else if (cost === least && cost > 0) tied.push(id)
  }
  const room = limit - ids.length
  if (tied.length > room) tied = latestSessions(index, room, (id) => costs[id] === least)
  const rows = sessionsById(index, [...ids, ...tied])
  return [...rows]
    .map(([id, session]) => ({ id, session, cost: costs[id] ?? 0 }))
    .sort((a, b) => b.cost - a.cost || b.session.lastTime - a.session.lastTime || b.id - a.id)
    .map(({ id, session, cost }) => ({ session, costUsd: toUsd(cost) ?? 0, unpricedRounds: unpriced[id] ?? 0 }))
}

/** The lowest cost among the `limit` most expensive sessions; 0 when fewer sessions cost anything. */
function leastOfTop(costs: Float64Array, limit: number): number {
  const top: number[] = []
  for (const cost of costs) {
    if (cost <= 0 || (top.length === limit && cost <= (top.at(-1) ?? 0))) continue
    const place = top.findIndex((other) => other < cost)
    top.splice(place < 0 ? top.length : place, 0, cost)
    if (top.length > limit) top.pop()
  }
  return top.length < limit ? 0 : (top.at(-1) ?? 0)
}

/** The most expensive first, then by tokens, then by name. */
function ranked<T>(
  groups: Map<number, Group> | undefined,
  named: (id: number) => T,
  nameOf: (row: T) => string | null,
): (T & SessionUsage)[] {
  return [...(groups?.values() ?? [])]
    .map((group) => ({ ...named(group.key), ...usageOf(group) }))
    .sort((a, b) => byCost(a, b) || compareNames(nameOf(a), nameOf(b)))
}

function sorted(groups: Map<number, Group> | undefined): Group[] {
  return [...(groups?.values() ?? [])].sort((a, b) => a.key - b.key)
}

function byCost(a: Omit<SessionUsage, 'sessions'>, b: Omit<SessionUsage, 'sessions'>): number {
  return (b.costUsd ?? 0) - (a.costUsd ?? 0) || b.inputTokens + b.outputTokens - (a.inputTokens + a.outputTokens)
}
