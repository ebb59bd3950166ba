/** Tokens and money, as logged and as priced. Counts are tokens; money is USD; durations are ms. */

/** A remark on what a request's logged token counts mean (engine/parse/usage.ts, docs/formats/usage.md). */
export type UsageMark =
  /** A logged value cannot be a count. */
  | 'unusable'
  /** Neither input nor output was logged, or zeros were that mean "not reported". */
  | 'not-reported'
  /** Only the total was logged. */
  | 'unsplit-total'
  /** A failed request without usage. */
  | 'failed-unreported'
  /** The gateway's cache answered. */
  | 'answered-by-cache'
  /** The gateway's security guard refused the request. */
  | 'denied-by-guard'
  /** Only one of input and output was logged: the cost is a lower bound. */
  | 'one-side-missing'
  /** The stream was cut off before its final count: the cost is a lower bound. */
  | 'aborted-stream'
  /** The total holds more than input, output and their details: counted as output that was not itemised. */
  | 'hidden-output'
  /** Cache reads and writes were logged as one number, priced as reads. */
  | 'cache-kinds-summed'
  /** A Claude request whose gateway path drops the cache counts. */
  | 'cache-not-reported'
  /** Audio or image tokens overlap with cached or reasoning tokens. */
  | 'media-overlap'
  | 'tier-flex'
  | 'tier-batch'
  | 'tier-priority'
  | 'tier-other'

/** Why a cost is an estimate. */
export type EstimateReason =
  | Extract<UsageMark, 'hidden-output' | 'cache-kinds-summed' | 'cache-not-reported' | 'media-overlap'>
  /** No price is published for the model's audio tokens. */
  | 'audio-at-text-price'
  | 'image-at-text-price'
  /** No price is published for the service tier. */
  | 'tier-at-standard-price'

/** The tokens of one round exactly as the log gave them; null is "not logged", which is not zero. */
export interface RoundUsage {
  readonly inputTokens: number | null
  readonly outputTokens: number | null
  readonly cachedTokens: number | null
  readonly reasoningTokens: number | null
  /** All tokens sent, and all generated; null when unknown. */
  readonly promptTokens: number | null
  readonly completionTokens: number | null
  readonly marks: readonly UsageMark[]
}

/** Sums over rounds. A round that did not log a count leaves it out of the sum. */
export interface UsageTotals {
  readonly rounds: number
  readonly inputTokens: number
  readonly outputTokens: number
  readonly cachedTokens: number
  readonly reasoningTokens: number
  /** Input and, of rounds that logged them beside it and not as a part of it, the cached and cache write tokens. */
  readonly promptTokens: number
  /** Output and, of rounds that logged more of them than output, the reasoning tokens. */
  readonly completionTokens: number
  /** Input tokens written to the provider's prompt cache. */
  readonly cacheWriteTokens: number
  /** Sum over the rounds with a known price; null when there are rounds and none of them has one. */
  readonly costUsd: number | null
  /** Rounds left out of costUsd, because their model's price or their token counts are not known. */
  readonly unpricedRounds: number
  /** Rounds that logged neither input nor output tokens, or a count that can't be read: their cost is not known. */
  readonly roundsWithoutUsage: number
  /** Rounds whose cost is an estimate (EstimateReason). */
  readonly estimatedRounds: number
  /** Rounds that used more than was logged: their cost is a lower bound. */
  readonly lowerBoundRounds: number
  /** Rounds that ended as `error` or `cut-off`. */
  readonly failedRounds: number
}

/** How a request ended (engine/parse/status.ts has the rules). */
export type RequestStatus = 'ok' | 'error' | 'cut-off'

/** Which rounds count. An absent field leaves all in; an empty list none. Null stands for rounds that named none. */
export interface UsageFilter {
  /** ms since the epoch; rounds count by whole hours of the user's time zone. */
  readonly from?: number
  /** Not included; the hour it falls into is, unless it starts there. */
  readonly to?: number
  readonly models?: readonly (string | null)[]
  readonly consumers?: readonly (string | null)[]
  /** Paths as the user chose them. */
  readonly sources?: readonly string[]
  readonly statuses?: readonly RequestStatus[]
}

/** Totals of some rounds, and how many sessions have at least one of them. */
export interface SessionUsage extends UsageTotals {
  readonly sessions: number
}

/** Totals of one model; `model` is null for rounds whose log line named none. */
export interface ModelUsage extends SessionUsage {
  readonly model: string | null
}

/** Totals of one consumer; `consumer` is null for rounds whose log line named none. */
export interface ConsumerUsage extends SessionUsage {
  readonly consumer: string | null
}

/** Totals of what was read through one path the user chose. */
export interface SourceUsage extends SessionUsage {
  readonly source: string
}

export interface StatusUsage extends SessionUsage {
  readonly status: RequestStatus
}

/** Length of the periods of a chart. */
export type Bucket = 'hour' | 'day' | 'week'

/** Totals of one period in the user's time zone. */
export interface DateUsage extends SessionUsage {
  /** YYYY-MM-DD; of an hour YYYY-MM-DDTHH; of a week its Monday. */
  readonly date: string
  /** Models used in it, sorted by name. */
  readonly models: readonly string[]
}

/** Totals of one model in one period. */
export interface DateModelUsage extends UsageTotals {
  readonly date: string
  readonly model: string | null
}
