import type { CostComponent } from '../../contract/index'
import type { TokenCounts } from '../parse/tokens'

/** Prices of one model at one time, USD per million tokens; a kind without a price of its own is absent. */
export interface Price {
  readonly input: TieredPrice
  readonly output: TieredPrice | null
  readonly cacheRead: TieredPrice | null
  readonly cacheWrite: TieredPrice | null
  readonly cacheWriteHour: TieredPrice | null
  /** The model name the price is listed under. */
  readonly matchedModel: string
  /** Where the price comes from, in words. */
  readonly source: string
}

/** A price that may rise with the size of the request: `tiers` apply from more than `above` input tokens on. */
export interface TieredPrice {
  readonly base: number
  readonly tiers: readonly { readonly above: number; readonly price: number }[]
}

/** Picodollars: 10^-12 USD. An integer for any price with up to six decimals, so that sums do not drift. */
export const PICO_PER_USD = 1e12

/**
 * Cost of one round, per component. Null when neither input nor output was logged, or when tokens of a kind were used
 * that the price says nothing of. A missing count beside a logged one adds nothing.
 *
 * `cached` is part of `input` unless greater; `reasoning` is part of `output` unless greater, then it is added to it.
 * Cache writes are part of `input` while they fit in it. Tiers are chosen by the input tokens of the request.
 */
export function costOf(tokens: TokenCounts, price: Price): readonly CostComponent[] | null {
  if (tokens.input === null && tokens.output === null) return null
  const input = tokens.input ?? 0
  const cached = tokens.cached ?? 0
  const write = tokens.cacheWrite ?? 0
  const writeHour = tokens.cacheWriteHour ?? 0
  const afterCached = cached <= input ? input - cached : input
  const written = write + writeHour
  const uncached = written <= afterCached ? afterCached - written : afterCached
  const contextTokens = uncached + cached + written

  const output = tokens.output ?? 0
  const reasoning = tokens.reasoning ?? 0
  const components: CostComponent[] = []
  const add = (kind: CostComponent['kind'], count: number, tiered: TieredPrice | null): boolean => {
    if (count === 0) return true
    if (tiered === null) return false
    const usdPerMillion = priceAt(tiered, contextTokens)
    components.push({ kind, tokens: count, usdPerMillion, usd: (count * usdPerMillion) / 1e6 })
    return true
  }
  const complete =
    add('input', uncached, price.input) &&
    add('cache_read', cached, price.cacheRead ?? price.input) &&
    add('cache_write', write, price.cacheWrite ?? price.input) &&
    add('cache_write', writeHour, price.cacheWriteHour ?? price.cacheWrite ?? price.input) &&
    add('output', output, price.output) &&
    add('reasoning', reasoning > output ? reasoning : 0, price.output)
  return complete ? components : null
}

/** Sum of components in picodollars. */
export function toPico(components: readonly CostComponent[]): number {
  return components.reduce((sum, part) => sum + part.tokens * Math.round(part.usdPerMillion * 1e6), 0)
}

/** Picodollars as USD; null stays null. */
export function toUsd(pico: number | null): number | null {
  return pico === null ? null : pico / PICO_PER_USD
}

function priceAt(tiered: TieredPrice, contextTokens: number): number {
  let price = tiered.base
  for (const tier of tiered.tiers) {
    if (contextTokens > tier.above) price = tier.price
  }
  return price
}
