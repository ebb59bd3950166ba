import { describe, expect, it } from 'vitest'
import { createFormat, formatLocale } from '../../src-renderer/lib/format'

const now = () => Date.UTC(2026, 5, 1)
const en = createFormat('en-US', now)
const zh = createFormat('zh-CN', now)

describe('money', () => {
  it.each([
    [0, '$0.00'],
    [0.0000123, '$0.0000123'],
    [0.000000002, '$0.000000002'],
    [0.05, '$0.05'],
    [0.5, '$0.50'],
    [0.12345, '$0.123'],
    [1, '$1.00'],
    [6.1, '$6.10'],
    [12.345, '$12.35'],
    [1234.5, '$1,234.50'],
  ])('writes %d so that a tiny cost is never a zero', (value, shown) => {
    expect(en.usd(value)).toBe(shown)
  })

  it('keeps every digit that matters in the exact form', () => {
    expect(en.usdExact(0.106216)).toBe('$0.106216')
    expect(en.usdExact(25486.781234)).toBe('$25,486.781234')
    expect(en.usdExact(0.00000213)).toBe('$0.00000213')
  })

  it('is short on an axis', () => {
    expect(en.usdRound(400)).toBe('$400')
    expect(en.usdRound(0.05)).toBe('$0.05')
    expect(en.usdRound(1.5)).toBe('$1.50')
    expect(en.usdRound(1200)).toBe('$1.2K')
  })
})

describe('counts', () => {
  it('stay whole below ten thousand and become compact above', () => {
    expect(en.compact(9999)).toBe('9,999')
    expect(en.compact(45_678)).toBe('45.7K')
    expect(en.compact(1_234_567)).toBe('1.23M')
    expect(zh.compact(45_678)).toBe('4.57万')
  })

  it('never show a share that exists as nothing, or one that lacks something as all', () => {
    expect(en.percent(0)).toBe('0%')
    expect(en.percent(0.001)).toBe('<1%')
    expect(en.percent(0.618)).toBe('62%')
    expect(en.percent(0.997)).toBe('>99%')
    expect(en.percent(1)).toBe('100%')
    expect(en.percent(1.996)).toBe('200%')
  })
})

describe('sizes and spans', () => {
  it('writes bytes with three digits', () => {
    expect(en.bytes(0)).toBe('0 B')
    expect(en.bytes(999)).toBe('999 B')
    expect(en.bytes(171_097)).toBe('171 kB')
    expect(en.bytes(1_384_912_044)).toBe('1.38 GB')
  })

  it('writes durations in their two largest units', () => {
    expect(en.duration(320)).toBe('320ms')
    expect(en.duration(4200)).toBe('4.2s')
    expect(en.duration(2000)).toBe('2.0s')
    expect(en.duration(59_600)).toBe('1m')
    expect(en.duration(455_000)).toBe('7m 35s')
    expect(en.duration(7_440_000)).toBe('2h 4m')
    expect(en.duration(2 * 86_400_000 + 3 * 3_600_000)).toBe('2d 3h')
  })
})

describe('dates', () => {
  it('reads a calendar day as that day, whatever the zone of the machine', () => {
    expect(en.day('2026-02-05')).toBe('Feb 5')
    expect(en.dayExact('2026-02-05')).toBe('Thursday, February 5, 2026')
    expect(zh.day('2026-02-05')).toBe('2月5日')
  })

  it('names the year only when it is another', () => {
    expect(en.dateTime(new Date(2026, 1, 5, 14, 32).getTime())).toBe('Feb 5, 14:32')
    expect(en.dateTime(new Date(2025, 1, 5, 14, 32).getTime())).toContain('2025')
    expect(en.dateTimeShort(new Date(2025, 1, 5, 14, 32).getTime())).toBe('Feb 5, 2025')
  })

  it('survives a day that is none', () => {
    expect(() => en.day('not a day')).not.toThrow()
  })
})

describe('formatLocale', () => {
  it("keeps the system's own conventions while the interface speaks its language", () => {
    expect(formatLocale('en', 'en-GB')).toBe('en-GB')
    expect(formatLocale('zh', 'zh-TW')).toBe('zh-TW')
    expect(formatLocale('zh', 'de-AT')).toBe('zh-CN')
    expect(formatLocale('en', 'en_US.broken!')).toBe('en-US')
  })
})
