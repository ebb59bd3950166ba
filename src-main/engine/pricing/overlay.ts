import list from '../../../resources/prices/overlay.json'
import type { PriceRule, PriceSource } from '../../contract/index'
import { UNPRICED_KINDS, type Price, type TieredPrice } from './cost'

/** A row of resources/prices/overlay.json. Prices are USD per million tokens. */
interface OverlayRow {
  readonly model: string
  readonly aliases?: readonly string[]
  readonly input: number
  readonly output: number
  readonly cacheRead?: number
  readonly cacheWrite?: number
  readonly reasoning?: number
  readonly tiers?: readonly OverlayTier[]
}

/** Prices for requests with more than `above` input tokens; a missing kind keeps its base price. */
interface OverlayTier {
  readonly above: number
  readonly input?: number
  readonly output?: number
  readonly cacheRead?: number
  readonly cacheWrite?: number
}

/** The published prices of one provider. */
interface OverlayList {
  /** As operators write it before a model's name. */
  readonly provider: string
  readonly name: string
  readonly url: string
  /** YYYY-MM-DD. */
  readonly date: string
  /** Currency in which the prices are published. */
  readonly currency: string
  /** How the prices were converted to USD, if `currency` is another one. */
  readonly conversion?: string
  /** The provider serves models of others, so its prices apply only where it is named before the model. */
  readonly namedOnly?: boolean
  readonly prices: readonly OverlayRow[]
}

export const OVERLAY: readonly OverlayList[] = list.lists

/** Other spellings of the overlay's providers. */
const PROVIDER_NAMES: Readonly<Record<string, string>> = {
  aliyun: 'alibaba',
  bailian: 'alibaba',
  dashscope: 'alibaba',
  qwen: 'alibaba',
  tongyi: 'alibaba',
  'aliyun-cn': 'alibaba-cn',
  'dashscope-cn': 'alibaba-cn',
  'z-ai': 'zai',
  'z.ai': 'zai',
  'zai-org': 'zai',
}

interface OverlayEntry {
  readonly list: OverlayList
  readonly row: OverlayRow
}

const byProvider = new Map<string, OverlayEntry>()
/** From the first list that has the name. */
const byName = new Map<string, OverlayEntry>()
for (const published of OVERLAY) {
  for (const row of published.prices) {
    for (const name of [row.model, ...(row.aliases ?? [])]) {
      const lower = name.toLowerCase()
      byProvider.set(`${published.provider}/${lower}`, { list: published, row })
      if (published.namedOnly !== true && !byName.has(lower)) byName.set(lower, { list: published, row })
    }
  }
}

/** The overlay's price for a name, from one provider or from the first that has it; null when there is none. */
export function findOverlay(
  name: string,
  provider: string | null,
  rules: readonly PriceRule[],
): { readonly price: Price; readonly rule: PriceRule | null } | null {
  const lower = name.toLowerCase()
  const entry = provider === null ? byName.get(lower) : byProvider.get(`${providerOf(provider)}/${lower}`)
  if (entry === undefined) return null
  const { row } = entry
  const rule = row.model === name ? null : row.model.toLowerCase() === lower ? 'case' : 'alias'
  return { price: toPrice(entry, rule === null ? rules : [...rules, rule]), rule }
}

function providerOf(name: string): string {
  const lower = name.toLowerCase()
  return (Object.hasOwn(PROVIDER_NAMES, lower) ? PROVIDER_NAMES[lower] : undefined) ?? lower
}

function toPrice({ list: published, row }: OverlayEntry, rules: readonly PriceRule[]): Price {
  const read = (kind: 'input' | 'output' | 'cacheRead' | 'cacheWrite'): TieredPrice | null => {
    const base = row[kind]
    if (base === undefined) return null
    const tiers = row.tiers ?? []
    return { base, tiers: tiers.map((tier) => ({ above: tier.above, price: tier[kind] ?? base })) }
  }
  const source: PriceSource = {
    kind: 'overlay',
    name: published.name,
    url: published.url,
    date: published.date,
    conversion: published.conversion ?? null,
  }
  return {
    ...UNPRICED_KINDS,
    matchedModel: row.model,
    rules: rules.length === 0 ? ['exact'] : rules,
    source,
    input: read('input'),
    output: read('output'),
    cacheRead: read('cacheRead'),
    cacheWrite: read('cacheWrite'),
    reasoning: row.reasoning === undefined ? null : { base: row.reasoning, tiers: [] },
    request: 0,
    halfPriceTiers: false,
  }
}
