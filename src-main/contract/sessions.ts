import type { RequestStatus, UsageFilter, UsageTotals } from './usage'

/** One session as a table row. */
export interface SessionRow extends UsageTotals {
  /** As logged; made by this program where the log had none (see `inferred`). Hostile text: show it, never trust it. */
  readonly sessionId: string
  /** True when no session id was logged and the grouping is this program's own. */
  readonly inferred: boolean
  /** Model of the latest round. */
  readonly model: string | null
  /** First question of the session, shortened to 200 characters; null when none was logged. */
  readonly title: string | null
  /** Start of the first round, ms since the epoch. */
  readonly firstTime: number
  /** Start of the latest round, ms since the epoch. */
  readonly lastTime: number
}

/** A request as it came in, for a list of the latest. */
export interface LatestRequest {
  /** Grows with every request read. */
  readonly seq: number
  /** Start of the request, ms since the epoch. */
  readonly time: number
  readonly sessionId: string
  /** The session's. */
  readonly title: string | null
  readonly model: string | null
  readonly inputTokens: number | null
  readonly outputTokens: number | null
  readonly costUsd: number | null
  readonly status: RequestStatus
}

/** A session's cost over its rounds, gathered in at most SPARK_POINTS parts of equal numbers of rounds; USD. */
export type Spark = readonly number[]

export type SessionSortKey =
  | 'session'
  | 'title'
  | 'model'
  | 'rounds'
  | 'tokens'
  | 'inputTokens'
  | 'outputTokens'
  | 'cachedTokens'
  | 'reasoningTokens'
  | 'cost'
  | 'failed'
  | 'duration'
  | 'firstTime'
  | 'lastTime'

export interface SessionListQuery {
  readonly sortBy: SessionSortKey
  readonly descending: boolean
  readonly offset: number
  /** 0 means all. */
  readonly limit: number
  /** Sessions with at least one round that counts. */
  readonly filter?: UsageFilter
  /** Sessions whose id, title or model holds this text, whatever its case (of ASCII letters). */
  readonly text?: string
}

export interface SessionList {
  readonly revision: number
  /** Sessions that match, whatever the limit. */
  readonly total: number
  readonly rows: readonly SessionRow[]
}
