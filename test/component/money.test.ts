import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Overview, RoundCost } from '@contract'
import CostText from '../../src-renderer/components/CostText.vue'
import CostTip from '../../src-renderer/features/conversation/round/CostTip.vue'
import SummaryCards from '../../src-renderer/features/overview/SummaryCards.vue'
import { installMonitor, mountApp } from './support'

afterEach(() => {
  document.body.innerHTML = ''
  vi.unstubAllGlobals()
})

const totals = (change: Partial<Overview['totals']>): Overview['totals'] => ({
  sessions: 2,
  rounds: 4,
  inputTokens: 1_234_567,
  outputTokens: 590,
  cachedTokens: 400,
  reasoningTokens: 500,
  promptTokens: 1_234_567,
  completionTokens: 590,
  costUsd: 0.0123,
  unpricedRounds: 0,
  roundsWithoutUsage: 0,
  cacheWriteTokens: 0,
  estimatedRounds: 0,
  lowerBoundRounds: 0,
  failedRounds: 0,
  ...change,
})

describe('a cost', () => {
  it('that is not known is a word, never a zero', () => {
    installMonitor({})
    const wrapper = mountApp(CostText, { props: { usd: null, unpricedRounds: 3 } })
    expect(wrapper.text()).toBe('unknown')
    expect(wrapper.text()).not.toContain('$')
  })

  it('of which a part is not known says so', () => {
    installMonitor({})
    const wrapper = mountApp(CostText, { props: { usd: 0.5, unpricedRounds: 2 } })
    expect(wrapper.text()).toMatch(/^≥\s\$0\.50$/)
    expect(wrapper.attributes('title')).toContain('2 unpriced rounds')
  })

  it('that is known stands alone', () => {
    installMonitor({})
    expect(mountApp(CostText, { props: { usd: 0, unpricedRounds: 0 } }).text()).toBe('$0.00')
  })
})

describe("a round's cost", () => {
  const cost: RoundCost = {
    usd: 0.0031,
    components: [
      { kind: 'input', tokens: 1000, usdPerMillion: 2.5, usd: 0.0025 },
      { kind: 'cache_read', tokens: 480, usdPerMillion: 1.25, usd: 0.0006 },
    ],
    estimate: [],
    matchedModel: 'gpt-4o',
    rules: ['exact'],
    source: { kind: 'catalog', name: 'the price list', url: null, date: '2026-09-23', conversion: null },
  }

  it('is explained component by component', () => {
    installMonitor({})
    const wrapper = mountApp(CostTip, { props: { cost } })
    const rows = wrapper.findAll('tbody tr').map((row) => row.text().replace(/\s+/g, ' '))
    expect(rows).toEqual(['Input1,000× $2.50 / M= $0.0025', 'Cache read480× $1.25 / M= $0.0006'])
    expect(wrapper.find('tfoot').text()).toContain('$0.0031')
    expect(wrapper.text()).toContain('the price list, Sep 23, 2026')
    expect(wrapper.find('[data-testid=cost-not-exact]').exists()).toBe(false)
  })

  it('says so where the price was found under another name than the logged one', () => {
    installMonitor({})
    const wrapper = mountApp(CostTip, { props: { cost: { ...cost, rules: ['prefix', 'date'] } } })
    expect(wrapper.get('[data-testid=cost-not-exact]').text()).toBe('Matched by: without provider prefix, without date')
  })

  it('that is unknown is said to be', () => {
    installMonitor({})
    const wrapper = mountApp(CostTip, { props: { cost: null } })
    expect(wrapper.find('table').exists()).toBe(false)
    expect(wrapper.text()).toContain('no known price')
  })
})

describe('the cards', () => {
  const card = (wrapper: ReturnType<typeof mountApp>, key: string) => wrapper.get(`[data-testid="card-${key}"]`)

  it('carry the raw numbers beside the compact ones', () => {
    installMonitor({})
    const wrapper = mountApp(SummaryCards, { props: { totals: totals({}) } })
    const raw = ['sessions', 'rounds', 'input', 'output', 'cached', 'reasoning', 'cost'].map((key) =>
      card(wrapper, key).attributes('data-value'),
    )
    expect(raw).toEqual(['2', '4', '1234567', '590', '400', '500', '0.0123'])
    expect(card(wrapper, 'input').text()).toContain('1.23M')
  })

  it('name the rounds without a price', () => {
    installMonitor({})
    const wrapper = mountApp(SummaryCards, { props: { totals: totals({ unpricedRounds: 3 }) } })
    expect(card(wrapper, 'cost').text()).toContain('excludes 3 unpriced rounds')
  })

  it('call a cost unknown when no round has one', () => {
    installMonitor({})
    const wrapper = mountApp(SummaryCards, { props: { totals: totals({ costUsd: null, unpricedRounds: 4 }) } })
    expect(card(wrapper, 'cost').attributes('data-value')).toBe('unknown')
    expect(card(wrapper, 'cost').text()).toContain('unknown')
    expect(card(wrapper, 'cost').text()).not.toContain('$')
  })

  it('do not divide by nothing', () => {
    installMonitor({})
    const nothing = totals({
      sessions: 0,
      rounds: 0,
      inputTokens: 0,
      outputTokens: 0,
      cachedTokens: 0,
      reasoningTokens: 0,
      promptTokens: 0,
      completionTokens: 0,
      costUsd: 0,
    })
    const wrapper = mountApp(SummaryCards, { props: { totals: nothing } })
    expect(wrapper.text()).not.toMatch(/NaN|Infinity|∞/)
  })
})
