import { afterEach, describe, expect, it } from 'vitest'
import { dayOf, dayStart, setTimeZone } from '../../src-renderer/lib/shown-zone'

afterEach(() => setTimeZone('system'))

describe('the calendar of a zone', () => {
  it.each([
    ['UTC', '2026-02-05T23:30:00Z', '2026-02-05'],
    ['Asia/Shanghai', '2026-02-05T23:30:00Z', '2026-02-06'],
    ['America/Los_Angeles', '2026-02-05T03:00:00Z', '2026-02-04'],
    ['Asia/Kathmandu', '2026-02-05T18:14:59Z', '2026-02-05'],
    ['Asia/Kathmandu', '2026-02-05T18:15:00Z', '2026-02-06'],
  ])('%s has %s on %s', (zone, instant, day) => {
    setTimeZone(zone)
    expect(dayOf(Date.parse(instant))).toBe(day)
  })

  it.each([
    ['UTC', '2026-02-05', 0, '2026-02-05T00:00:00Z'],
    ['Asia/Shanghai', '2026-02-05', 1, '2026-02-05T16:00:00Z'],
    // The clocks change on 29 March: that day has 23 hours.
    ['Europe/Berlin', '2026-03-29', 0, '2026-03-28T23:00:00Z'],
    ['Europe/Berlin', '2026-03-29', 1, '2026-03-29T22:00:00Z'],
    ['Europe/Berlin', '2026-03-01', -1, '2026-02-27T23:00:00Z'],
    // There they change at midnight: the day begins at one.
    ['Africa/Cairo', '2026-04-24', 0, '2026-04-23T22:00:00Z'],
  ])('%s: %s and %i days begins at %s', (zone, day, days, instant) => {
    setTimeZone(zone)
    expect(new Date(dayStart(day, days)).toISOString().replace('.000', '')).toBe(instant)
  })

  it('has no start of what is no day', () => {
    expect(dayStart('soon')).toBeNaN()
  })
})
