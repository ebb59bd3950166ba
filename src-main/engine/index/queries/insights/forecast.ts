import type { Forecast } from '../../../../contract/index'
import { DAY_MS } from '../../../../shared/durations'
import { toUsd } from '../../../pricing/cost'
import type { SessionIndex } from '../../tables/session-index'
import { dayFromNumber, dayNumber } from './days'

/** Whole days before today on which the forecast is based: at most and at least. */
const DAYS = 28
const LEAST_DAYS = 7
/** 80 % of a normal distribution lie within this many standard deviations. */
const EIGHT_IN_TEN = 1.2816

/**
 * Forecasts the cost of the month that contains `today` (YYYYMMDD): what was spent, plus the mean of the last 28 whole
 * days for each remaining day. The mean starts at the first day with any round; days without rounds count as zero.
 * Today is a remaining day, less what it has cost already. The range is ± 1.28 standard deviations of such a sum, and
 * never below what was spent. Null with fewer than seven whole days.
 */
export function forecast(index: SessionIndex, today: number): Forecast | null {
  const now = dayNumber(today)
  const month = Math.floor(today / 100)
  const { usage } = index
  const byDay = new Float64Array(DAYS)
  let [earliest, spent, spentToday, unpricedRounds] = [Infinity, 0, 0, 0]
  let [lastHourDay, age] = [NaN, 0]
  for (let at = 0; at < usage.length; at += 1) {
    const day = Math.floor((usage.hour[at] ?? 0) / 100)
    if (day > today) continue
    if (day !== lastHourDay) [lastHourDay, age] = [day, now - dayNumber(day)]
    const cost = usage.sum(at, 'cost')
    earliest = Math.min(earliest, day)
    if (Math.floor(day / 100) === month) spent += cost
    if (age === 0) spentToday += cost
    else if (age <= DAYS) byDay[age - 1] = (byDay[age - 1] ?? 0) + cost
    if (age <= DAYS || Math.floor(day / 100) === month) unpricedRounds += usage.sum(at, 'unpriced')
  }
  const days = Math.min(DAYS, earliest === Infinity ? 0 : now - dayNumber(earliest))
  if (days < LEAST_DAYS) return null
  const past = byDay.subarray(0, days)
  const mean = past.reduce((sum, cost) => sum + cost, 0) / days
  const variance = past.reduce((sum, cost) => sum + (cost - mean) ** 2, 0) / (days - 1)
  const remaining = dayNumber(firstOfNext(month)) - now
  const expected = spent + Math.max(0, mean - spentToday) + mean * (remaining - 1)
  const deviation = EIGHT_IN_TEN * Math.sqrt(variance * remaining)
  return {
    month: `${String(Math.floor(month / 100))}-${String(month % 100).padStart(2, '0')}`,
    spentUsd: toUsd(spent) ?? 0,
    expectedUsd: toUsd(expected) ?? 0,
    lowUsd: toUsd(Math.max(spent, expected - deviation)) ?? 0,
    highUsd: toUsd(expected + deviation) ?? 0,
    days,
    unpricedRounds,
  }
}

/** The first day of the month after `month` (YYYYMM), YYYYMMDD. */
function firstOfNext(month: number): number {
  return dayFromNumber(Date.UTC(Math.floor(month / 100), month % 100, 1) / DAY_MS)
}
