import { describe, expect, test } from 'vitest'
import { compareVersions, parseVersion } from '../../../../src-main/desktop/updates/versions'

const order = (a: string, b: string): number => {
  const [first, second] = [parseVersion(a), parseVersion(b)]
  if (first === null || second === null) throw new Error(`No version: ${a} or ${b}`)
  return Math.sign(compareVersions(first, second))
}

describe('versions', () => {
  // The list of semver.org 2.0.0, section 11, and what surrounds it.
  const ascending = [
    '0.0.9',
    '0.1.0',
    '0.10.0',
    '1.0.0-0',
    '1.0.0-2',
    '1.0.0-10',
    '1.0.0-alpha',
    '1.0.0-alpha.1',
    '1.0.0-alpha.beta',
    '1.0.0-beta',
    '1.0.0-beta.2',
    '1.0.0-beta.11',
    '1.0.0-rc.1',
    '1.0.0',
    '1.0.1-rc.1',
    '1.0.1',
    '2.0.0',
    '10.0.0',
    '99999999999999999999.0.0',
    '99999999999999999999.0.1',
  ]

  test('come in the order of semver.org', () => {
    for (const [at, a] of ascending.entries()) {
      for (const [other, b] of ascending.entries()) expect([a, b, order(a, b)]).toEqual([a, b, Math.sign(at - other)])
    }
  })

  test('of other builds are neither before nor after each other', () => {
    expect(order('1.0.0+1', '1.0.0+2')).toBe(0)
    expect(order('1.0.0-rc.1+x', '1.0.0-rc.1')).toBe(0)
  })

  test.each([
    '',
    '1',
    '1.0',
    'v1.0.0',
    '1.0.0.0',
    '01.0.0',
    '1.0.0-01',
    '1.0.0-',
    '1.0.0-a..b',
    '1.0.0+',
    ' 1.0.0',
    '1.0.0\n',
    `1.0.0-${'a'.repeat(300)}`,
  ])('are not %j', (text) => {
    expect(parseVersion(text)).toBeNull()
  })
})
