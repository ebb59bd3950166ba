import { describe, expect, it } from 'vitest'
import { compareAge, parseLogName, parseLogPath, parseRotationOf } from '../../../../src-main/engine/tail/log-names'

describe("a log's file name", () => {
  it.each([
    ['access.log', 'access.log', '', ''],
    ['access.log.0', 'access.log', '.0', ''],
    ['access.log.12.gz', 'access.log', '.12', '.gz'],
    ['access.log.3.GZ', 'access.log', '.3', '.GZ'],
    ['access.log-20260301', 'access.log', '-20260301', ''],
    ['access.log-2026-03-01.zst', 'access.log', '-2026-03-01', '.zst'],
    ['access.log.2026-03-01', 'access.log', '.2026-03-01', ''],
    ['access.log_20260301.xz', 'access.log', '_20260301', '.xz'],
    ['access.log.20260301090000', 'access.log', '.20260301090000', ''],
    ['access.log.20260301T093015', 'access.log', '.20260301T093015', ''],
    ['access.log-20260301-1772356215', 'access.log', '-20260301-1772356215', ''],
    ['access.log.old', 'access.log', '.old', ''],
    ['access-20260301.log', 'access.log', '-20260301', ''],
    ['access.2026-03-01.log.bz2', 'access.log', '.2026-03-01', '.bz2'],
    ['access-2026-03-01T09-30-15.123.log.gz', 'access.log', '-2026-03-01T09-30-15.123', '.gz'],
    ['access_log', 'access_log', '', ''],
    ['access_log.2026.03.01', 'access_log', '.2026.03.01', ''],
    ['gateway.jsonl', 'gateway.jsonl', '', ''],
    ['gateway.jsonl.1', 'gateway.jsonl', '.1', ''],
    ['0.log.20260301-093015.gz', '0.log', '.20260301-093015', '.gz'],
    ['ab12-json.log.2.gz', 'ab12-json.log', '.2', '.gz'],
    ['logs.tar.gz', 'logs.tar.gz', '', ''],
    ['gateway-logs-20260301.zip', 'gateway-logs-20260301.zip', '', ''],
    ['access.log.tgz', 'access.log', '', '.tgz'],
    ['access.log.zip', 'access.log', '', '.zip'],
    ['current', 'current', '', ''],
    ['@4000000069a8683d0ee6b280.s', 'current', '@4000000069a8683d0ee6b280.s', ''],
    ['@4000000069a8683d0ee6b280.u', 'current', '@4000000069a8683d0ee6b280.u', ''],
  ])('%s', (name, base, rotation, packing) => {
    expect(parseLogName(name)).toEqual({ base, rotation, packing })
  })

  it.each(['README.md', 'catalog', 'index.html', 'site.tar.gz', 'config.yaml', 'lock', 'state', '@short.s', 'blog'])(
    '%s is not one',
    (name) => {
      expect(parseLogName(name)).toBeNull()
    },
  )

  it('may be one that no rule knows, after the name of a log', () => {
    expect(parseRotationOf('access.log', 'access.log.before-upgrade.gz')).toEqual({
      base: 'access.log',
      rotation: '.before-upgrade',
      packing: '.gz',
    })
    expect(parseRotationOf('access.log', 'access.logger')).toBeNull()
    expect(parseRotationOf('access.log', 'other.log.1')).toBeNull()
  })
})

describe('the rotations of a log', () => {
  it.each([
    ['numbers', ['access.log.10', 'access.log.9.gz', 'access.log.2', 'access.log.1', 'access.log.0', 'access.log']],
    ['dates', ['access.log-20251231.gz', 'access.log-20260101', 'access.log-20260102', 'access.log']],
    ['dates and times', ['access.log.20260301T000000', 'access.log.20260301T120000', 'access.log']],
    ['dates in the middle', ['access-20260228.log', 'access-20260301.log', 'access.log']],
    ['seconds after the date', ['access.log-20260301-1772330400', 'access.log-20260301-1772366400', 'access.log']],
    ['seconds alone', ['access.log.1772330400', 'access.log.1772366400', 'access.log']],
    ['years and months', ['access_log.2026.02', 'access_log.2026.03', 'access_log']],
    [
      'TAI64N',
      ['@4000000069a8683d0ee6b280.s', '@4000000069a8683d0ee6b281.s', '@4000000069a8683e00000000.u', 'current'],
    ],
    ["kubelet's", ['0.log.20260301-093015.gz', '0.log.20260301-103015', '0.log']],
  ])('come oldest first: %s', (_, names) => {
    const paths = names.map((name) => `/logs/${name}`)
    expect([...paths].reverse().sort(compareAge)).toEqual(paths)
    expect([...paths].sort().sort(compareAge)).toEqual(paths)
  })

  it('belong to the log above a folder for old ones', () => {
    expect(parseLogPath('/logs/old/access.log.1')).toBe('/logs/access.log')
    expect(parseLogPath('/logs/old/access.log')).toBe('/logs/old/access.log')
    const paths = ['/logs/archive/access.log.3', '/logs/access.log.1', '/logs/access.log']
    expect([...paths].reverse().sort(compareAge)).toEqual(paths)
  })
})
