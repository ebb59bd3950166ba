import { describe, expect, it } from 'vitest'
import { compare } from 'semver'
import { parseVersion } from '../../../../src-main/desktop/updates/versions'

const order = (a: string, b: string): number => {
  const [first, second] = [parseVersion(a), parseVersion(b)]
  if (first === null || second === null) throw new Error(`No version: ${a} or ${b}`)
  return Math.sign(compare(first, second))
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
  ]

  it('orders versions as semver.org does', () => {
    for (const [at, a] of ascending.entries()) {
      for (const [other, b] of ascending.entries()) expect([a, b, order(a, b)]).toEqual([a, b, Math.sign(at - other)])
    }
  })

  it('ranks versions that differ in their build alike', () => {
    expect(order('1.0.0+1', '1.0.0+2')).toBe(0)
    expect(order('1.0.0-rc.1+x', '1.0.0-rc.1')).toBe(0)
  })

  it.each([
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
    '99999999999999999999.0.0',
  ])('rejects %j', (text) => {
    expect(parseVersion(text)).toBeNull()
  })
})
