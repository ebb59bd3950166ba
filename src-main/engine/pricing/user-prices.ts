import * as v from 'valibot'
import type { UserPrice } from '../../contract/index'
import { UNPRICED_KINDS, type Price, type TieredPrice } from './cost'

/** A user's price and when it was set. */
export interface StoredUserPrice extends UserPrice {
  /** YYYY-MM-DD. */
  readonly date: string
}

/** More than any model costs a million tokens; a higher one is a slip of the keyboard. */
const MOST_USD = 100_000
const MOST_PRICES = 10_000

/** Six decimals count: what a token costs is kept in whole picodollars. */
const usd = v.pipe(
  v.number(),
  v.finite(),
  v.minValue(0),
  v.maxValue(MOST_USD),
  v.transform((value) => Math.round(value * 1e6) / 1e6),
)
const optionalUsd = v.nullable(usd)
const modelName = v.pipe(v.string(), v.maxLength(1000), v.nonEmpty())
/** A time that a Date can hold and a gateway could have logged. */
const time = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(Date.UTC(2200, 0, 1)))
const day = v.pipe(v.string(), v.isoDate())

/** A price as it comes from a page. Throws nothing by itself; use with valibot. */
export const userPriceSchema = v.strictObject({
  model: modelName,
  input: usd,
  output: usd,
  cacheRead: optionalUsd,
  cacheWrite: optionalUsd,
  cacheWriteHour: optionalUsd,
  reasoning: optionalUsd,
  from: v.nullable(time),
})

const fileSchema = v.object({
  version: v.literal(1),
  prices: v.pipe(
    v.array(
      v.object({
        model: modelName,
        input: usd,
        output: usd,
        cacheRead: v.optional(optionalUsd, null),
        cacheWrite: v.optional(optionalUsd, null),
        cacheWriteHour: v.optional(optionalUsd, null),
        reasoning: v.optional(optionalUsd, null),
        from: v.optional(
          v.nullable(
            v.pipe(
              v.string(),
              v.isoTimestamp(),
              v.transform((text) => Date.parse(text)),
              time,
            ),
          ),
          null,
        ),
        date: v.optional(day),
      }),
    ),
    v.maxLength(MOST_PRICES),
  ),
})

/**
 * Reads a file of prices, as writeUserPrices makes it. Every price in it must be one: a file that is half right is not
 * taken half. The later of two for the same model counts. `today`: YYYY-MM-DD for prices without a date. Null: it is none.
 */
export function readUserPrices(text: string, today: string): readonly StoredUserPrice[] | null {
  let json: unknown
  try {
    // Some editors put a mark before what they save, which is no JSON.
    json = JSON.parse(text.replace(/^\ufeff/, ''))
  } catch {
    return null
  }
  const parsed = v.safeParse(fileSchema, json)
  if (!parsed.success) return null
  const byModel = new Map(parsed.output.prices.map((price) => [price.model, { ...price, date: price.date ?? today }]))
  return [...byModel.values()]
}

/** The prices as a JSON file: for the data folder, and for other people's. */
export function writeUserPrices(prices: readonly StoredUserPrice[]): string {
  const rows = prices.map(({ from, ...price }) => ({
    ...price,
    from: from === null ? null : new Date(from).toISOString(),
  }))
  return `${JSON.stringify({ version: 1, unit: 'USD per million tokens', prices: rows }, null, 2)}\n`
}

/** A user's price, found by these rules, as the catalog's prices are. */
export function toPrice(user: StoredUserPrice, rules: Price['rules']): Price {
  const flat = (base: number): TieredPrice => ({ base, tiers: [] })
  const optional = (base: number | null): TieredPrice | null => (base === null ? null : flat(base))
  return {
    ...UNPRICED_KINDS,
    matchedModel: user.model,
    rules: rules.length === 0 ? ['exact'] : rules,
    source: { kind: 'user', name: '', url: null, date: user.date, conversion: null },
    input: flat(user.input),
    output: flat(user.output),
    cacheRead: optional(user.cacheRead),
    cacheWrite: optional(user.cacheWrite),
    cacheWriteHour: optional(user.cacheWriteHour),
    reasoning: optional(user.reasoning),
    request: 0,
    halfPriceTiers: false,
  }
}
