import type { SessionSeries } from '@contract'

/** Consecutive rounds that are drawn in one place, because there are more rounds than the chart has room for. */
export interface ChartPlace {
  /** Rounds, 1 for the session's first. */
  readonly first: number
  readonly last: number
  /** The dearest of them; where no cost is known, the one that sent most. It is what a click on the place leads to. */
  readonly peak: number
}

/** How many rounds share a place when there may be `most` places. At least 1. */
export const roundsPerPlace = (rounds: number, most: number): number =>
  Math.max(1, Math.ceil(rounds / Math.max(1, most)))

/** A session's rounds in places of `each`; the last may hold fewer. */
export function placesOf({ costUsd, promptTokens }: SessionSeries, each: number): readonly ChartPlace[] {
  const rounds = promptTokens.length
  return Array.from({ length: Math.ceil(rounds / each) }, (_, place) => {
    const start = place * each
    const end = Math.min(rounds, start + each)
    const peak = highest(costUsd, start, end) ?? highest(promptTokens, start, end) ?? start
    return { first: start + 1, last: end, peak: peak + 1 }
  })
}

/** How many rounds a place holds; the last may hold fewer. At least 1. */
export const placeSize = ([first]: readonly ChartPlace[]): number => (first === undefined ? 1 : first.last)

/** Index of the greatest known figure from `start` to before `end`; null where none is known. */
function highest(figures: readonly (number | null)[], start: number, end: number): number | null {
  let found: number | null = null
  for (let index = start; index < end; index++) {
    const figure = figures[index] ?? null
    if (figure !== null && (found === null || figure > (figures[found] ?? 0))) found = index
  }
  return found
}

/** The greatest known figure of each place; null where none is known. */
export const highestOf = (
  figures: readonly (number | null)[],
  places: readonly ChartPlace[],
): readonly (number | null)[] =>
  places.map(({ first, last }) => {
    const index = highest(figures, first - 1, last)
    return index === null ? null : (figures[index] ?? null)
  })
