import { calcPrice, type ModelPrice } from '@pydantic/genai-prices'
import type { Price, TieredPrice } from './cost'

/** The catalog's version as pinned in package.json (the package exports no version; a test compares the two). */
export const CATALOG_VERSION = '0.1.8'

/** Changes when a price may have changed; the index then prices the history anew. */
export const PRICING_VERSION = `genai-prices ${CATALOG_VERSION}`

/** Prices that depend on the hour of day change on these boundaries at the finest, ms. */
const PRICE_SLOT_MS = 15 * 60 * 1000

/**
 * Prices by model and time from the bundled, offline catalog `@pydantic/genai-prices`. A model the catalog does not know
 * has no price: never another model's.
 */
export class PriceCatalog {
  readonly #prices = new Map<string, Price | null>()

  /** Price of `model` at `time` (ms since the epoch); null when it is not known. */
  find(model: string | null, time: number): Price | null {
    if (model === null) return null
    const slot = Math.floor(time / PRICE_SLOT_MS)
    const key = `${String(slot)} ${model}`
    let price = this.#prices.get(key)
    if (price === undefined) {
      price = lookUp(model, slot * PRICE_SLOT_MS)
      if (this.#prices.size > 50_000) this.#prices.clear()
      this.#prices.set(key, price)
    }
    return price
  }
}

function lookUp(model: string, time: number): Price | null {
  const found = calcPrice({ input_tokens: 1 }, model, { timestamp: new Date(time) })
  if (found === null) return null
  const read = (key: string): TieredPrice | null => readPrice(found.model_price, key)
  const input = read('input_mtok')
  if (input === null) return null
  return {
    input,
    output: read('output_mtok'),
    cacheRead: read('cache_read_mtok'),
    cacheWrite: read('cache_write_mtok'),
    cacheWriteHour: read('cache_write_1h_mtok'),
    matchedModel: found.model.id,
    source: `${found.provider.name}, ${PRICING_VERSION}`,
  }
}

function readPrice(prices: ModelPrice, key: string): TieredPrice | null {
  const price = prices[key]
  if (price === undefined) return null
  if (typeof price === 'number') return { base: price, tiers: [] }
  const tiers = price.tiers.map((tier) => ({ above: tier.start, price: tier.price })).sort((a, b) => a.above - b.above)
  return { base: price.base, tiers }
}
