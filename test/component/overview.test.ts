import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createPinia, setActivePinia } from 'pinia'
import type { DateModelUsage, Overview } from '@contract'
import { fillDays, modelParts } from '../../src-renderer/features/overview/chart-options'
import FilterMenus from '../../src-renderer/components/FilterMenus.vue'
import { createFormat } from '../../src-renderer/lib/format'
import { changeOf } from '../../src-renderer/features/overview/change'
import { defaultSettings } from '@shared/default-settings'
import { useOverviewStore } from '../../src-renderer/stores/overview'
import { bucketOf, overviewQuery, rangesOf } from '../../src-renderer/stores/overview-query'
import LatencyPanel from '../../src-renderer/features/overview/LatencyPanel.vue'
import SummaryCards from '../../src-renderer/features/overview/SummaryCards.vue'
import { eventually } from '../fixtures/patience'
import { installMonitor, mountApp } from './support'

beforeEach(() => setActivePinia(createPinia()))
afterEach(() => {
  document.body.innerHTML = ''
  vi.unstubAllGlobals()
})

const at = (year: number, month: number, day: number, hour = 0, minute = 0) =>
  new Date(year, month - 1, day, hour, minute).getTime()
const NOW = at(2026, 3, 10, 15, 20)
const view = defaultSettings.overview

describe('a time range', () => {
  it('is whole days of the user, and is compared with as much of the one before', () => {
    expect(rangesOf({ ...view, range: 'today' }, NOW)).toEqual({
      range: { from: at(2026, 3, 10), to: at(2026, 3, 11) },
      previous: { from: at(2026, 3, 9), to: at(2026, 3, 9, 16) },
    })
    expect(rangesOf({ ...view, range: 'week' }, NOW)).toEqual({
      range: { from: at(2026, 3, 4), to: at(2026, 3, 11) },
      previous: { from: at(2026, 2, 25), to: at(2026, 3, 3, 16) },
    })
  })

  it('chosen by its days is as long as they are, whichever was named first', () => {
    const chosen = { range: 'custom' as const, from: '2026-03-01', to: '2026-03-03' }
    const expected = {
      range: { from: at(2026, 3, 1), to: at(2026, 3, 4) },
      previous: { from: at(2026, 2, 26), to: at(2026, 3, 1) },
    }
    expect(rangesOf(chosen, NOW)).toEqual(expected)
    expect(rangesOf({ ...chosen, from: chosen.to, to: chosen.from }, NOW)).toEqual(expected)
    expect(rangesOf({ ...chosen, from: null, to: null }, NOW), 'no day chosen yet').toBeNull()
  })

  it('asks for everything, and for nothing to compare with, when all is meant', () => {
    expect(overviewQuery(view, NOW, { recent: 8, top: 8 })).toEqual({ recentLimit: 8, topLimit: 8, bucket: 'day' })
    const filtered = { ...view, filter: { models: ['gpt-4o'] } }
    expect(overviewQuery(filtered, NOW, { recent: 8, top: 8 }).filter).toEqual({ models: ['gpt-4o'] })
  })

  it('is cut in periods that fit it, unless others are chosen', () => {
    const days = (count: number) => ({ from: 0, to: count * 86_400_000 })
    expect(bucketOf(days(1), null)).toBe('hour')
    expect(bucketOf(days(30), null)).toBe('day')
    expect(bucketOf(days(365), null)).toBe('week')
    expect(bucketOf(days(1), 'week')).toBe('week')
  })
})

describe('a change', () => {
  it('is a ratio, new where there was nothing, and nothing where something is unknown', () => {
    expect(changeOf(150, 100)).toEqual({ kind: 'changed', ratio: 0.5 })
    expect(changeOf(100, 100)).toEqual({ kind: 'same' })
    expect(changeOf(5, 0)).toEqual({ kind: 'new' })
    expect(changeOf(0, 0)).toBeNull()
    expect(changeOf(null, 4)).toBeNull()
    expect(changeOf(4, null)).toBeNull()
  })
})

describe('the chart by date', () => {
  const usage = (date: string, model: string | null, tokens: number): DateModelUsage => ({
    date,
    model,
    rounds: 1,
    inputTokens: tokens,
    outputTokens: 0,
    cachedTokens: 0,
    reasoningTokens: 0,
    promptTokens: tokens,
    completionTokens: 0,
    cacheWriteTokens: 0,
    costUsd: null,
    unpricedRounds: 1,
    roundsWithoutUsage: 0,
    estimatedRounds: 0,
    lowerBoundRounds: 0,
    failedRounds: 0,
  })

  it('fills hours and weeks as it fills days', () => {
    const of = (...dates: string[]) => dates.map((date) => ({ ...usage(date, null, 1), sessions: 1, models: [] }))
    expect(fillDays(of('2026-03-01T22', '2026-03-02T01'), 'hour').map((period) => period.date)).toEqual([
      '2026-03-01T22',
      '2026-03-01T23',
      '2026-03-02T00',
      '2026-03-02T01',
    ])
    expect(fillDays(of('2026-03-02', '2026-03-16'), 'week')).toHaveLength(3)
  })

  it('loses nothing of the models that have no colour of their own', () => {
    const usages = Array.from({ length: 12 }, (_, index) => usage('2026-03-01', `m${index}`, index + 1))
    const parts = modelParts(usages, {
      measure: 'tokens',
      t: (key) => key,
      format: createFormat('en'),
      read: () => '#000',
    })
    expect(parts.length).toBeLessThan(12)
    const sum = parts.reduce((total, part) => total + part.of({ date: '2026-03-01', usage: null }), 0)
    expect(sum).toBe(78)
    expect(parts[0]?.name).toBe('m11')
  })
})

const totals: Overview['totals'] = {
  sessions: 1,
  rounds: 1,
  inputTokens: 1,
  outputTokens: 1,
  cachedTokens: 0,
  reasoningTokens: 0,
  promptTokens: 1,
  completionTokens: 1,
  cacheWriteTokens: 0,
  costUsd: 1,
  unpricedRounds: 0,
  roundsWithoutUsage: 0,
  estimatedRounds: 0,
  lowerBoundRounds: 0,
  failedRounds: 0,
}
const anOverview = (change: Partial<Overview>): Overview => ({
  revision: 1,
  timeZone: 'UTC',
  totals,
  previous: null,
  byModel: [],
  byConsumer: [],
  bySource: [],
  byStatus: [],
  byDate: [],
  byDateAndModel: [],
  recentSessions: [],
  topSessions: [],
  choices: { models: ['a'], consumers: [], sources: [] },
  ...change,
})

describe('the overview', () => {
  it('asks anew when the filter changes though nothing was read, and keeps what it had when nothing did', async () => {
    let rounds = 1
    const monitor = installMonitor({
      overview: () => anOverview({ totals: { ...totals, rounds } }),
      latestRequests: () => [],
      'settings:set': (change) => ({ ...defaultSettings, ...change }),
    })
    const store = useOverviewStore()
    await store.refresh()
    const first = store.data
    await store.refresh()
    expect(store.data).toBe(first)
    rounds = 7
    await store.change({ filter: { models: ['a'] } })
    expect(store.data?.totals.rounds, 'the same revision, another question').toBe(7)
    expect(monitor.calls.find((call) => call.channel === 'settings:set')?.args[0]).toEqual({
      overview: { ...view, filter: { models: ['a'] } },
    })
    await store.reset()
    expect(store.filtered).toBe(false)
  })

  it('tells a store without anything from a filter that nothing matches', async () => {
    let answer = anOverview({ totals: { ...totals, rounds: 0 } })
    installMonitor({ overview: () => answer, latestRequests: () => [] })
    const store = useOverviewStore()
    await store.refresh()
    expect(store.storeEmpty).toBe(false)
    answer = anOverview({
      revision: 2,
      totals: { ...totals, rounds: 0 },
      choices: { models: [], consumers: [], sources: [] },
    })
    await store.refresh()
    expect(store.storeEmpty).toBe(true)
  })
})

describe('the filters', () => {
  it('say what is chosen, and are gone when nothing is', async () => {
    installMonitor({})
    const choices = { models: ['gpt-4o', null], consumers: ['ci'], sources: ['/logs'] }
    const wrapper = mountApp(FilterMenus, { props: { choices, modelValue: { models: ['gpt-4o'] } } })
    const button = wrapper.get('[data-testid=filter-model]')
    expect(button.text()).toContain('gpt-4o')
    expect(wrapper.find('[data-testid=filter-source]').exists(), 'one source is no choice').toBe(false)
    await button.trigger('click')
    await eventually(() => expect(document.querySelectorAll('.filter-menu input[type=checkbox]')).toHaveLength(2))
    const [gpt, none] = document.querySelectorAll<HTMLInputElement>('.filter-menu input[type=checkbox]')
    expect(gpt?.checked).toBe(true)
    none?.click()
    expect(wrapper.emitted('update:modelValue')?.at(-1)).toEqual([{ models: ['gpt-4o', null] }])
    gpt?.click()
    expect(wrapper.emitted('update:modelValue')?.at(-1)).toEqual([{}])
  })
})

describe('the latency panel', () => {
  afterEach(() => vi.useRealTimers())

  it('asks once more after the last of many requests, not for each', async () => {
    vi.useFakeTimers()
    const monitor = installMonitor({
      insight: () => ({
        section: 'latency',
        relativeError: 0.02,
        byModel: [],
        byConsumer: [],
      }),
    })
    const wrapper = mountApp(LatencyPanel, { props: { from: 0, to: 1, revision: 1, filter: {} } })
    await vi.advanceTimersByTimeAsync(100)
    for (let revision = 2; revision < 20; revision += 1) {
      await wrapper.setProps({ revision })
      await vi.advanceTimersByTimeAsync(10)
    }
    expect(monitor.countOf('insight')).toBe(1)
    // Reading has ended: what is shown would stay that of its beginning.
    await vi.advanceTimersByTimeAsync(10_000)
    expect(monitor.countOf('insight')).toBe(2)
    await wrapper.setProps({ filter: { models: ['m'] } })
    await vi.advanceTimersByTimeAsync(1)
    expect(monitor.countOf('insight')).toBe(3)
  })
})

describe('the cards', () => {
  const usage = {
    sessions: 1,
    rounds: 1,
    inputTokens: 100,
    outputTokens: 10,
    cachedTokens: 40,
    cacheWriteTokens: 0,
    reasoningTokens: 5,
    promptTokens: 100,
    completionTokens: 10,
    costUsd: 1,
    unpricedRounds: 0,
    roundsWithoutUsage: 0,
    estimatedRounds: 0,
    lowerBoundRounds: 0,
    failedRounds: 0,
  }

  it('tell the share of the whole prompt, whatever of it was logged beside the input', () => {
    installMonitor({})
    const shown = (change: Partial<typeof usage>) =>
      mountApp(SummaryCards, { props: { totals: { ...usage, ...change } } }).text()
    expect(shown({})).toContain('40%')
    // Anthropic's input tokens are those that were not cached: of 1,000 tokens 900 were, and of 25 generated 20 reasoned.
    const beside = shown({ cachedTokens: 900, promptTokens: 1000, reasoningTokens: 20, completionTokens: 25 })
    expect(beside).toContain('90%')
    expect(beside).toContain('80%')
  })
})
