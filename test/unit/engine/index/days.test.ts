import { describe, expect, it } from 'vitest'
import { dayText, Days } from '../../../../src-main/engine/index/days'

describe('days', () => {
  it("are the user's, not UTC's", () => {
    const instant = Date.UTC(2026, 1, 1, 18)
    expect(new Days('UTC').of(instant)).toBe(20260201)
    expect(new Days('Asia/Shanghai').of(instant)).toBe(20260202)
    expect(new Days('America/Los_Angeles').of(Date.UTC(2026, 1, 1, 7))).toBe(20260131)
  })

  it('begin at midnight also where the offset is no whole hour', () => {
    const days = new Days('Asia/Kathmandu') // UTC+5:45
    expect(days.of(Date.UTC(2026, 1, 1, 18, 14, 59))).toBe(20260201)
    expect(days.of(Date.UTC(2026, 1, 1, 18, 15))).toBe(20260202)
  })

  it('follow daylight saving time', () => {
    const days = new Days('Europe/Berlin')
    expect(days.of(Date.UTC(2026, 2, 28, 22, 59))).toBe(20260328) // still UTC+1
    expect(days.of(Date.UTC(2026, 2, 29, 22))).toBe(20260330) // UTC+2 since that night
  })

  it('are written as dates', () => {
    expect(dayText(20260201)).toBe('2026-02-01')
  })
})
