import * as v from 'valibot'
import type { UserPrice } from '../../contract/index'
import { UNPRICED_KINDS, type Price, type TieredPrice } from './cost'

/** A user's price and the date it was set. */
export interface StoredUserPrice extends UserPrice {
  /** YYYY-MM-DD. */
  readonly date: string
}

/** Upper limit of a price. No model costs more per million tokens, so more is a typing error. */
const MOST_USD = 100_000
const MOST_PRICES = 10_000

/** Prices are rounded to six decimals, because costs per token are whole picodollars. */
const usd = v.pipe(
  v.number(),
  v.finite(),
  v.minValue(0),
  v.maxValue(MOST_USD),
  v.transform((value) => Math.round(value * 1e6) / 1e6),
)
const optionalUsd = v.nullable(usd)
const modelName = v.pipe(v.string(), v.maxLength(1000), v.nonEmpty())
/** A time that a Date can represent and that a gateway may have logged. */
const time = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(Date.UTC(2200, 0, 1)))
const day = v.pipe(v.string(), v.isoDate())

/** Valibot schema of a price that a page sends. */
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
 * Reads a price file as written by writeUserPrices(). A file with one invalid price is rejected as a whole. Of two
 * prices for the same model, the later one counts. `today` (YYYY-MM-DD) is used for prices without a date. Null: the
 * text is not a price file.
 */
export function readUserPrices(text: string, today: string): readonly StoredUserPrice[] | null {
  let json: unknown
  try {
    // Some editors write a byte order mark, which is not valid JSON.
    json = JSON.parse(text.replace(/^\ufeff/, ''))
  } catch {
    return null
  }
  const parsed = v.safeParse(fileSchema, json)
  if (!parsed.success) return null
  const byModel = new Map(parsed.output.prices.map((price) => [price.model, { ...price, date: price.date ?? today }]))
  return [...byModel.values()]
}

/** The prices as a JSON file, for the data folder and for exchange with others. */
export function writeUserPrices(prices: readonly StoredUserPrice[]): string {
  const rows = prices.map(({ from, ...price }) => ({
    ...price,
    from: from === null ? null : new Date(from).toISOString(),
  }))
  return `${JSON.stringify({ version: 1, unit: 'USD per million tokens', prices: rows }, null, 2)}\n`
}

/** Converts a user's price that was found by these rules. */
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
