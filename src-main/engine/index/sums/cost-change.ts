/** By how much a row of `usage` changes when rounds are repriced. */
export interface CostChange {
  readonly hour: number
  readonly sessionId: number
  readonly modelId: number
  readonly consumerId: number
  readonly sourceId: number
  readonly status: number
  /** Picodollars. */
  cost: number
  /** Rounds whose cost is unknown, and rounds whose cost is an estimate. */
  unpriced: number
  estimated: number
}

/** By how much the cost of one round changes when it is repriced. */
export interface RoundCostChange {
  /** YYYYMMDD. */
  readonly day: number
  readonly routeId: number
  readonly sessionId: number
  /** Picodollars. */
  readonly cost: number
  /** 1: the cost is no longer known; -1: it is known now. */
  readonly unpriced: number
}
