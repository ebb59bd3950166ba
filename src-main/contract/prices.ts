import type { SessionUsage } from './usage'

/** Prices: USD per million tokens; tokens of the kinds a gateway logs. */

/** How a logged model name led to a listed one, in the order in which the rules applied (engine/pricing/normalise.ts). */
export type PriceRule =
  /** The very name is listed. */
  | 'exact'
  /** The same but for upper and lower case. */
  | 'case'
  /** The list gives this name as another one of the model. */
  | 'alias'
  /** `openai/gpt-4o`, `openai:gpt-4o`: the provider before the name. */
  | 'prefix'
  /** `gpt-4o@higress`: what a gateway put behind the name. */
  | 'gateway'
  /** `us.anthropic.claude-…-v1:0`: Bedrock's region, vendor and version. */
  | 'bedrock'
  /** `qwen-max-latest`. */
  | 'latest'
  /** `qwen3-max-2025-09-23`, `-20250923`, `-0923`: a dated version of the model. */
  | 'date'
  /** The list only says which names look like the model's: the least certain. */
  | 'pattern'

export interface PriceSource {
  /**
   * `user`: set by the user. `catalog`: genai-prices. `overlay`: this program's own list (resources/prices). `none`: no
   * model was charged, as for an answer of the gateway's cache or a failed request.
   */
  readonly kind: 'user' | 'catalog' | 'overlay' | 'none'
  /** Who publishes the price; empty for the user's own. */
  readonly name: string
  readonly url: string | null
  /** YYYY-MM-DD on which the list was as it is here, or the user set the price. */
  readonly date: string
  /** How it became USD, where it is published in another currency. */
  readonly conversion: string | null
}

/** The name a price is listed under, and how it was found. */
export interface PriceMatch {
  readonly matchedModel: string
  /** Never empty. Only `exact` alone means that nothing was assumed. */
  readonly rules: readonly PriceRule[]
  readonly source: PriceSource
}

/** A price the user set for a model, in place of any published one. */
export interface UserPrice {
  /** As logged, or a name that the rules lead to. */
  readonly model: string
  /** USD per million tokens, 0 to 100,000. */
  readonly input: number
  readonly output: number
  /** Null: cached tokens cost what input costs. */
  readonly cacheRead: number | null
  /** Null: written tokens cost what input costs. */
  readonly cacheWrite: number | null
  /** Null: as cacheWrite. */
  readonly cacheWriteHour: number | null
  /** Null: reasoning tokens cost what output costs. */
  readonly reasoning: number | null
  /** It holds from then on, ms since the epoch; before, the published price does. Null: always. */
  readonly from: number | null
}

/** What a model costs, in USD per million tokens; null where it has no price of its own for them. */
export interface PriceRates {
  readonly input: number | null
  readonly output: number | null
  readonly cacheRead: number | null
  readonly cacheWrite: number | null
  readonly cacheWriteHour: number | null
  readonly reasoning: number | null
}

export interface ModelPrice extends PriceMatch, PriceRates {
  /** USD per request, beside its tokens. */
  readonly perRequest: number
  /** Prices of larger requests, ascending; each holds for all tokens of a request of more input tokens than `above`. */
  readonly tiers: readonly (PriceRates & { readonly above: number })[]
}

/** A model that was logged, what was used of it, and what it costs. */
export interface PricedModel extends SessionUsage {
  readonly model: string | null
  /** The price in force now; null when none is known. */
  readonly price: ModelPrice | null
  /** Another price held at another time: each round has the price of its own. */
  readonly varies: boolean
  /** The price the user set under this very name. */
  readonly own: UserPrice | null
}

export interface PriceList {
  readonly revision: number
  /** Most expensive first, then by tokens. */
  readonly models: readonly PricedModel[]
  /** The user's prices of models that were not logged by that name. */
  readonly unused: readonly UserPrice[]
  readonly repricing: RepricingProgress
}

/** How far the history is priced anew, in rounds. */
export interface RepricingProgress {
  readonly active: boolean
  readonly done: number
  readonly total: number
}
