import { describe, expect, it } from 'vitest'
import { readTime, unreadableTime } from '../../../../src-main/engine/parse/time'

const TEN = Date.UTC(2026, 1, 1, 10)

describe('the time of a request', () => {
  it.each([
    ['start_time', { start_time: '2026-02-01T10:00:00.000Z' }],
    ['timestamp where there is no start_time', { timestamp: '2026-02-01T10:00:00Z' }],
    ['start_time before timestamp', { start_time: '2026-02-01T10:00:00Z', timestamp: '2026-02-01T11:00:00Z' }],
    ['timestamp where start_time is "-"', { start_time: '-', timestamp: '2026-02-01T10:00:00Z' }],
    ['a zone of its own', { start_time: '2026-02-01T18:00:00+08:00' }],
    ['UTC where no zone is named', { start_time: '2026-02-01T10:00:00' }],
    ['a space for the T', { start_time: '2026-02-01 10:00:00' }],
    ['Unix seconds', { timestamp: TEN / 1000 }],
    ['Unix milliseconds as text', { timestamp: String(TEN) }],
    ['Unix microseconds', { start_time: String(TEN * 1000) }],
    ['Unix nanoseconds', { start_time: `${String(TEN)}000000` }],
    ['Unix seconds with a fraction', { start_time: `${String(TEN / 1000)}.000` }],
    ['a space before the zone', { start_time: '2026-02-01 18:00:00 +0800' }],
    ['a zone of hours only', { start_time: '2026-02-01T05:30:00-04:30' }],
    ['a zone without a colon', { start_time: '2026-02-01T15:45:00+0545' }],
    ['a named UTC', { start_time: '2026-02-01 10:00:00 UTC' }],
    ['a comma before the fraction', { start_time: '2026-02-01 10:00:00,000' }],
    ['nanoseconds', { start_time: '2026-02-01T10:00:00.000999999Z' }],
    ['slashes', { start_time: '2026/02/01 10:00:00' }],
    ['the compact form', { start_time: '20260201T100000Z' }],
    ['the common log format', { start_time: '01/Feb/2026:13:00:00 +0300' }],
    ['the common log format in brackets', { start_time: '[01/Feb/2026:10:00:00 +0000]' }],
    ['RFC 1123', { start_time: 'Sun, 01 Feb 2026 10:00:00 GMT' }],
    ['asctime', { start_time: 'Sun Feb  1 10:00:00 2026' }],
  ])('is read from %s', (_, outer) => {
    expect(readTime(outer)).toBe(TEN)
  })

  it.each([
    {},
    { start_time: 'yesterday' },
    { start_time: '' },
    { start_time: '0001-01-01T00:00:00Z' },
    { timestamp: -5 },
    { start_time: '2026-02-30T10:00:00Z' },
    { start_time: '2026-02-01T25:00:00Z' },
    { start_time: '01/Foo/2026:10:00:00 +0000' },
    { start_time: '99999999999999999999' },
  ])('is unknown for %j', (outer) => {
    expect(readTime(outer)).toBeNull()
  })

  it('keeps the fraction to the millisecond', () => {
    expect(readTime({ start_time: '2026-02-01 10:00:00,123' })).toBe(TEN + 123)
    expect(readTime({ start_time: '2026-02-01T10:00:00.5Z' })).toBe(TEN + 500)
    expect(readTime({ start_time: `${String(TEN)}123456` })).toBe(TEN)
  })

  it('that is there and can not be read is told as it stands', () => {
    expect(unreadableTime({ start_time: 'Sunday noon' })).toBe('Sunday noon')
    expect(unreadableTime({ start_time: '-' })).toBeNull()
    expect(unreadableTime({ start_time: '2026-02-01T10:00:00Z' })).toBeNull()
  })
})
