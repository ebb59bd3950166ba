import type { SessionUsage, UsageTotals } from '../../../contract/index'
import { toUsd } from '../../pricing/cost'
import { int, type Row } from '../database/sql'
import { SUM_COUNT, USAGE_SUMS } from '../sums/usage-columns'
import type { Group } from './usage-groups'

/** The columns of `session` that readTotals() reads, in order: those of `usage`, and `failed`. */
export const TOTALS_COLUMNS = [...USAGE_SUMS, 'failed']

/** A group without rows. */
export const EMPTY_GROUP: Group = { key: 0, sums: new Float64Array(SUM_COUNT), sessions: 0, failed: 0, carried: 0 }

/** Reads TOTALS_COLUMNS, which start at column `at`. */
export function readTotals(row: Row, at = 0): UsageTotals {
  return usageTotals(
    TOTALS_COLUMNS.map((_, column) => int(row[at + column])),
    int(row[at + SUM_COUNT]),
  )
}

/** Totals of a group, including its number of sessions. */
export function usageOf(group: Group): SessionUsage {
  return { sessions: group.sessions, ...usageTotals(group.sums, group.failed) }
}

/** Converts sums in the order of USAGE_SUMS, and the number of failed rounds. */
export function usageTotals(sums: ArrayLike<number>, failedRounds: number): UsageTotals {
  const sum = (at: number) => sums[at] ?? 0
  const rounds = sum(0)
  const unpricedRounds = sum(7)
  return {
    rounds,
    inputTokens: sum(1),
    outputTokens: sum(2),
    cachedTokens: sum(3),
    cacheWriteTokens: sum(4),
    reasoningTokens: sum(5),
    costUsd: rounds > 0 && unpricedRounds === rounds ? null : toUsd(sum(6)),
    unpricedRounds,
    roundsWithoutUsage: sum(8),
    promptTokens: sum(9),
    completionTokens: sum(10),
    estimatedRounds: sum(11),
    lowerBoundRounds: sum(12),
    failedRounds,
  }
}
