import type { SessionSeries } from '@contract'

/** Consecutive rounds that share one bar of the chart, which has no room for a bar per round in a long session. */
export interface ChartBin {
  /** Round numbers, 1 for the session's first. */
  readonly first: number
  readonly last: number
  /** The round with the highest cost, or, if no cost is known, the longest prompt. A click on the bar goes to it. */
  readonly peak: number
}

/** How many rounds share a bin if there may be at most `most` bins. At least 1. */
export const roundsPerBin = (rounds: number, most: number): number => Math.max(1, Math.ceil(rounds / Math.max(1, most)))

/** The session's rounds in bins of `each` rounds; the last bin may hold fewer. */
export function binsOf({ costUsd, promptTokens }: SessionSeries, each: number): readonly ChartBin[] {
  const rounds = promptTokens.length
  return Array.from({ length: Math.ceil(rounds / each) }, (_, bin) => {
    const start = bin * each
    const end = Math.min(rounds, start + each)
    const peak = highest(costUsd, start, end) ?? highest(promptTokens, start, end) ?? start
    return { first: start + 1, last: end, peak: peak + 1 }
  })
}

/** How many rounds a full bin holds. At least 1. */
export const binSize = ([first]: readonly ChartBin[]): number => (first === undefined ? 1 : first.last)

/** Index of the highest known figure in [start, end); null if none is known. */
function highest(figures: readonly (number | null)[], start: number, end: number): number | null {
  let found: number | null = null
  for (let index = start; index < end; index++) {
    const figure = figures[index] ?? null
    if (figure !== null && (found === null || figure > (figures[found] ?? 0))) found = index
  }
  return found
}

/** The highest known figure of each bin; null if none is known. */
export const highestOf = (figures: readonly (number | null)[], bins: readonly ChartBin[]): readonly (number | null)[] =>
  bins.map(({ first, last }) => {
    const index = highest(figures, first - 1, last)
    return index === null ? null : (figures[index] ?? null)
  })
