import { describe, expect, it } from 'vitest'
import { bucketOf, bucketText, Hours } from '../../../../../src-main/engine/index/sums/hours'

describe('hours', () => {
  it("are the user's, not UTC's", () => {
    const instant = Date.UTC(2026, 1, 1, 18)
    expect(new Hours('UTC').of(instant)).toBe(2026020118)
    expect(new Hours('Asia/Shanghai').of(instant)).toBe(2026020202)
    expect(new Hours('America/Los_Angeles').of(Date.UTC(2026, 1, 1, 7))).toBe(2026013123)
  })

  it('begin at midnight also where the offset is no whole hour', () => {
    const hours = new Hours('Asia/Kathmandu') // UTC+5:45
    expect(hours.of(Date.UTC(2026, 1, 1, 18, 14, 59))).toBe(2026020123)
    expect(hours.of(Date.UTC(2026, 1, 1, 18, 15))).toBe(2026020200)
  })

  it('follow daylight saving time', () => {
    const hours = new Hours('Europe/Berlin')
    expect(hours.of(Date.UTC(2026, 2, 28, 22, 59))).toBe(2026032823) // still UTC+1
    expect(hours.of(Date.UTC(2026, 2, 29, 22))).toBe(2026033000) // UTC+2 since that night
  })

  // The year was that of its era: 300,000 BC came after today, and a filter from then on left nothing.
  it('keep their order as far as time goes', () => {
    const hours = new Hours('Europe/Berlin')
    const times = [-8.64e15, Date.UTC(-100, 5), Date.UTC(2026, 1, 1), Date.UTC(12_000, 1), 8.64e15]
    const found = times.map((time) => hours.of(time))
    expect(found).toEqual([...found].sort((a, b) => a - b))
    expect(found[0]).toBeLessThan(2026020101)
    expect(found.at(-1)).toBeGreaterThan(2026020101)
  })

  it('make days, and weeks that begin on Monday, also across the year', () => {
    expect(bucketOf(2026020118, 'hour')).toBe(2026020118)
    expect(bucketOf(2026020118, 'day')).toBe(20260201)
    expect(bucketOf(2026020118, 'week')).toBe(20260126) // 1 February 2026 is a Sunday
    expect(bucketOf(2026012600, 'week')).toBe(20260126)
    expect(bucketOf(2026010323, 'week')).toBe(20251229)
  })

  it('are written as dates', () => {
    expect(bucketText(20260201, 'day')).toBe('2026-02-01')
    expect(bucketText(20260126, 'week')).toBe('2026-01-26')
    expect(bucketText(2026020107, 'hour')).toBe('2026-02-01T07')
  })
})
