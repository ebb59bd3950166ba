/** A version number by the rules of semver.org 2.0.0. */
export interface Version {
  /** Major, minor, patch. */
  readonly numbers: readonly [bigint, bigint, bigint]
  /** The parts of what follows the hyphen; none: a release. */
  readonly preRelease: readonly string[]
}

const number = '(0|[1-9]\\d*)'
const part = '(?:0|[1-9]\\d*|\\d*[a-zA-Z-][\\da-zA-Z-]*)'
const form = new RegExp(
  `^${number}\\.${number}\\.${number}(?:-(${part}(?:\\.${part})*))?(?:\\+[\\da-zA-Z-]+(?:\\.[\\da-zA-Z-]+)*)?$`,
)

/** Null for a text that is no such version. */
export function parseVersion(text: string): Version | null {
  const [, major, minor, patch, preRelease] = (text.length <= 256 && form.exec(text)) || []
  if (major === undefined || minor === undefined || patch === undefined) return null
  return {
    numbers: [BigInt(major), BigInt(minor), BigInt(patch)],
    preRelease: preRelease === undefined ? [] : preRelease.split('.'),
  }
}

/** Below zero: `a` comes before `b`; above: after it; zero: neither (semver.org, 11: builds do not count). */
export function compareVersions(a: Version, b: Version): number {
  for (const [at, value] of a.numbers.entries()) {
    const other = b.numbers[at] ?? 0n
    if (value !== other) return value < other ? -1 : 1
  }
  // A release comes after everything that prepared it.
  if (a.preRelease.length === 0 || b.preRelease.length === 0) return b.preRelease.length - a.preRelease.length
  for (const [at, value] of a.preRelease.entries()) {
    const other = b.preRelease[at]
    if (other === undefined) return 1
    const order = compareParts(value, other)
    if (order !== 0) return order
  }
  return a.preRelease.length - b.preRelease.length
}

/** Numbers by their value and before words; words by the order of ASCII. */
function compareParts(a: string, b: string): number {
  if (a === b) return 0
  const [isNumber, otherIsNumber] = [/^\d+$/.test(a), /^\d+$/.test(b)]
  if (isNumber !== otherIsNumber) return isNumber ? -1 : 1
  if (isNumber) return BigInt(a) < BigInt(b) ? -1 : 1
  return a < b ? -1 : 1
}
