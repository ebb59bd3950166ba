import type { Budget, BudgetState } from '../../../../contract/index'
import { toUsd } from '../../../pricing/cost'
import { bucketOf, dayText } from '../../sums/hours'
import type { SessionIndex } from '../../tables/session-index'
import { dayOf } from './days'

/** Shares of a budget that are reported when they are reached. */
export const BUDGET_SHARES = [0.5, 0.8, 1] as const

/**
 * How much of each budget is used in the period that contains `now` (ms since the epoch). Cost: one pass over `usage`.
 */
export function budgetStates(index: SessionIndex, budgets: readonly Budget[], now: number): BudgetState[] {
  const { usage } = index
  const today = dayOf(index, now)
  const tallies = budgets.map((budget) => ({
    budget,
    start: periodStart(today, budget),
    inScope: scopeTest(index, budget),
    used: 0,
    unpricedRounds: 0,
  }))
  const earliest = Math.min(...tallies.map(({ start }) => start))
  for (let at = 0; at < usage.length; at += 1) {
    const day = Math.floor((usage.hour[at] ?? 0) / 100)
    if (day < earliest || day > today) continue
    for (const tally of tallies) {
      if (day < tally.start || !tally.inScope(at)) continue
      const usd = tally.budget.unit === 'usd'
      tally.used += usd ? usage.sum(at, 'cost') : usage.sum(at, 'input') + usage.sum(at, 'output')
      if (usd) tally.unpricedRounds += usage.sum(at, 'unpriced')
    }
  }
  return tallies.map(({ budget, start, used, unpricedRounds }) => {
    const amount = budget.unit === 'usd' ? (toUsd(used) ?? 0) : used
    const share = BUDGET_SHARES.filter((part) => amount >= part * budget.limit).at(-1) ?? null
    return { budget, start: dayText(start), used: amount, unpricedRounds, share }
  })
}

function periodStart(today: number, { period }: Budget): number {
  if (period === 'month') return Math.floor(today / 100) * 100 + 1
  return bucketOf(today * 100, period)
}

function scopeTest(index: SessionIndex, { scope }: Budget): (at: number) => boolean {
  const { usage } = index
  if (scope.kind === 'all') return () => true
  // A name without any round has no id.
  const id = (scope.kind === 'model' ? index.models : index.consumers).find(scope.name)
  const column = scope.kind === 'model' ? usage.model : usage.consumer
  return (at) => column[at] === id
}
