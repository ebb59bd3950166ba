import type { UsageTotals } from '../../../contract/index'
import { toUsd } from '../../pricing/cost'
import { int, type Row } from '../sql'

/** The columns of session and usage that readTotals expects, in its order. */
export const TOTALS_COLUMNS = ['rounds', 'input', 'output', 'cached', 'reasoning', 'cost', 'unpriced', 'without_usage']

/** Sums of TOTALS_COLUMNS, for a SELECT. */
export const SUM_TOTALS = TOTALS_COLUMNS.map((column) => `coalesce(sum(${column}), 0)`).join(', ')

/** Reads TOTALS_COLUMNS (or their sums) from `row`, from column `at` on. */
export function readTotals(row: Row, at = 0): UsageTotals {
  const rounds = int(row[at])
  const unpricedRounds = int(row[at + 6])
  return {
    rounds,
    inputTokens: int(row[at + 1]),
    outputTokens: int(row[at + 2]),
    cachedTokens: int(row[at + 3]),
    reasoningTokens: int(row[at + 4]),
    costUsd: rounds > 0 && unpricedRounds === rounds ? null : toUsd(int(row[at + 5])),
    unpricedRounds,
    roundsWithoutUsage: int(row[at + 7]),
  }
}
