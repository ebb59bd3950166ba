import type { CostComponent, PriceMatch } from '../../contract/index'
import { isUnknown, plainInput, promptTokens, type TokenCounts } from '../parse/tokens'

/** Prices of one model at one time, USD per million tokens; a kind without a price of its own is null. */
export interface Price extends PriceMatch {
  readonly input: TieredPrice | null
  readonly output: TieredPrice | null
  /** Null: cached tokens cost what input costs. */
  readonly cacheRead: TieredPrice | null
  /** Null: written tokens cost what input costs. */
  readonly cacheWrite: TieredPrice | null
  /** Null: tokens written for an hour cost what those with the default lifetime cost. */
  readonly cacheWriteHour: TieredPrice | null
  /** Null: reasoning tokens cost what output costs. */
  readonly reasoning: TieredPrice | null
  /** USD per million requests, beside the tokens; 0 where requests cost nothing by themselves. */
  readonly request: number
}

/**
 * A price that may rise with the size of the request: from more than `above` input tokens on, every token of the request
 * costs that tier's price, not just those above. `tiers` ascend.
 */
export interface TieredPrice {
  readonly base: number
  readonly tiers: readonly { readonly above: number; readonly price: number }[]
}

/** Picodollars: 10^-12 USD. An integer for any price with up to six decimals, so that sums do not drift. */
export const PICO_PER_USD = 1e12

/** The tokens of a round as they are charged; no token is in two kinds. */
interface Charged {
  readonly uncached: number
  readonly cached: number
  readonly written: number
  readonly writtenHour: number
  readonly output: number
  readonly reasoning: number
  /** All input tokens: what tiers go by. */
  readonly context: number
}

/**
 * Of `input` as plainInput says; `reasoning` is part of `output` unless greater, then it is added to it. Null when neither
 * input nor output was logged, or a count that can't be read.
 */
function charged(tokens: TokenCounts, price: Price): Charged | null {
  if (isUnknown(tokens)) return null
  const output = tokens.output ?? 0
  const reasoning = tokens.reasoning ?? 0
  const additive = reasoning > output
  const apart = additive || price.reasoning !== null
  return {
    uncached: plainInput(tokens),
    cached: tokens.cached ?? 0,
    written: tokens.cacheWrite ?? 0,
    writtenHour: tokens.cacheWriteHour ?? 0,
    output: apart && !additive ? output - reasoning : output,
    reasoning: apart ? reasoning : 0,
    context: promptTokens(tokens),
  }
}

/**
 * Cost of one round, per component. Null when neither input nor output was logged, when a count can't be read, or when
 * tokens of a kind were used that the price says nothing of. A missing count beside a logged one adds nothing.
 */
export function costOf(tokens: TokenCounts, price: Price): readonly CostComponent[] | null {
  const counts = charged(tokens, price)
  if (counts === null) return null
  const components: CostComponent[] = []
  const add = (kind: CostComponent['kind'], count: number, tiered: TieredPrice | null): boolean => {
    if (count === 0) return true
    if (tiered === null) return false
    const usdPerMillion = priceAt(tiered, counts.context)
    components.push({ kind, tokens: count, usdPerMillion, usd: (count * usdPerMillion) / 1e6 })
    return true
  }
  const complete =
    add('input', counts.uncached, price.input) &&
    add('cache_read', counts.cached, price.cacheRead ?? price.input) &&
    add('cache_write', counts.written, price.cacheWrite ?? price.input) &&
    add('cache_write_hour', counts.writtenHour, price.cacheWriteHour ?? price.cacheWrite ?? price.input) &&
    add('output', counts.output, price.output) &&
    add('reasoning', counts.reasoning, price.reasoning ?? price.output)
  if (!complete) return null
  if (price.request > 0) {
    components.push({ kind: 'request', tokens: 1, usdPerMillion: price.request, usd: price.request / 1e6 })
  }
  return components
}

/** The sum of costOf in picodollars, without making its components: this is asked once for every line read. */
export function picoCost(tokens: TokenCounts, price: Price): number | null {
  const counts = charged(tokens, price)
  if (counts === null) return null
  const { context } = counts
  const pico =
    picoOf(counts.uncached, price.input, context) +
    picoOf(counts.cached, price.cacheRead ?? price.input, context) +
    picoOf(counts.written, price.cacheWrite ?? price.input, context) +
    picoOf(counts.writtenHour, price.cacheWriteHour ?? price.cacheWrite ?? price.input, context) +
    picoOf(counts.output, price.output, context) +
    picoOf(counts.reasoning, price.reasoning ?? price.output, context) +
    picoPerToken(price.request)
  return Number.isNaN(pico) ? null : pico
}

/** NaN when there are tokens and no price for them. */
function picoOf(count: number, tiered: TieredPrice | null, context: number): number {
  if (count === 0) return 0
  return tiered === null ? NaN : count * picoPerToken(priceAt(tiered, context))
}

/** USD per million tokens as picodollars per token, rounded to whole ones: six decimals of the price count. */
export function picoPerToken(usdPerMillion: number): number {
  return Math.round(usdPerMillion * 1e6)
}

/** Sum of components in picodollars. */
export function toPico(components: readonly CostComponent[]): number {
  return components.reduce((sum, part) => sum + part.tokens * picoPerToken(part.usdPerMillion), 0)
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
