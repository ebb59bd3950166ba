/** Tokens and money, as logged and as priced. Counts are tokens; money is USD; durations are ms. */

/** The tokens of one round exactly as the log gave them; null is "not logged", which is not zero. */
export interface RoundUsage {
  readonly inputTokens: number | null
  readonly outputTokens: number | null
  readonly cachedTokens: number | null
  readonly reasoningTokens: number | null
}

/** Sums over rounds. A round that did not log a count leaves it out of the sum. */
export interface UsageTotals {
  readonly rounds: number
  readonly inputTokens: number
  readonly outputTokens: number
  readonly cachedTokens: number
  readonly reasoningTokens: number
  /** Sum over the rounds with a known price; null when there are rounds and none of them has one. */
  readonly costUsd: number | null
  /** Rounds left out of costUsd, because their model's price or their token counts are not known. */
  readonly unpricedRounds: number
  /** Rounds that logged neither input nor output tokens. */
  readonly roundsWithoutUsage: number
}

/** Totals of one model; `model` is null for rounds whose log line named none. */
export interface ModelUsage extends UsageTotals {
  readonly model: string | null
  /** Sessions with at least one round on this model. */
  readonly sessions: number
}

/** Totals of one calendar day in the user's time zone. */
export interface DateUsage extends UsageTotals {
  /** YYYY-MM-DD. */
  readonly date: string
  /** Sessions with at least one round on this day. */
  readonly sessions: number
  /** Models used on this day, sorted by name. */
  readonly models: readonly string[]
}
