import type { UsageTotals } from '../../contract/index'
import { overview, usageByDate, usageByModel } from '../index/queries/overview'
import type { SessionIndex } from '../index/session-index'

/** Field names of the original skill's FinOps report; keys after `total_cost` and after `models` are ours. */
interface ReportTotals {
  readonly session_count: number
  readonly total_input: number
  readonly total_output: number
  readonly total_reasoning: number
  /** USD; null when no round's price is known. */
  readonly total_cost: number | null
  readonly total_cached: number
  readonly rounds: number
  readonly unpriced_rounds: number
}

export interface FinopsReport {
  readonly generated_at: string
  readonly summary: {
    readonly total_sessions: number
    readonly total_input_tokens: number
    readonly total_output_tokens: number
    readonly total_cost_usd: number | null
    readonly total_cached_tokens: number
    readonly total_reasoning_tokens: number
    readonly total_rounds: number
    readonly unpriced_rounds: number
    readonly time_zone: string
  }
  readonly by_model: Readonly<Record<string, ReportTotals>>
  readonly by_date: Readonly<Record<string, ReportTotals & { readonly models: readonly string[] }>>
}

/** Name under which rounds without a model are reported. */
export const NO_MODEL = 'unknown'

/** The report over the whole store. `now`: written into it as its time. */
export function finopsReport(index: SessionIndex, now: Date): FinopsReport {
  const { totals } = overview(index, { recentLimit: 0 })
  return {
    generated_at: now.toISOString(),
    summary: {
      total_sessions: totals.sessions,
      total_input_tokens: totals.inputTokens,
      total_output_tokens: totals.outputTokens,
      total_cost_usd: totals.costUsd,
      total_cached_tokens: totals.cachedTokens,
      total_reasoning_tokens: totals.reasoningTokens,
      total_rounds: totals.rounds,
      unpriced_rounds: totals.unpricedRounds,
      time_zone: index.timeZone,
    },
    by_model: reportByModel(index),
    by_date: reportByDate(index, null),
  }
}

/** Section `by_model`. */
export function reportByModel(index: SessionIndex): FinopsReport['by_model'] {
  // No prototype: a model may be called "__proto__".
  const byModel = Object.create(null) as Record<string, ReportTotals>
  for (const usage of usageByModel(index)) byModel[usage.model ?? NO_MODEL] = reportTotals(usage)
  return byModel
}

/** Section `by_date`, of the `days` latest days that had rounds, or of all (null). */
export function reportByDate(index: SessionIndex, days: number | null): FinopsReport['by_date'] {
  const byDate: Record<string, ReportTotals & { models: readonly string[] }> = {}
  for (const usage of usageByDate(index, days)) {
    byDate[usage.date] = { ...reportTotals(usage), models: usage.models }
  }
  return byDate
}

function reportTotals(usage: UsageTotals & { readonly sessions: number }): ReportTotals {
  return {
    session_count: usage.sessions,
    total_input: usage.inputTokens,
    total_output: usage.outputTokens,
    total_reasoning: usage.reasoningTokens,
    total_cost: usage.costUsd,
    total_cached: usage.cachedTokens,
    rounds: usage.rounds,
    unpriced_rounds: usage.unpricedRounds,
  }
}
