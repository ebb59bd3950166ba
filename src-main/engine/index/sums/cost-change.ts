/** By how much a row of usage changes. */
export interface CostChange {
  readonly hour: number
  readonly sessionId: number
  readonly modelId: number
  readonly consumerId: number
  readonly sourceId: number
  readonly status: number
  /** Picodollars. */
  cost: number
  /** Rounds. */
  unpriced: number
  estimated: number
}

/** By how much the cost of one round changes. */
export interface RoundCostChange {
  /** YYYYMMDD. */
  readonly day: number
  readonly routeId: number
  readonly sessionId: number
  /** Picodollars. */
  readonly cost: number
  readonly unpriced: number
}
