import type { InsightRange } from '../../../../contract/index'
import type { PriceCatalog } from '../../../pricing/catalog'
import { DAY_MS } from '../../../../shared/durations'
import { dayStart } from '../../../../shared/zone'
import { dayText } from '../../sums/hours'
import type { SessionIndex } from '../../tables/session-index'

/** First and last day (YYYYMMDD) of a range, both inclusive. */
export function daysOf(index: SessionIndex, { from, to }: InsightRange): readonly [first: number, last: number] {
  return [dayOf(index, from), dayOf(index, Math.max(from, to - 1))]
}

/** The range extended to whole days, which is how the other analyses count. */
export function wholeDays(index: SessionIndex, range: InsightRange): InsightRange {
  const [first, last] = daysOf(index, range)
  return { from: dayStart(dayText(first), index.timeZone), to: dayStart(dayText(last), index.timeZone, 1) }
}

/** The day (YYYYMMDD) of an instant in the user's time zone. */
export function dayOf(index: SessionIndex, time: number): number {
  return Math.floor(index.hourOf(time) / 100)
}

/** A calendar day (YYYYMMDD) as the number of days since the epoch. */
export function dayNumber(day: number): number {
  return Date.UTC(Math.floor(day / 10_000), (Math.floor(day / 100) % 100) - 1, day % 100) / DAY_MS
}

/** The inverse of dayNumber(). */
export function dayFromNumber(number: number): number {
  const date = new Date(number * DAY_MS)
  return date.getUTCFullYear() * 10_000 + (date.getUTCMonth() + 1) * 100 + date.getUTCDate()
}

/**
 * By how many USD `tokens` input tokens cost more at a model's input price than at its cache-read price, at noon of the
 * day and for a request below the price's first tier; null when the price is unknown.
 */
export function rebilledUsd(prices: PriceCatalog, model: string | null, day: number, tokens: number): number | null {
  const price = prices.find(model, (dayNumber(day) + 0.5) * DAY_MS)
  if (price === null || price.input === null) return null
  return (tokens * (price.input.base - (price.cacheRead ?? price.input).base)) / 1e6
}

/** Adds a value if it is known; null as long as none is. */
export function addKnown(sum: number | null, more: number | null): number | null {
  return more === null ? sum : (sum ?? 0) + more
}
