import type { SessionRow } from './sessions'
import type { ConsumerUsage, RequestStatus, UsageFilter, UsageTotals } from './usage'

/** Days from `from` to `to` (ms since the epoch, `to` not included) in the user's time zone; whole days count. */
export interface InsightRange {
  readonly from: number
  readonly to: number
}

export type InsightSection = 'cache' | 'context' | 'failures' | 'latency' | 'tools' | 'consumers' | 'anomalies'

export interface InsightQuery extends InsightRange {
  readonly section: InsightSection
  /** ms since the epoch: what is called past, today and this month. */
  readonly now: number
  /** Of `latency` alone: only these models, consumers (null for those without a name), sources and outcomes. Absent: all. */
  readonly models?: UsageFilter['models']
  readonly consumers?: UsageFilter['consumers']
  readonly sources?: UsageFilter['sources']
  readonly statuses?: UsageFilter['statuses']
}

/** Breaks of the providers' prompt caches. */
export interface CacheInsight {
  readonly section: 'cache'
  readonly breaks: number
  /** Tokens billed again because of them. */
  readonly tokens: number
  /** The part of `tokens` that is an estimate, because `cached_tokens` was not logged. */
  readonly estimatedTokens: number
  /** What it cost that they were not read from the cache: an estimate, at the day's prices; null when no price is known. */
  readonly costUsd: number | null
  readonly byModel: readonly {
    readonly model: string | null
    readonly breaks: number
    readonly tokens: number
    readonly estimatedTokens: number
    readonly costUsd: number | null
  }[]
  /** The ones that had most tokens billed again. */
  readonly worst: readonly CacheBreak[]
}

interface CacheBreak {
  readonly session: SessionRow
  readonly round: number
  readonly time: number
  readonly model: string | null
  /** The first message that differs from the request before, 1-based; null: none does, the cache was lost. */
  readonly message: number | null
  readonly tokens: number
  readonly estimated: boolean
  readonly costUsd: number | null
}

/** How much of what was sent had been sent before. */
export interface ContextInsight {
  readonly section: 'context'
  readonly totals: ContextShare
  /** Oldest first. */
  readonly byDay: readonly (ContextShare & { readonly date: string })[]
  /** Most re-sent first. */
  readonly byModel: readonly (ContextShare & { readonly model: string | null })[]
}

export interface ContextShare {
  readonly rounds: number
  /** Rounds whose re-sent share is known: with messages and input tokens. */
  readonly knownRounds: number
  /** All prompt tokens of these (UsageTotals). */
  readonly promptTokens: number
  /** How many of them were history sent before: an estimate by the share of bytes. */
  readonly resentTokens: number
  /** Rounds that sent a shorter history than the one before. */
  readonly compactions: number
}

export interface FailuresInsight {
  readonly section: 'failures'
  readonly all: UsageTotals
  readonly byStatus: readonly (UsageTotals & { readonly status: Exclude<RequestStatus, 'ok'> })[]
  /** Failed rounds by model and by consumer, the most expensive first; `rounds` counts the failed ones, `of` all. */
  readonly byModel: readonly FailureRow[]
  readonly byConsumer: readonly FailureRow[]
  /** Requests that sent just what another one had sent within ten minutes. */
  readonly retries: { readonly rounds: number; readonly costUsd: number | null; readonly unpricedRounds: number }
}

export interface FailureRow {
  readonly name: string | null
  readonly rounds: number
  readonly of: number
  readonly costUsd: number | null
  /** Left out of costUsd. */
  readonly unpricedRounds: number
}

/** Successful rounds only. Values are read from a sketch: within `relativeError` of the exact ones. */
export interface LatencyInsight {
  readonly section: 'latency'
  readonly relativeError: number
  readonly byModel: readonly LatencyRow[]
  readonly byConsumer: readonly LatencyRow[]
}

export interface LatencyRow {
  readonly name: string | null
  readonly firstTokenMs: Quantiles | null
  readonly durationMs: Quantiles | null
  /** Output tokens a second, from the first token on where its time is known. */
  readonly tokensPerSecond: Quantiles | null
}

export interface Quantiles {
  readonly count: number
  readonly p50: number
  readonly p95: number
  readonly p99: number
}

export interface ToolsInsight {
  readonly section: 'tools'
  /** Most called first. */
  readonly tools: readonly {
    readonly name: string
    readonly calls: number
    /** Rounds that called it, and what these cost in all, whatever else they did. */
    readonly rounds: number
    readonly costUsd: number | null
    /** Left out of costUsd. */
    readonly unpricedRounds: number
    readonly argumentBytes: number
    readonly results: number
    readonly resultBytes: number
  }[]
}

export interface ConsumersInsight {
  readonly section: 'consumers'
  readonly byConsumer: readonly ConsumerUsage[]
  /** Most expensive first. */
  readonly byRoute: readonly {
    readonly route: string | null
    readonly authority: string | null
    readonly sessions: number
    readonly rounds: number
    readonly tokens: number
    readonly costUsd: number | null
    /** Left out of costUsd. */
    readonly unpricedRounds: number
  }[]
}

export interface AnomaliesInsight {
  readonly section: 'anomalies'
  /** A cost is far above its past when its logarithm is more than `k` robust standard deviations above the median's. */
  readonly k: number
  readonly sessions: readonly (Anomaly & { readonly session: SessionRow })[]
  /** YYYY-MM-DDTHH. */
  readonly hours: readonly (Anomaly & { readonly hour: string })[]
  /** A model's day. */
  readonly models: readonly (Anomaly & { readonly model: string | null; readonly date: string })[]
  readonly forecast: Forecast | null
}

interface Anomaly {
  readonly costUsd: number
  /** Median of its past. */
  readonly usualUsd: number
}

/** The month's cost, if its remaining days are like the days of the last four weeks. */
export interface Forecast {
  /** YYYY-MM. */
  readonly month: string
  readonly spentUsd: number
  readonly expectedUsd: number
  /** Eight months in ten end between these. */
  readonly lowUsd: number
  readonly highUsd: number
  /** Past days it is made from. */
  readonly days: number
  /** Rounds of these days and of the month whose cost is not known, and so left out. */
  readonly unpricedRounds: number
}

export type Insight =
  CacheInsight | ContextInsight | FailuresInsight | LatencyInsight | ToolsInsight | ConsumersInsight | AnomaliesInsight

/** What is particular about one session. */
export interface SessionInsights {
  /** How a session without a logged id was put together; null for one with an id. */
  readonly inference: {
    /** Percent, of its least certain request. */
    readonly confidence: number
    /** Below this a request starts a session of its own, percent. */
    readonly threshold: number
    readonly joins: readonly {
      readonly round: number
      readonly previousRound: number | null
      readonly confidence: number
      readonly evidence: readonly InferenceEvidence[]
      readonly messages: number
    }[]
  } | null
  /** The ways the session went on, in order of their beginning; one: it never forked. */
  readonly branches: readonly {
    readonly firstRound: number
    readonly lastRound: number
    readonly rounds: number
    /** The round it left; null where it has a history of its own (a sub-agent, or the session's beginning). */
    readonly fromRound: number | null
    /** Messages it has in common with that round. */
    readonly sharedMessages: number
    readonly costUsd: number | null
    /** Left out of costUsd. */
    readonly unpricedRounds: number
  }[]
  readonly rounds: readonly {
    readonly round: number
    /** All tokens of the prompt (UsageTotals). */
    readonly promptTokens: number | null
    /** Of these, what was sent before: an estimate by the share of bytes; null when it is not known. */
    readonly resentTokens: number | null
    readonly compacted: boolean
    readonly retryOf: number | null
    readonly branch: number
    readonly cacheBreak: Omit<CacheBreak, 'session' | 'round' | 'time' | 'model'> | null
  }[]
}

export type InferenceEvidence =
  'history' | 'answer' | 'fork' | 'tail' | 'system' | 'resent' | 'chatId' | 'consumer' | 'time'

export type BudgetPeriod = 'day' | 'week' | 'month'

/** A limit of spending in each day, week (from Monday) or month of the user's time zone. */
export interface Budget {
  readonly id: string
  readonly period: BudgetPeriod
  readonly unit: 'usd' | 'tokens'
  /** USD, or input and output tokens. */
  readonly limit: number
  readonly scope:
    | { readonly kind: 'all' }
    | { readonly kind: 'model'; readonly name: string }
    | { readonly kind: 'consumer'; readonly name: string }
}

export interface BudgetState {
  readonly budget: Budget
  /** First day of the period, YYYY-MM-DD. */
  readonly start: string
  /** Used in the period so far; USD or tokens. */
  readonly used: number
  /** Rounds whose cost is not known, and so left out of a sum of money. */
  readonly unpricedRounds: number
  /** The highest of BUDGET_SHARES it has reached; null below all. */
  readonly share: number | null
}
