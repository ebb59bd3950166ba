import type { InsightRange } from '../../../../contract/index'
import type { PriceCatalog } from '../../../pricing/catalog'
import { SLOT_MS } from '../../sums/hours'
import type { SessionIndex } from '../../tables/session-index'

/** Of the longest: clocks are set back by three hours at most. */
const SLOTS_OF_A_DAY = 4 * 27

/** First and last day (YYYYMMDD) of a range, both included. */
export function daysOf(index: SessionIndex, { from, to }: InsightRange): readonly [first: number, last: number] {
  return [dayOf(index, from), dayOf(index, Math.max(from, to - 1))]
}

/** The range widened to whole days, as the other analyses count. */
export function wholeDays(index: SessionIndex, range: InsightRange): InsightRange {
  const [first, last] = daysOf(index, range)
  let { from, to } = range
  for (let slot = 0; slot < SLOTS_OF_A_DAY && dayOf(index, from - 1) === first; slot += 1)
    from = Math.floor((from - 1) / SLOT_MS) * SLOT_MS
  for (let slot = 0; slot < SLOTS_OF_A_DAY && dayOf(index, to) === last; slot += 1)
    to = (Math.floor(to / SLOT_MS) + 1) * SLOT_MS
  return { from, to }
}

/** The day (YYYYMMDD) of an instant in the user's time zone. */
export function dayOf(index: SessionIndex, time: number): number {
  return Math.floor(index.hourOf(time) / 100)
}

/** A calendar day as the number of days since the epoch, to count with. */
export function dayNumber(day: number): number {
  return Date.UTC(Math.floor(day / 10_000), (Math.floor(day / 100) % 100) - 1, day % 100) / 86_400_000
}

/** The inverse of dayNumber. */
export function dayFromNumber(number: number): number {
  const date = new Date(number * 86_400_000)
  return date.getUTCFullYear() * 10_000 + (date.getUTCMonth() + 1) * 100 + date.getUTCDate()
}

/**
 * USD that `tokens` input tokens cost more at a model's price of input than at that of cache reads, at the day's noon and
 * for a request below the price's first tier; null when the price is not known.
 */
export function rebilledUsd(prices: PriceCatalog, model: string | null, day: number, tokens: number): number | null {
  const price = prices.find(model, (dayNumber(day) + 0.5) * 86_400_000)
  if (price === null || price.input === null) return null
  return (tokens * (price.input.base - (price.cacheRead ?? price.input).base)) / 1e6
}

/** Adds what is known; null while nothing is. */
export function addKnown(sum: number | null, more: number | null): number | null {
  return more === null ? sum : (sum ?? 0) + more
}
