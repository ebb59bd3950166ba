import type { FinopsReport, ReportFilter, ReportTotals, SessionUsage, UsageFilter } from '../../contract/index'
import { overview, totalsOf, usageByDate, usageByModel } from '../index/queries/overview'
import type { SessionIndex } from '../index/tables/session-index'

/** Name under which rounds without a model or consumer are reported. */
export const NO_MODEL = 'unknown'

/** The report over the rounds that pass the filter. `now`: its time of generation. */
export function finopsReport(index: SessionIndex, now: Date, filter: UsageFilter = {}): FinopsReport {
  const totals = totalsOf(index, filter)
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
      total_prompt_tokens: totals.promptTokens,
    },
    by_model: reportByModel(index, filter),
    by_date: reportByDate(index, null, filter),
    ...(Object.keys(filter).length > 0 && { filter: reportFilter(filter) }),
  }
}

function reportFilter({ from, to, ...names }: UsageFilter): ReportFilter {
  return {
    ...(from !== undefined && { from: new Date(from).toISOString() }),
    ...(to !== undefined && { to: new Date(to).toISOString() }),
    ...names,
  }
}

/** The section `by_model`. */
export function reportByModel(index: SessionIndex, filter: UsageFilter = {}): FinopsReport['by_model'] {
  return named(
    usageByModel(index, filter),
    (usage) => usage.model,
    () => totalsOf(index, { ...filter, models: [null, NO_MODEL] }),
  )
}

/** The same by consumer. */
export function reportByConsumer(
  index: SessionIndex,
  filter: UsageFilter = {},
): Readonly<Record<string, ReportTotals>> {
  return named(
    overview(index, { recentLimit: 0, filter }).byConsumer,
    (usage) => usage.consumer,
    () => totalsOf(index, { ...filter, consumers: [null, NO_MODEL] }),
  )
}

/** The section `by_date`: of the `days` latest days with rounds, or of all days (null). */
export function reportByDate(
  index: SessionIndex,
  days: number | null,
  filter: UsageFilter = {},
): FinopsReport['by_date'] {
  const byDate: Record<string, ReportTotals & { models: readonly string[] }> = {}
  for (const usage of usageByDate(index, days, filter)) {
    byDate[usage.date] = { ...reportTotals(usage), models: usage.models }
  }
  return byDate
}

function named<U extends SessionUsage>(
  usages: readonly U[],
  nameOf: (usage: U) => string | null,
  unnamed: () => SessionUsage,
): Readonly<Record<string, ReportTotals>> {
  // No prototype, because a model may be called "__proto__".
  const byName = Object.create(null) as Record<string, ReportTotals>
  for (const usage of usages) {
    const name = nameOf(usage) ?? NO_MODEL
    // Rounds named "unknown" and rounds without a name share an entry. A session may have both, so they are summed
    // together.
    byName[name] = reportTotals(byName[name] === undefined ? usage : unnamed())
  }
  return byName
}

function reportTotals(usage: SessionUsage): ReportTotals {
  return {
    session_count: usage.sessions,
    total_input: usage.inputTokens,
    total_output: usage.outputTokens,
    total_reasoning: usage.reasoningTokens,
    total_cost: usage.costUsd,
    total_cached: usage.cachedTokens,
    rounds: usage.rounds,
    unpriced_rounds: usage.unpricedRounds,
    total_prompt: usage.promptTokens,
  }
}
