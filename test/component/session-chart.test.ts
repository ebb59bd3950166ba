import { describe, expect, it, vi } from 'vitest'
import type { SetupContext } from 'vue'
import type { SessionSeries } from '@contract'
import { binsOf, roundsPerBin } from '../../src-renderer/features/conversation/model/chart-bins'
import { pointText } from '../../src-renderer/charts/points'
import { sessionOption } from '../../src-renderer/features/conversation/session-option'
import { createFormat } from '../../src-renderer/lib/format'
import SessionChart from '../../src-renderer/features/conversation/SessionChart.vue'
import { i18n } from '../../src-renderer/i18n'
import { mountApp } from './support'

// It draws on a canvas, of which there is none here.
vi.mock('vue-echarts', () => ({
  default: {
    setup: (_: unknown, { expose }: SetupContext) => (expose({ dispatchAction: () => undefined }), () => null),
  },
}))

const none = { calls: [], errors: [], costly: [], breaks: [] }
const long = (rounds: number, change: Partial<SessionSeries> = {}): SessionSeries => {
  const each = (figure: number) => Array.from({ length: rounds }, () => figure)
  return {
    revision: 1,
    times: each(1),
    inputTokens: each(1000),
    promptTokens: each(1000),
    cachedTokens: each(400),
    outputTokens: each(10),
    costUsd: each(0.01),
    ...change,
  }
}
const context = {
  t: (key: string, named: Record<string, unknown> = {}) => i18n.global.t(key, named),
  format: createFormat('en-US'),
  read: () => '',
  reducedMotion: true,
}
const numbersOf = (option: ReturnType<typeof sessionOption>) =>
  (option.series as { data: readonly (number | null)[] }[]).map(({ data }) => data)

describe('the chart of a session longer than it is wide', () => {
  it('holds every round once, in order, in as many places as there are', () => {
    for (const [rounds, most] of [
      [1, 500],
      [500, 500],
      [501, 500],
      [10_007, 630],
    ] as const) {
      const places = binsOf(long(rounds), roundsPerBin(rounds, most))
      expect(places.length).toBeLessThanOrEqual(most)
      expect(places[0]?.first).toBe(1)
      expect(places.at(-1)?.last).toBe(rounds)
      for (const [index, { first }] of places.entries()) expect(first).toBe((places[index - 1]?.last ?? 0) + 1)
    }
  })

  it('loses no round that cost or sent much, wherever it is, and leads to it', () => {
    for (const at of [0, 9, 4321, 9999]) {
      const dear = long(10_000)
      const series = {
        ...dear,
        costUsd: dear.costUsd.with(at, 5),
        promptTokens: dear.promptTokens.with((at + 5000) % 10_000, 90_000),
      }
      const places = binsOf(series, 20)
      const place = Math.floor(at / 20)
      expect(places[place]?.peak).toBe(at + 1)
      const [input, , cost] = numbersOf(sessionOption(series, none, places, context))
      expect(cost?.[place]).toBe(5)
      expect(Math.max(...(input ?? []).map((tokens) => tokens ?? 0))).toBe(90_000)
    }
  })

  it('leads to the round that sent most where no cost is known, and to the first where nothing is', () => {
    const unknown = Array.from({ length: 40 }, () => null)
    const series = long(40, { costUsd: unknown, promptTokens: [...unknown].with(13, 7 as never) })
    expect(binsOf(series, 20).map(({ peak }) => peak)).toEqual([14, 21])
  })

  // Anthropic logs what was read from the cache beside the input: the context was drawn without it.
  it('counts as context what was read from the cache and logged beside the input', () => {
    const series = long(3, {
      inputTokens: [1000, 50, null],
      promptTokens: [1000, 9050, null],
      cachedTokens: [400, 9000, 9000],
    })
    const [input, cached] = numbersOf(sessionOption(series, none, binsOf(series, 1), context))
    expect(input).toEqual([1000, 9050, null])
    expect(cached).toEqual([400, 9000, null])
  })

  it('says of which rounds a place tells, that its figures are the highest of them, and which rounds have a mark', () => {
    const series = long(100, { costUsd: long(100).costUsd.with(33, 2.5) })
    const marks = { ...none, errors: [12, 31, 32, 38, 39], breaks: [40] }
    const option = sessionOption(series, marks, binsOf(series, 10), context)
    const said = pointText(option, 3)
    expect(said).toContain('Rounds 31–40')
    expect(said).toContain('up to 1,000')
    expect(said).toContain('up to $2.50')
    expect(said).toContain('Highest cost Round 34')
    expect(said).toContain('Errors 31, 32, 38, …')
    expect(said).toContain('Cache misses 40')
    const [, , , drawn] = option.series as { data: { value: [number, number] }[] }[]
    expect(drawn?.data.map(({ value }) => value[0])).toEqual([1, 3, 3])
  })

  it('is as it was of a short one: a place a round, and figures that are that round’s', () => {
    const option = sessionOption(long(3), { ...none, errors: [2] }, binsOf(long(3), 1), context)
    expect(numbersOf(option)[0]).toHaveLength(3)
    expect(pointText(option, 1)).toMatch(/^Round 2, Context 1,000, .*Errors ✕$/)
  })
})

describe('a place chosen in the chart', () => {
  it('by keyboard is the round that its bar shows', async () => {
    const series = long(10_000, { costUsd: long(10_000).costUsd.with(7, 3) })
    const wrapper = mountApp(SessionChart, { props: { series, landmarks: none, current: 1 } })
    const chart = wrapper.get('.chart')
    await chart.trigger('keydown', { key: 'Home' })
    await chart.trigger('keydown', { key: 'Enter' })
    expect(wrapper.emitted('goto')).toEqual([[8]])
  })
})
