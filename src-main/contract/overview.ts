import type { SessionRow } from './sessions'
import type { DateUsage, ModelUsage, UsageTotals } from './usage'

/** Everything the overview page shows, answered by one query so that its numbers agree with each other. */
export interface Overview {
  /** Grows with every change of the store; two answers with the same revision are the same. */
  readonly revision: number
  /** IANA name of the zone whose days `byDate` counts. */
  readonly timeZone: string
  readonly totals: UsageTotals & { readonly sessions: number }
  /** Most expensive first, then by tokens. */
  readonly byModel: readonly ModelUsage[]
  /** Oldest first; days without a round are absent. */
  readonly byDate: readonly DateUsage[]
  /** Latest activity first. */
  readonly recentSessions: readonly SessionRow[]
}

export interface OverviewQuery {
  /** How many recent sessions to return, 0 to 100. */
  readonly recentLimit: number
}
