import { describe, expect, it } from 'vitest'
import { dayIn, dayStart } from '../../../src-main/shared/zone'

describe('dayStart', () => {
  it.each([
    ['UTC', '2026-02-05', 0, '2026-02-05T00:00:00.000Z'],
    ['Asia/Kathmandu', '2026-02-05', 0, '2026-02-04T18:15:00.000Z'],
    ['Pacific/Kiritimati', '2026-02-05', 0, '2026-02-04T10:00:00.000Z'],
    ['Etc/GMT+12', '2026-02-05', 0, '2026-02-05T12:00:00.000Z'],
    ['America/New_York', '2026-02-28', 1, '2026-03-01T05:00:00.000Z'],
  ])('finds the midnight of a day in %s', (zone, day, days, start) => {
    expect(new Date(dayStart(day, zone, days)).toISOString()).toBe(start)
  })

  it('finds the later start of a day whose midnight is skipped', () => {
    expect(new Date(dayStart('2018-11-04', 'America/Sao_Paulo')).toISOString()).toBe('2018-11-04T03:00:00.000Z')
  })

  it('agrees with dayIn on both sides of every start, in years with changes of the clock', () => {
    for (const zone of ['Europe/Berlin', 'America/Havana', 'Australia/Lord_Howe', 'Africa/Cairo', 'Asia/Shanghai']) {
      for (let days = 0; days < 366; days += 1) {
        const start = dayStart('2026-01-01', zone, days)
        const wanted = new Date(Date.UTC(2026, 0, 1 + days)).toISOString().slice(0, 10)
        expect([dayIn(start, zone), dayIn(start - 1, zone) < wanted], `${zone} ${wanted}`).toEqual([wanted, true])
      }
    }
  })

  it('is NaN for text that is not a calendar day', () => {
    for (const day of ['soon', '', '2026-02-30', '2026-2-5', '2026-02-05T10:00:00Z']) {
      expect(dayStart(day, 'UTC'), day).toBeNaN()
    }
  })
})
