import { describe, expect, it, vi } from 'vitest'
import type { SetupContext } from 'vue'
import type { DateUsage, ModelUsage } from '@contract'
import {
  dateOption,
  fillDays,
  modelBars,
  modelOption,
  type ChartContext,
} from '../../src-renderer/features/overview/chart-options'
import UsageChart from '../../src-renderer/charts/UsageChart.vue'
import { createFormat } from '../../src-renderer/lib/format'
import { mountApp } from './support'

// It draws on a canvas, of which there is none here.
vi.mock('vue-echarts', () => ({
  default: {
    setup: (_: unknown, { expose }: SetupContext) => (expose({ dispatchAction: () => undefined }), () => null),
  },
}))

const none = {
  rounds: 1,
  sessions: 1,
  inputTokens: 0,
  outputTokens: 0,
  cachedTokens: 0,
  reasoningTokens: 0,
  promptTokens: 0,
  completionTokens: 0,
  costUsd: 0,
  unpricedRounds: 0,
  roundsWithoutUsage: 0,
  cacheWriteTokens: 0,
  estimatedRounds: 0,
  lowerBoundRounds: 0,
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
      [day('2026-02-02', { inputTokens: 100, cachedTokens: 60, promptTokens: 100, completionTokens: 7 })],
      context('tokens'),
    )
    const series = option.series as { data: number[] }[]
    expect(series.map((one) => one.data[0])).toEqual([60, 40, 7])
  })

  // A day of 100 tokens, 60 of them cached, and of 50 beside 900 cached: the greater of both sums was drawn as all there is.
  it('draws what was logged beside input and output in its own size', () => {
    const usage = { inputTokens: 150, cachedTokens: 960, promptTokens: 1050, outputTokens: 7, completionTokens: 30 }
    const option = dateOption([day('2026-02-02', usage)], context('tokens'))
    expect((option.series as { data: number[] }[]).map((one) => one.data[0])).toEqual([960, 90, 30])
    expect(modelBars([model('a', usage)], context('tokens'))[0]?.value).toBe(1080)
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

describe('a chart by keyboard', () => {
  const option = () =>
    dateOption([day('2026-03-01', { costUsd: 1.5 }), day('2026-03-03', { costUsd: 2 })], context('cost'))
  const mountChart = (clickable: boolean) =>
    mountApp(UsageChart, { props: { option: option(), label: 'Cost by date', height: 100, clickable } })
  const said = (wrapper: ReturnType<typeof mountChart>): string => wrapper.get('[data-testid=chart-point]').text()

  it('goes from point to point, says what the tooltip says, and stays within', async () => {
    const wrapper = mountChart(true)
    const chart = wrapper.get('.chart')
    expect(chart.attributes('tabindex')).toBe('0')
    expect(said(wrapper)).toBe('')
    await chart.trigger('keydown', { key: 'ArrowRight' })
    expect(said(wrapper)).toMatch(/March 1, 2026, overview\.cost \$1\.50/)
    await chart.trigger('keydown', { key: 'ArrowRight' })
    expect(said(wrapper), 'a day without a round').toContain('March 2, 2026, overview.rounds 0')
    await chart.trigger('keydown', { key: 'End' })
    await chart.trigger('keydown', { key: 'ArrowRight' })
    expect(said(wrapper)).toContain('March 3, 2026')
    await chart.trigger('keydown', { key: 'Home' })
    await chart.trigger('keydown', { key: 'ArrowLeft' })
    expect(said(wrapper)).toContain('March 1, 2026')
  })

  it('chooses with Enter what a click would, and Escape leaves', async () => {
    const wrapper = mountChart(true)
    const chart = wrapper.get('.chart')
    await chart.trigger('keydown', { key: 'Enter' })
    expect(wrapper.emitted('pick'), 'no point yet').toBeUndefined()
    await chart.trigger('keydown', { key: 'End' })
    await chart.trigger('keydown', { key: 'Enter' })
    expect(wrapper.emitted('pick')).toEqual([[2]])
    await chart.trigger('keydown', { key: 'Escape' })
    expect(said(wrapper)).toBe('')
  })

  it('has nothing to choose where nothing can be clicked', async () => {
    const wrapper = mountChart(false)
    await wrapper.get('.chart').trigger('keydown', { key: 'End' })
    await wrapper.get('.chart').trigger('keydown', { key: 'Enter' })
    expect(wrapper.emitted('pick')).toBeUndefined()
  })
})
