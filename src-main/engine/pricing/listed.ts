import {
  calcPrice,
  findProvider,
  type ConditionalPrice,
  type MatchLogic,
  type ModelInfo,
  type ModelPrice,
  type Provider,
} from '@pydantic/genai-prices'
import type { PriceMatch, PriceRule } from '../../contract/index'
import { DAY_MS } from '../../shared/durations'
import { UNPRICED_KINDS, type Price, type TieredPrice } from './cost'

/** The catalog's version as pinned in package.json. The package does not export it; a test compares the two. */
export const CATALOG_VERSION = '0.1.8'
/** When that version was published on the npm registry. */
const CATALOG_DATE = '2026-09-23'

/**
 * A price and when it applies: from `from` until before `to` (ms since the epoch), each day from `dayFrom` to `dayTo`.
 */
export interface PriceSpan {
  readonly from: number
  readonly to: number
  /** ms after midnight UTC. */
  readonly dayFrom: number
  readonly dayTo: number
  readonly price: Price | null
}

/** A model of genai-prices that was found under a name. */
export interface Listed {
  readonly model: ModelInfo
  readonly provider: Provider
  /** How the name was found; null when it is the listed name. `pattern`: it only looks like the model's name. */
  readonly rule: PriceRule | null
}

/**
 * Vendors whose own model names need no provider prefix, in addition to those the catalog finds itself. Providers that
 * serve models of others are not among them: their prices apply only where they are named.
 */
const VENDORS = ['openai', 'perplexity', 'mistral', 'cohere', 'x-ai', 'google', 'voyageai', 'zai']

/** Providers that publish half the standard price for batch, and OpenAI for flex: see tierFactor() in cost.ts. */
const HALF_PRICE_TIERS = new Set(['openai', 'anthropic', 'google'])

let vendorNames: Map<string, { readonly model: ModelInfo; readonly provider: Provider }> | null = null

/** Spellings of providers that the catalog does not know. */
const PROVIDER_NAMES: Readonly<Record<string, string>> = {
  bigmodel: 'zhipuai',
  kimi: 'moonshotai',
  'z-ai': 'zai',
  'z.ai': 'zai',
  zhipu: 'zhipuai',
}

/** The catalog's id of a provider named like `bedrock` or `together_ai`; null when the catalog does not have it. */
export function providerId(name: string): string | null {
  const lower = name.toLowerCase()
  const known = Object.hasOwn(PROVIDER_NAMES, lower) ? PROVIDER_NAMES[lower] : undefined
  return findProvider({ providerId: known ?? lower })?.id ?? null
}

/** The model that the catalog lists under `name`, for a provider (its id), or for the model's vendor (null). */
export function findListed(name: string, provider: string | null): Listed | null {
  const found = provider === null ? calcPrice({}, name) : calcPrice({}, name, { providerId: provider })
  if (found !== null) return { model: found.model, provider: found.provider, rule: ruleOf(found.model, name) }
  const lower = name.toLowerCase()
  if (provider === null) {
    vendorNames ??= readVendorNames()
    const listed = vendorNames.get(lower)
    return listed === undefined ? null : { ...listed, rule: ruleOf(listed.model, name) }
  }
  // Some providers' patterns require a longer name than the one they list.
  const of = findProvider({ providerId: provider })
  const model = of?.models.find(({ id }) => id.toLowerCase() === lower)
  return of === undefined || model === undefined ? null : { model, provider: of, rule: ruleOf(model, name) }
}

function readVendorNames() {
  const names = new Map<string, { readonly model: ModelInfo; readonly provider: Provider }>()
  for (const id of VENDORS) {
    const provider = findProvider({ providerId: id })
    for (const model of provider?.models ?? []) {
      for (const name of [model.id, ...otherNames(model.match)]) {
        if (provider !== undefined && !names.has(name.toLowerCase())) names.set(name.toLowerCase(), { model, provider })
      }
    }
  }
  return names
}

function ruleOf(model: ModelInfo, name: string): PriceRule | null {
  if (model.id === name) return null
  const lower = name.toLowerCase()
  if (model.id.toLowerCase() === lower) return 'case'
  return otherNames(model.match).some((other) => other.toLowerCase() === lower) ? 'alias' : 'pattern'
}

/** The other names under which a model is listed, excluding patterns. */
function otherNames(match: MatchLogic): readonly string[] {
  if ('equals' in match) return [match.equals]
  return 'or' in match ? match.or.flatMap(otherNames) : []
}

/** The prices of a listed model over time. The spans cover all time and do not overlap. */
export function spansOf({ model, provider }: Listed, rules: readonly PriceRule[]): readonly PriceSpan[] {
  const match: PriceMatch = {
    matchedModel: model.id,
    rules,
    source: {
      kind: 'catalog',
      name: provider.name,
      url: provider.pricing_urls?.[0] ?? null,
      date: CATALOG_DATE,
      conversion: null,
    },
  }
  const { prices } = model
  const halfPriceTiers = HALF_PRICE_TIERS.has(provider.id)
  if (!Array.isArray(prices)) return [{ ...ALWAYS, price: toPrice(prices, match, halfPriceTiers) }]
  const made = new Map<ModelPrice, Price | null>()
  const spans: PriceSpan[] = []
  const dates = bounds([-Infinity, ...prices.flatMap(startDate), Infinity])
  const hours = bounds([0, ...prices.flatMap(hoursOfDay), DAY_MS])
  for (const [from, to] of dates) {
    for (const [dayFrom, dayTo] of hours) {
      const day = Number.isFinite(from) ? from : (Number.isFinite(to) ? to : 0) - DAY_MS
      const at = priceAt(prices, day - (((day % DAY_MS) + DAY_MS) % DAY_MS) + dayFrom)
      let price = made.get(at)
      if (price === undefined) {
        price = toPrice(at, match, halfPriceTiers)
        made.set(at, price)
      }
      const last = spans.at(-1)
      if (last?.price === price && last.from === from && last.dayTo === dayFrom) {
        spans[spans.length - 1] = { ...last, dayTo }
      } else spans.push({ from, to, dayFrom, dayTo, price })
    }
  }
  return spans
}

export const ALWAYS = { from: -Infinity, to: Infinity, dayFrom: 0, dayTo: DAY_MS } as const

/**
 * Follows the catalog's rule: the last entry whose constraint holds applies; an entry without a constraint always
 * holds.
 */
function priceAt(prices: readonly ConditionalPrice[], time: number): ModelPrice {
  const hour = ((time % DAY_MS) + DAY_MS) % DAY_MS
  for (const { constraint, prices: entry } of prices.toReversed()) {
    if (constraint === undefined) return entry
    if (constraint.type === 'start_date') {
      if (time >= Date.parse(constraint.start_date)) return entry
      continue
    }
    const start = hourOfDay(constraint.start_time)
    const end = hourOfDay(constraint.end_time)
    if (end < start ? hour >= start || hour < end : hour >= start && hour < end) return entry
  }
  return prices[0]?.prices ?? {}
}

function startDate({ constraint }: ConditionalPrice): number[] {
  return constraint?.type === 'start_date' ? [Date.parse(constraint.start_date)] : []
}

function hoursOfDay({ constraint }: ConditionalPrice): number[] {
  if (constraint?.type !== 'time_of_date') return []
  return [hourOfDay(constraint.start_time), hourOfDay(constraint.end_time)]
}

/** "16:30:00Z" or "00:30:00+08:00" as ms after midnight UTC. */
function hourOfDay(text: string): number {
  const time = Date.parse(`1970-01-02T${text}`)
  return ((time % DAY_MS) + DAY_MS) % DAY_MS
}

function bounds(times: readonly number[]): [number, number][] {
  const sorted = [...new Set(times)].sort((a, b) => a - b)
  return sorted.slice(1).map((to, index) => [sorted[index] ?? 0, to])
}

/** Null when the model is charged by units that no gateway logs, such as hours of audio or pages. */
function toPrice(prices: ModelPrice, match: PriceMatch, halfPriceTiers: boolean): Price | null {
  const keys = Object.keys(prices)
  // The catalog omits prices of zero, so a model without any price is free.
  if (keys.length === 0) return { ...match, ...UNPRICED_KINDS, input: FREE, output: FREE, request: 0, halfPriceTiers }
  const read = (key: string): TieredPrice | null => {
    const price = prices[key]
    if (price === undefined) return null
    if (typeof price === 'number') return { base: price, tiers: [] }
    const tiers = price.tiers
      .map((tier) => ({ above: tier.start, price: tier.price }))
      .sort((a, b) => a.above - b.above)
    return { base: price.base, tiers }
  }
  const price: Price = {
    ...match,
    input: read('input_mtok'),
    output: read('output_mtok'),
    cacheRead: read('cache_read_mtok'),
    cacheWrite: read('cache_write_mtok'),
    cacheWriteHour: read('cache_write_1h_mtok'),
    reasoning: read('output_reasoning_mtok'),
    audioInput: read('input_audio_mtok'),
    audioOutput: read('output_audio_mtok'),
    imageInput: read('input_image_mtok'),
    imageOutput: read('output_image_mtok'),
    request: 1000 * (read('requests_kcount')?.base ?? 0),
    halfPriceTiers,
  }
  return price.input === null && price.output === null ? null : price
}

const FREE: TieredPrice = { base: 0, tiers: [] }
