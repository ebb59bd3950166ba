import type { OutlineRound, SessionSeries } from '@contract'

/** What a reader jumps between. */
export type LandmarkKind = 'calls' | 'errors' | 'costly' | 'breaks'
export const LANDMARKS: readonly LandmarkKind[] = ['calls', 'errors', 'costly', 'breaks']

/** Rounds of each kind, in order. */
export type Landmarks = Readonly<Record<LandmarkKind, readonly number[]>>

/** A round is costly from this many times the session's median on. */
const COSTLY = 3
/** A provider caches no shorter prompt than this, tokens (OpenAI and Anthropic: 1024). */
const LEAST_CACHED = 1024

/** `cacheBreaks`: rounds that broke the prompt cache. */
export function landmarks(
  outline: readonly OutlineRound[],
  series: SessionSeries | null,
  cacheBreaks: readonly number[],
): Landmarks {
  const rewritten = outline.filter((one) => one.rewritten).map((one) => one.round)
  return {
    calls: outline.filter((one) => one.calls.length > 0).map((one) => one.round),
    errors: outline.filter((one) => one.failed || one.results.some((result) => result.isError)).map((one) => one.round),
    costly: series === null ? [] : costlyRounds(series.costUsd),
    breaks: [...new Set([...rewritten, ...cacheBreaks])].sort((a, b) => a - b),
  }
}

/** Rounds that cost at least COSTLY times the median; where none stands out so, the dearest of several. */
export function costlyRounds(costs: readonly (number | null)[]): number[] {
  // Numbers in a typed array are sorted ten times as fast as objects: this is done again whenever a round comes.
  const known = Float64Array.from(costs.filter((cost) => cost !== null)).sort()
  if (known.length < 3) return []
  const median = known[Math.floor(known.length / 2)] ?? 0
  const dearest = known.at(-1) ?? 0
  if (dearest <= median) return []
  if (dearest < median * COSTLY) return [costs.lastIndexOf(dearest) + 1]
  return costs.flatMap((cost, index) => (cost !== null && cost > 0 && cost >= median * COSTLY ? [index + 1] : []))
}

/**
 * Rounds that read from the cache less than half of what the round before them had read, although they sent as much:
 * the provider's prompt cache was lost, or a change at the start of the history made it useless.
 */
export function cacheLost({ promptTokens, cachedTokens }: SessionSeries): number[] {
  const lost: number[] = []
  for (let index = 1; index < promptTokens.length; index++) {
    const before = cachedTokens[index - 1] ?? null
    const now = cachedTokens[index] ?? 0
    const sent = promptTokens[index] ?? null
    if (before === null || sent === null || before < LEAST_CACHED) continue
    if (sent >= before && now < before / 2) lost.push(index + 1)
  }
  return lost
}

/** The landmark after or before `from`; null where there is none. */
export function nextLandmark(rounds: readonly number[], from: number, direction: 1 | -1): number | null {
  if (direction === 1) return rounds.find((round) => round > from) ?? null
  return rounds.findLast((round) => round < from) ?? null
}
