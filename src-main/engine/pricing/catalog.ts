import { createHash } from 'node:crypto'
import type { PriceRule } from '../../contract/index'
import { DAY_MS } from '../../shared/durations'
import { DEFAULT_COST_RULES, type CostRules, type Price } from './cost'
import { ALWAYS, CATALOG_VERSION, findListed, providerId, spansOf, type Listed, type PriceSpan } from './listed'
import { candidates, type Candidate } from './normalise'
import { findOverlay, OVERLAY } from './overlay'
import { toPrice, type StoredUserPrice } from './user-prices'

export { CATALOG_VERSION } from './listed'

/** Increased when names are matched or rounds priced in another way, so that stored rounds are repriced. */
const RULES_VERSION = 3

/** Changes when a published price, or the way to find one, may have changed. */
const PRICING_VERSION = [
  `genai-prices ${CATALOG_VERSION}`,
  `overlay ${createHash('sha256').update(JSON.stringify(OVERLAY)).digest('hex').slice(0, 12)}`,
  `rules ${String(RULES_VERSION)}`,
].join(', ')

/** Maximum number of cached names; a log may contain any number of models. */
const MOST_NAMES = 10_000

const UNKNOWN: readonly PriceSpan[] = [{ ...ALWAYS, price: null }]

/**
 * Prices by model and time. The user's own prices come first, then the bundled offline catalog
 * `@pydantic/genai-prices`, then this program's overlay. A name is looked up by the rules of normalise.ts, the closest
 * spelling first. A model that is not found has no price; it never gets another model's.
 */
export class PriceCatalog {
  readonly #user = new Map<string, StoredUserPrice>()
  readonly #userByLower = new Map<string, StoredUserPrice>()
  readonly #spans = new Map<string, readonly PriceSpan[]>()
  #fingerprint = ''
  /** Rules that affect costs in addition to the prices. */
  readonly rules: CostRules

  constructor(userPrices: readonly StoredUserPrice[] = [], rules = DEFAULT_COST_RULES) {
    this.rules = rules
    this.setUserPrices(userPrices)
  }

  /** The user's own prices, by model as entered. */
  get userPrices(): ReadonlyMap<string, StoredUserPrice> {
    return this.#user
  }

  /** Identifies these prices, to find out whether costs were made with them. */
  get fingerprint(): string {
    return this.#fingerprint
  }

  /** Replaces the user's own prices. */
  setUserPrices(prices: readonly StoredUserPrice[]): void {
    this.#user.clear()
    this.#userByLower.clear()
    this.#spans.clear()
    const sorted = [...prices].sort((a, b) => (a.model < b.model ? -1 : 1))
    for (const price of sorted) {
      this.#user.set(price.model, price)
      this.#userByLower.set(price.model.toLowerCase(), price)
    }
    const own = createHash('sha256').update(JSON.stringify(sorted)).digest('hex').slice(0, 16)
    this.#fingerprint = `${PRICING_VERSION}, user ${own}`
  }

  /** The price of `model` at `time` (ms since the epoch); null when unknown. */
  find(model: string | null, time: number): Price | null {
    if (model === null) return null
    const spans = this.spans(model)
    const [first] = spans
    if (spans.length === 1 && first !== undefined) return first.price
    for (const span of spans) {
      if (time < span.from || time >= span.to) continue
      const hour = ((time % DAY_MS) + DAY_MS) % DAY_MS
      if (hour >= span.dayFrom && hour < span.dayTo) return span.price
    }
    return null
  }

  /** The prices of `model` over time. The spans cover all time and do not overlap. */
  spans(model: string): readonly PriceSpan[] {
    let spans = this.#spans.get(model)
    if (spans === undefined) {
      spans = this.#lookUp(model)
      if (this.#spans.size >= MOST_NAMES) this.#spans.clear()
      this.#spans.set(model, spans)
    }
    return spans
  }

  #lookUp(model: string): readonly PriceSpan[] {
    const names = candidates(model)
    const user = this.#findUser(names)
    if (user === null) return published(names)
    const { from } = user.price
    const price = toPrice(user.price, user.rules)
    if (from === null) return [{ ...ALWAYS, price }]
    const before = published(names)
      .filter((span) => span.from < from)
      .map((span) => ({ ...span, to: Math.min(span.to, from) }))
    return [...before, { ...ALWAYS, from, price }]
  }

  #findUser(names: readonly Candidate[]) {
    for (const { name, rules } of names) {
      const exact = this.#user.get(name)
      if (exact !== undefined) return { price: exact, rules }
      const price = this.#userByLower.get(name.toLowerCase())
      if (price !== undefined) return { price, rules: [...rules, 'case'] as const }
    }
    return null
  }
}

/**
 * The published prices of the closest listed spelling; if none is listed, of the closest spelling that a pattern
 * matches.
 */
function published(names: readonly Candidate[]): readonly PriceSpan[] {
  let likely: { readonly listed: Listed; readonly rules: readonly PriceRule[] } | null = null
  for (const { name, provider, rules } of names) {
    const id = provider === null ? null : providerId(provider)
    const listed = provider !== null && id === null ? null : findListed(name, id)
    // Bedrock names are listed by what they contain, so there a pattern match is exact.
    const fits = listed !== null && (listed.rule !== 'pattern' || listed.provider.id === 'aws')
    if (listed !== null && fits) return spansOf(listed, allRules(rules, listed))
    const overlay = findOverlay(name, provider, rules)
    if (overlay !== null) return [{ ...ALWAYS, price: overlay.price }]
    if (listed !== null) likely ??= { listed, rules }
  }
  return likely === null ? UNKNOWN : spansOf(likely.listed, allRules(likely.rules, likely.listed))
}

function allRules(rules: readonly PriceRule[], { rule }: Listed): readonly PriceRule[] {
  const all = rule === null || rules.includes('bedrock') ? rules : [...rules, rule]
  return all.length === 0 ? ['exact'] : all
}
