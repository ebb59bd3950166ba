import type { UsageTotals } from '@contract'

/** Whether a sum of tokens says anything: where no round logged counts that can be read, nought is not what was used. */
export const tokensLogged = ({ rounds, roundsWithoutUsage }: UsageTotals, sum: number): boolean =>
  sum > 0 || rounds === 0 || roundsWithoutUsage < rounds

/** A sum of which a part is not known. The sign stands before it: figures stay under each other. */
export const atLeast = (sum: string): string => `≥\u00a0${sum}`
