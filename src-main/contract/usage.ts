/** Tokens and money, as logged and as priced. Counts are tokens; money is USD; durations are ms. */

/** The tokens of one round exactly as the log gave them; null is "not logged", which is not zero. */
export interface RoundUsage {
  readonly inputTokens: number | null
  readonly outputTokens: number | null
  readonly cachedTokens: number | null
  readonly reasoningTokens: number | null
  /** A count was logged that can't be one: it is null here, and what the round cost is not known. */
  readonly unusable: boolean
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
