import { flushPromises } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { ModelPrice, PricedModel, PriceList, UserPrice } from '@contract'
import { createFormat } from '../../src-renderer/lib/format'
import { draftOf, readDraft, readNumber, type PriceDraft } from '../../src-renderer/features/settings/price-draft'
import CurrencySection from '../../src-renderer/features/settings/CurrencySection.vue'
import PricesSection from '../../src-renderer/features/settings/PricesSection.vue'
import { installMonitor, mountApp } from './support'

afterEach(() => {
  vi.unstubAllGlobals()
  document.body.innerHTML = ''
})

const empty: PriceDraft = {
  input: '',
  output: '',
  cacheRead: '',
  cacheWrite: '',
  cacheWriteHour: '',
  reasoning: '',
  from: '',
}
const own: UserPrice = {
  model: 'house-7b',
  input: 2,
  output: 6,
  cacheRead: null,
  cacheWrite: null,
  cacheWriteHour: null,
  reasoning: 4.5,
  from: new Date(2026, 0, 5).getTime(),
}
const published: ModelPrice = {
  matchedModel: 'gpt-4o',
  rules: ['prefix', 'date'],
  source: { kind: 'catalog', name: 'OpenAI', url: 'https://example.com', date: '2026-09-23', conversion: null },
  input: 2.5,
  output: 10,
  cacheRead: 1.25,
  cacheWrite: null,
  cacheWriteHour: null,
  reasoning: null,
  perRequest: 0,
  tiers: [],
}
const usage = {
  sessions: 1,
  rounds: 3,
  inputTokens: 1200,
  outputTokens: 300,
  cachedTokens: 0,
  cacheWriteTokens: 0,
  reasoningTokens: 0,
  promptTokens: 1200,
  completionTokens: 300,
  costUsd: 0.006,
  unpricedRounds: 0,
  roundsWithoutUsage: 0,
  estimatedRounds: 0,
  lowerBoundRounds: 0,
  failedRounds: 0,
}
const known: PricedModel = { ...usage, model: 'openai/gpt-4o-x', price: published, varies: false, own: null }
const unknown: PricedModel = {
  ...usage,
  model: 'house-7b',
  costUsd: null,
  unpricedRounds: 3,
  price: null,
  varies: false,
  own: null,
}
const list = (models: readonly PricedModel[], change: Partial<PriceList> = {}): PriceList => ({
  revision: 1,
  models,
  unused: [],
  repricing: { active: false, done: 0, total: 0 },
  ...change,
})

describe('the form of a price', () => {
  it('opens with the own price, else with the published one', () => {
    expect(draftOf(own, published)).toEqual({ ...empty, input: '2', output: '6', reasoning: '4.5', from: '2026-01-05' })
    expect(draftOf(null, published)).toEqual({ ...empty, input: '2.5', output: '10', cacheRead: '1.25' })
    expect(draftOf(null, null)).toEqual(empty)
  })

  it('becomes the price that was typed, a comma being a point', () => {
    expect(readDraft('m', { ...empty, input: ' 0,5 ', output: '1.5', cacheRead: '0', from: '2026-01-05' })).toEqual({
      price: {
        model: 'm',
        input: 0.5,
        output: 1.5,
        cacheRead: 0,
        cacheWrite: null,
        cacheWriteHour: null,
        reasoning: null,
        from: new Date(2026, 0, 5).getTime(),
      },
    })
    expect(readDraft(own.model, draftOf(own, null))).toEqual({ price: own })
  })

  it.each([
    [{ input: '', output: '1' }, { input: 'needed' }],
    [{ input: '-1', output: '1' }, { input: 'badPrice' }],
    [{ input: '1', output: '100001' }, { output: 'badPrice' }],
    [{ input: '1', output: '1', reasoning: '1e3' }, { reasoning: 'badPrice' }],
    [{ input: '1', output: '1', cacheRead: 'NaN' }, { cacheRead: 'badPrice' }],
    [{ input: '1', output: '1', from: 'soon' }, { from: 'badFrom' }],
  ])('says of %j what is wrong', (change, problems) => {
    expect(readDraft('m', { ...empty, ...change })).toEqual({ problems })
  })

  it('reads no number out of other things', () => {
    for (const text of ['', ' ', '1,000.5', '1 000', '０', '0x10', 'Infinity', '--1', '.'])
      expect(readNumber(text)).toBeNull()
    expect([readNumber('.5'), readNumber('5.'), readNumber('007')]).toEqual([0.5, 5, 7])
  })
})

describe('the prices in the settings', () => {
  it('show how each was found, and unknown ones first with a button to set them', async () => {
    installMonitor({ prices: () => list([known, unknown]) })
    const wrapper = mountApp(PricesSection, { props: {} })
    await flushPromises()
    const rows = wrapper.findAll('[data-testid=price-row]')
    expect(rows.map((row) => row.attributes('data-model'))).toEqual(['house-7b', 'openai/gpt-4o-x'])
    expect(rows[0]?.find('[data-testid=price-set]').exists()).toBe(true)
    expect(rows[0]?.text()).toContain('unknown price')
    expect(rows[1]?.text()).toContain('as gpt-4o: without provider prefix, without date')
    expect(rows[1]?.text()).toContain('OpenAI')
    expect(rows[1]?.text()).toContain('Sep 23, 2026')
    expect(wrapper.get('[data-testid=prices-unknown]').text()).toContain('1 model has no known price')
    wrapper.unmount()
  })

  it('say that costs are being computed anew', async () => {
    const monitor = installMonitor({ prices: () => list([known]) })
    const wrapper = mountApp(PricesSection, { props: {} })
    await flushPromises()
    expect(wrapper.find('[data-testid=prices-progress]').exists()).toBe(false)
    monitor.emit('repricing', { active: true, done: 250, total: 1000 })
    await flushPromises()
    expect(wrapper.get('[data-testid=prices-progress]').text()).toContain('25%')
    monitor.emit('repricing', { active: false, done: 0, total: 0 })
    await flushPromises()
    expect(wrapper.find('[data-testid=prices-progress]').exists()).toBe(false)
    wrapper.unmount()
  })

  it('are empty or failed in words', async () => {
    installMonitor({ prices: () => list([]) })
    const none = mountApp(PricesSection, { props: {} })
    await flushPromises()
    expect(none.text()).toContain('No model yet')
    none.unmount()
    installMonitor({})
    const failed = mountApp(PricesSection, { props: {} })
    await flushPromises()
    expect(failed.get('[role=alert]').text()).toContain('Couldn’t load the prices')
    failed.unmount()
  })

  it('never make markup of a model’s name', async () => {
    const hostile = { ...unknown, model: '<img src=x onerror=alert(1)>' }
    installMonitor({ prices: () => list([hostile], { unused: [{ ...own, model: '<b>x</b>' }] }) })
    const wrapper = mountApp(PricesSection, { props: {} })
    await flushPromises()
    expect(wrapper.find('img, b').exists()).toBe(false)
    expect(wrapper.text()).toContain('<img src=x onerror=alert(1)>')
    wrapper.unmount()
  })
})

describe('money in another currency', () => {
  it('is the USD amount times the user’s rate', () => {
    const yuan = createFormat('en-US', Date.now, { code: 'CNY', usdRate: 7 })
    expect(yuan.usd(1.5)).toBe('¥10.50')
    expect(yuan.usdExact(0.000001)).toBe('¥0.000007')
    expect(yuan.usdRound(200)).toBe('¥1.4K')
    // A published price is in USD whatever money is shown in.
    expect(yuan.price(2.5)).toBe('2.50')
  })

  it('is shown once there is a usable rate, and not before', async () => {
    const monitor = installMonitor({ 'settings:set': (change) => ({ ...change }) as never })
    const wrapper = mountApp(CurrencySection, { props: {} })
    const changes = () => monitor.calls.filter(({ channel }) => channel === 'settings:set').map(({ args }) => args[0])
    await wrapper.findAll('input[type=radio]')[1]?.setValue(true)
    expect(changes()).toEqual([])
    for (const bad of ['0', '-7', 'seven']) {
      await wrapper.get('[data-testid=currency-rate]').setValue(bad)
      expect(wrapper.text()).toContain('Enter a number above 0.')
    }
    expect(changes()).toEqual([])
    await wrapper.get('[data-testid=currency-rate]').setValue('7,1')
    expect(changes()).toEqual([{ currency: { code: 'CNY', usdRate: 7.1 } }])
    wrapper.unmount()
  })
})
