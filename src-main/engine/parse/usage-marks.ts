import type { UsageMark } from '../../contract/index'

/**
 * One bit for each remark on a request's usage, as the index stores them in `request.usage_marks`. A bit is never
 * reused: a stored index may hold it.
 */
export const USAGE_MARKS = {
  unusable: 1,
  'not-reported': 2,
  'unsplit-total': 4,
  'failed-unreported': 8,
  'answered-by-cache': 16,
  'denied-by-guard': 32,
  'one-side-missing': 64,
  'aborted-stream': 128,
  'hidden-output': 256,
  'cache-kinds-summed': 512,
  'cache-not-reported': 1024,
  'media-overlap': 2048,
  'tier-flex': 4096,
  'tier-batch': 8192,
  'tier-priority': 16384,
  'tier-other': 32768,
} as const satisfies Record<UsageMark, number>

const maskOf = (...marks: readonly UsageMark[]): number => marks.reduce((mask, mark) => mask | USAGE_MARKS[mark], 0)

/** No rule can tell what was used, so the cost is unknown. */
export const UNKNOWN_MARKS = maskOf('unusable', 'not-reported', 'unsplit-total')
/** The gateway answered without calling a model: the request cost nothing. */
export const GATEWAY_MARKS = maskOf('answered-by-cache', 'denied-by-guard')
/** More was used than was logged: the cost is a lower bound. */
export const LOWER_BOUND_MARKS = maskOf('one-side-missing', 'aborted-stream')
/** The counts are the likeliest reading of what was logged: the cost is an estimate. */
export const ESTIMATE_MARKS = maskOf('hidden-output', 'cache-kinds-summed', 'cache-not-reported', 'media-overlap')
export const TIER_MARKS = maskOf('tier-flex', 'tier-batch', 'tier-priority', 'tier-other')

const NAMES = Object.entries(USAGE_MARKS) as readonly (readonly [UsageMark, number])[]

/** The remarks that a mask holds. */
export function marksOf(mask: number): readonly UsageMark[] {
  return mask === 0 ? [] : NAMES.filter(([, bit]) => (mask & bit) !== 0).map(([name]) => name)
}
