import type { CostComponent, EstimateReason, PriceMatch } from '../../contract/index'
import type { BilledTokens } from '../parse/usage'
import { isUnknown } from '../parse/usage'
import { ESTIMATE_MARKS, GATEWAY_MARKS, marksOf, TIER_MARKS, USAGE_MARKS } from '../parse/usage-marks'

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
  /** Null: these cost what text costs, which is an estimate for audio. */
  readonly audioInput: TieredPrice | null
  readonly audioOutput: TieredPrice | null
  readonly imageInput: TieredPrice | null
  readonly imageOutput: TieredPrice | null
  /** USD per million requests, in addition to the tokens; 0 where requests cost nothing themselves. */
  readonly request: number
  /** Whether the provider publishes half the price for its flex and batch tiers. */
  readonly halfPriceTiers: boolean
}

/**
 * A price that may rise with the size of the request: from more than `above` input tokens on, every token of the request
 * costs that tier's price, not just those above. `tiers` ascend.
 */
export interface TieredPrice {
  readonly base: number
  readonly tiers: readonly { readonly above: number; readonly price: number }[]
}

/** Kinds of tokens for which a price may be published. */
export const UNPRICED_KINDS = {
  cacheRead: null,
  cacheWrite: null,
  cacheWriteHour: null,
  reasoning: null,
  audioInput: null,
  audioOutput: null,
  imageInput: null,
  imageOutput: null,
} as const

/** Every kind of tokens that has a price. */
export const TIERED_KINDS = [
  'input',
  'output',
  'cacheRead',
  'cacheWrite',
  'cacheWriteHour',
  'reasoning',
  'audioInput',
  'audioOutput',
  'imageInput',
  'imageOutput',
] as const

/** Rules of the user that decide what a request costs, next to its price. */
export interface CostRules {
  /** A failed request that reported no usage costs nothing; otherwise its cost is unknown. */
  readonly freeFailures: boolean
}

export const DEFAULT_COST_RULES: CostRules = { freeFailures: true }

/** What a request costs: its components and why they are an estimate. */
export interface Cost {
  readonly components: readonly CostComponent[]
  /** Empty: exact by what was logged and published. */
  readonly estimate: readonly EstimateReason[]
}

/** Picodollars: 10^-12 USD. An integer for any price with up to six decimals, so that sums do not drift. */
export const PICO_PER_USD = 1e12

/** A request's tokens of one kind, and the price that holds for them. */
interface Charge {
  readonly kind: CostComponent['kind']
  readonly tokens: number
  readonly price: TieredPrice | null
}

/** Whether the request cost nothing whatever its model's price is. */
function isFree({ marks }: BilledTokens, rules: CostRules): boolean {
  return (marks & GATEWAY_MARKS) !== 0 || (rules.freeFailures && (marks & USAGE_MARKS['failed-unreported']) !== 0)
}

function chargesOf(billed: BilledTokens, price: Price): readonly Charge[] {
  const { cached, cacheWrite, cacheWriteHour, reasoning, audioInput, imageInput, audioOutput, imageOutput } = billed
  const input = (billed.prompt ?? 0) - cached - cacheWrite - cacheWriteHour - audioInput - imageInput
  const text = (billed.completion ?? 0) - audioOutput - imageOutput
  const apart = price.reasoning !== null
  return [
    { kind: 'input', tokens: input, price: price.input },
    { kind: 'cache_read', tokens: cached, price: price.cacheRead ?? price.input },
    { kind: 'cache_write', tokens: cacheWrite, price: price.cacheWrite ?? price.input },
    {
      kind: 'cache_write_hour',
      tokens: cacheWriteHour,
      price: price.cacheWriteHour ?? price.cacheWrite ?? price.input,
    },
    { kind: 'audio_input', tokens: audioInput, price: price.audioInput ?? price.input },
    { kind: 'image_input', tokens: imageInput, price: price.imageInput ?? price.input },
    { kind: 'output', tokens: apart ? text - reasoning : text, price: price.output },
    { kind: 'reasoning', tokens: apart ? reasoning : 0, price: price.reasoning },
    { kind: 'audio_output', tokens: audioOutput, price: price.audioOutput ?? price.output },
    { kind: 'image_output', tokens: imageOutput, price: price.imageOutput ?? price.output },
  ]
}

/**
 * The cost of one request. Null when it is unknown: nothing usable was logged, the model has no price, or tokens of a kind
 * were used that the price says nothing about.
 */
export function costOf(billed: BilledTokens, price: Price | null, rules = DEFAULT_COST_RULES): Cost | null {
  if (isFree(billed, rules)) return { components: [], estimate: [] }
  if (price === null || isUnknown(billed)) return null
  const components: CostComponent[] = []
  const factor = tierFactor(billed, price)
  for (const { kind, tokens, price: tiered } of chargesOf(billed, price)) {
    if (tokens === 0) continue
    if (tiered === null) return null
    const usdPerMillion = priceAt(tiered, billed.prompt ?? 0) * factor
    components.push({ kind, tokens, usdPerMillion, usd: (tokens * usdPerMillion) / 1e6 })
  }
  if (price.request > 0) {
    components.push({ kind: 'request', tokens: 1, usdPerMillion: price.request, usd: price.request / 1e6 })
  }
  return { components, estimate: estimateOf(billed, price) }
}

/** The sum of costOf in picodollars, without making its components: every line read asks for it once. */
export function picoCost(billed: BilledTokens, price: Price | null, rules = DEFAULT_COST_RULES): number | null {
  if (isFree(billed, rules)) return 0
  if (price === null || isUnknown(billed)) return null
  const { cached, cacheWrite, cacheWriteHour, audioInput, imageInput, audioOutput, imageOutput } = billed
  const factor = tierFactor(billed, price)
  const prompt = billed.prompt ?? 0
  const of = (tokens: number, tiered: TieredPrice | null): number =>
    tokens === 0 ? 0 : tiered === null ? NaN : tokens * picoPerToken(priceAt(tiered, prompt) * factor)
  const reasoning = price.reasoning === null ? 0 : billed.reasoning
  const pico =
    picoPerToken(price.request) +
    of(prompt - cached - cacheWrite - cacheWriteHour - audioInput - imageInput, price.input) +
    of(cached, price.cacheRead ?? price.input) +
    of(cacheWrite, price.cacheWrite ?? price.input) +
    of(cacheWriteHour, price.cacheWriteHour ?? price.cacheWrite ?? price.input) +
    of(audioInput, price.audioInput ?? price.input) +
    of(imageInput, price.imageInput ?? price.input) +
    of((billed.completion ?? 0) - audioOutput - imageOutput - reasoning, price.output) +
    of(reasoning, price.reasoning) +
    of(audioOutput, price.audioOutput ?? price.output) +
    of(imageOutput, price.imageOutput ?? price.output)
  return Number.isNaN(pico) ? null : pico
}

/** Why the cost is an estimate; empty where it is exact by what was logged and published. */
function estimateOf(billed: BilledTokens, price: Price): readonly EstimateReason[] {
  const reasons: EstimateReason[] = marksOf(billed.marks & ESTIMATE_MARKS) as EstimateReason[]
  const audio = billed.audioInput > 0 && price.audioInput === null
  if (audio || (billed.audioOutput > 0 && price.audioOutput === null)) reasons.push('audio-at-text-price')
  if (billed.imageOutput > 0 && price.imageOutput === null) reasons.push('image-at-text-price')
  if ((billed.marks & TIER_MARKS) !== 0 && tierFactor(billed, price) === 1) reasons.push('tier-at-standard-price')
  return reasons
}

/** Whether estimateOf gives a reason, without listing them. */
export function isEstimate(billed: BilledTokens, price: Price): boolean {
  if ((billed.marks & ESTIMATE_MARKS) !== 0) return true
  if ((billed.marks & TIER_MARKS) !== 0 && tierFactor(billed, price) === 1) return true
  return (
    (billed.audioInput > 0 && price.audioInput === null) ||
    (billed.audioOutput > 0 && price.audioOutput === null) ||
    (billed.imageOutput > 0 && price.imageOutput === null)
  )
}

/**
 * What the service tier does to the price. OpenAI charges batch and flex at half the standard price, Anthropic and Google
 * batch; no rule holds for priority, so that and other tiers stay at the standard price, as an estimate.
 * https://platform.openai.com/docs/pricing, https://docs.anthropic.com/en/docs/about-claude/pricing,
 * https://ai.google.dev/gemini-api/docs/pricing
 */
function tierFactor({ marks }: BilledTokens, price: Price): number {
  const discounted = (marks & (USAGE_MARKS['tier-batch'] | USAGE_MARKS['tier-flex'])) !== 0
  return discounted && price.halfPriceTiers ? 0.5 : 1
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
