import type { UsageTotals } from '@contract'

/** Whether a sum of tokens says anything: where no round logged counts that can be read, nought is not what was used. */
export const tokensLogged = ({ rounds, roundsWithoutUsage }: UsageTotals, sum: number): boolean =>
  sum > 0 || rounds === 0 || roundsWithoutUsage < rounds

/** What a sum of money leaves open, of the rounds in it. */
export type OpenCosts = Pick<UsageTotals, 'unpricedRounds' | 'estimatedRounds' | 'lowerBoundRounds'>

/** Just these, to bind to a component. */
export const openCosts = ({ unpricedRounds, estimatedRounds, lowerBoundRounds }: OpenCosts): OpenCosts => ({
  unpricedRounds,
  estimatedRounds,
  lowerBoundRounds,
})

/** The sign before a sum of money: `≥` where it leaves something out, `≈` where it holds an estimate. */
export function signed(sum: string, open: OpenCosts): string {
  if (isPartial(open)) return atLeast(sum)
  return open.estimatedRounds > 0 ? about(sum) : sum
}

/** Whether a sum of money leaves something out. */
export const isPartial = ({ unpricedRounds, lowerBoundRounds }: OpenCosts): boolean =>
  unpricedRounds > 0 || lowerBoundRounds > 0

/** An estimate. */
const about = (sum: string): string => `≈\u00a0${sum}`

/** A sum of which a part is not known. The sign stands before it: figures stay under each other. */
export const atLeast = (sum: string): string => `≥\u00a0${sum}`
