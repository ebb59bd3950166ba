import { describe, expect, it } from 'vitest'
import type { DateUsage, ModelUsage } from '@contract'
import { dateOption, fillDays, modelBars, modelOption, type ChartContext } from '../../src-renderer/charts/options'
import { createFormat } from '../../src-renderer/composables/format'

const none = {
  rounds: 1,
  sessions: 1,
  inputTokens: 0,
  outputTokens: 0,
  cachedTokens: 0,
  reasoningTokens: 0,
  costUsd: 0,
  unpricedRounds: 0,
  roundsWithoutUsage: 0,
  cacheWriteTokens: 0,
  failedRounds: 0,
}
const day = (date: string, change: Partial<DateUsage> = {}): DateUsage => ({ ...none, date, models: [], ...change })
const model = (name: string | null, change: Partial<ModelUsage> = {}): ModelUsage => ({
  ...none,
  model: name,
  ...change,
})
const context = (measure: ChartContext['measure']): ChartContext => ({
  measure,
  format: createFormat('en-US'),
  read: () => '',
  t: (key) => key,
  reducedMotion: true,
})

describe('fillDays', () => {
  it('puts the days without a round in between, over a change of clocks too', () => {
    const days = fillDays([day('2026-03-28'), day('2026-03-31')])
    expect(days.map((one) => one.date)).toEqual(['2026-03-28', '2026-03-29', '2026-03-30', '2026-03-31'])
    expect(days.map((one) => one.usage !== null)).toEqual([true, false, false, true])
  })

  it('does not fill years of nothing', () => {
    expect(fillDays([day('1970-01-01'), day('2026-01-01')])).toHaveLength(2)
    expect(fillDays([])).toEqual([])
  })
})

describe('the chart by date', () => {
  it('stacks cached and other input and output without counting a token twice', () => {
    const option = dateOption(
      [day('2026-02-02', { inputTokens: 100, cachedTokens: 60, outputTokens: 7 })],
      context('tokens'),
    )
    const series = option.series as { data: number[] }[]
    expect(series.map((one) => one.data[0])).toEqual([60, 40, 7])
  })

  it('never draws a negative part where more was cached than sent', () => {
    const option = dateOption([day('2026-02-02', { inputTokens: 100, cachedTokens: 160 })], context('tokens'))
    expect((option.series as { data: number[] }[]).map((one) => one.data[0])).toEqual([100, 0, 0])
  })
})

describe('the chart by model', () => {
  it('calls an unknown cost unknown instead of drawing a zero', () => {
    const bars = modelBars([model('a', { costUsd: 2 }), model('b', { costUsd: null })], context('cost'))
    expect(bars.map((bar) => bar.value)).toEqual([2, null])
    const option = modelOption([model('b', { costUsd: null })], context('cost'))
    const [series] = option.series as { label: { formatter: (item: { dataIndex: number }) => string } }[]
    expect(series?.label.formatter({ dataIndex: 0 })).toBe('app.unknown')
  })

  it('gathers what is beyond eight models, and loses nothing of it', () => {
    const many = Array.from({ length: 12 }, (_, index) => model(`m${index}`, { costUsd: index }))
    const bars = modelBars(many, context('cost'))
    expect(bars).toHaveLength(8)
    expect(bars.reduce((sum, bar) => sum + (bar.value ?? 0), 0)).toBe(66)
    expect(bars.at(-1)?.usage).toBeNull()
  })

  it('sorts by what it shows', () => {
    const models = [model('cheap', { costUsd: 1, inputTokens: 900 }), model('dear', { costUsd: 9, inputTokens: 5 })]
    expect(modelBars(models, context('cost')).map((bar) => bar.name)).toEqual(['dear', 'cheap'])
    expect(modelBars(models, context('tokens')).map((bar) => bar.name)).toEqual(['cheap', 'dear'])
  })
})
