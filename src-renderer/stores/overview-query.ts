import type { Bucket, ChosenFilter, OverviewQuery, OverviewSettings, UsageFilter } from '@contract'
import { DAY_MS, HOUR_MS } from '@shared/durations'
import { dayOf, dayStart } from '../lib/shown-zone'

export type ChosenRange = Pick<OverviewSettings, 'range' | 'from' | 'to'>

export interface TimeRange {
  readonly from: number
  /** Not included. */
  readonly to: number
}

const DAYS = { today: 1, week: 7, month: 30 } as const

/** The range meant and the one before it to compare with; null where everything is meant. */
export function rangesOf(
  settings: ChosenRange,
  now: number,
): { readonly range: TimeRange; readonly previous: TimeRange } | null {
  if (settings.range === 'all') return null
  if (settings.range !== 'custom') {
    const days = DAYS[settings.range]
    const today = dayOf(now)
    const range = { from: dayStart(today, 1 - days), to: dayStart(today, 1) }
    // What is over of this period is compared with as much of the one before, by whole hours as rounds are counted.
    const sinceStart = Math.ceil((now - range.from) / HOUR_MS) * HOUR_MS
    const from = dayStart(today, 1 - 2 * days)
    return { range, previous: { from, to: Math.min(range.from, from + sinceStart) } }
  }
  const first = settings.from ?? settings.to
  const last = settings.to ?? first
  if (first === null || last === null || Number.isNaN(dayStart(first)) || Number.isNaN(dayStart(last))) return null
  const [start, end] = first <= last ? [first, last] : [last, first]
  const days = Math.round((dayStart(end, 1) - dayStart(start)) / DAY_MS)
  return {
    range: { from: dayStart(start), to: dayStart(end, 1) },
    previous: { from: dayStart(start, -days), to: dayStart(start) },
  }
}

/** Periods short enough to be told apart and few enough to be drawn. */
export function bucketOf(range: TimeRange | null, chosen: Bucket | null): Bucket {
  if (chosen !== null) return chosen
  if (range === null) return 'day'
  const days = (range.to - range.from) / DAY_MS
  if (days <= 2.1) return 'hour'
  return days > 190 ? 'week' : 'day'
}

export const isFiltered = (filter: ChosenFilter): boolean => Object.keys(filter).length > 0

export function overviewQuery(
  settings: OverviewSettings,
  now: number,
  limits: { readonly recent: number; readonly top: number },
): OverviewQuery {
  const ranges = rangesOf(settings, now)
  const filter: UsageFilter = { ...settings.filter, ...ranges?.range }
  return {
    recentLimit: limits.recent,
    topLimit: limits.top,
    bucket: bucketOf(ranges?.range ?? null, settings.bucket),
    ...(Object.keys(filter).length > 0 ? { filter } : {}),
    ...(ranges === null ? {} : { previous: ranges.previous }),
  }
}
