import { describe, expect, it } from 'vitest'
import { readTime } from '../../../../src-main/engine/parse/time'

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
  ])('is read from %s', (_, outer) => {
    expect(readTime(outer)).toBe(TEN)
  })

  it.each([
    {},
    { start_time: 'yesterday' },
    { start_time: '' },
    { start_time: '0001-01-01T00:00:00Z' },
    { timestamp: -5 },
  ])('is unknown for %j', (outer) => {
    expect(readTime(outer)).toBeNull()
  })
})
