import type { SessionRow } from './sessions'
import type {
  Bucket,
  ConsumerUsage,
  DateModelUsage,
  DateUsage,
  ModelUsage,
  SessionUsage,
  SourceUsage,
  StatusUsage,
  UsageFilter,
} from './usage'

/** Everything the overview page shows, answered by one query so that its numbers agree with each other. */
export interface Overview {
  /** Grows with every change of the store; two answers to the same query with the same revision are the same. */
  readonly revision: number
  /** IANA name of the zone whose hours and days are counted. */
  readonly timeZone: string
  readonly totals: SessionUsage
  /** Totals of the query's `previous` range; null when it has none. */
  readonly previous: SessionUsage | null
  /** Most expensive first, then by tokens. */
  readonly byModel: readonly ModelUsage[]
  readonly byConsumer: readonly ConsumerUsage[]
  readonly bySource: readonly SourceUsage[]
  readonly byStatus: readonly StatusUsage[]
  /** Oldest first; periods without a round are absent. */
  readonly byDate: readonly DateUsage[]
  /** As byDate, then as byModel. */
  readonly byDateAndModel: readonly DateModelUsage[]
  /** Sessions with a round that counts, latest activity first. Their totals are those of the whole session. */
  readonly recentSessions: readonly SessionRow[]
  /** The sessions whose counted rounds cost most; `costUsd` is of these rounds, but for `unpricedRounds` of them. */
  readonly topSessions: readonly {
    readonly session: SessionRow
    readonly costUsd: number
    readonly unpricedRounds: number
  }[]
  /** All there is to filter by, whatever the filter: sorted by name. */
  readonly choices: {
    readonly models: readonly (string | null)[]
    readonly consumers: readonly (string | null)[]
    readonly sources: readonly string[]
  }
}

export interface OverviewQuery {
  /** How many recent sessions to return, 0 to 100. */
  readonly recentLimit: number
  /** How many of the most expensive sessions, 0 to 100; absent: none. */
  readonly topLimit?: number
  readonly filter?: UsageFilter
  /** A range to compare with, under the same filter: ms since the epoch, `to` not included. */
  readonly previous?: { readonly from: number; readonly to: number }
  /** Absent: by day. */
  readonly bucket?: Bucket
}
