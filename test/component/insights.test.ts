import { flushPromises } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import type { Insight, SessionInsights } from '@contract'
import InsightPanel from '../../src-renderer/features/insights/InsightPanel.vue'
import SessionNotes from '../../src-renderer/features/conversation/SessionNotes.vue'
import { aSession, installMonitor, mountApp } from './support'

const cache: Extract<Insight, { readonly section: 'cache' }> = {
  section: 'cache',
  breaks: 2,
  tokens: 2400,
  estimatedTokens: 400,
  costUsd: null,
  byModel: [{ model: null, breaks: 2, tokens: 2400, estimatedTokens: 400, costUsd: null }],
  worst: [
    {
      session: aSession({ title: '<b>Hostile</b>' }),
      round: 3,
      time: Date.UTC(2026, 1, 2),
      model: 'gpt-4o',
      message: 2,
      tokens: 2000,
      estimated: false,
      costUsd: 0.0025,
    },
  ],
}

async function shown(insight: Insight) {
  installMonitor({ insight: () => insight })
  const page = mountApp(InsightPanel, { props: { section: insight.section, days: 30 } })
  await flushPromises()
  return page
}

describe('an analysis', () => {
  it('marks estimates, and says unknown where no price is known', async () => {
    const page = await shown(cache)
    expect(page.find('dl').text()).toContain('≈ 2,400')
    expect(page.find('dl').text()).toContain('unknown')
    const worst = page.find('[data-testid="insight-worst"]')
    expect(worst.text()).toContain('message 2 changed')
    // What was logged is no estimate; what it cost more is.
    expect(worst.findAll('td').map((cell) => cell.text())).toEqual(
      expect.arrayContaining(['2,000', expect.stringContaining('≈ $0.0025')]),
    )
  })

  it('says of how many breaks the cost is not in the sum', async () => {
    const [unknown] = cache.byModel
    const known = { model: 'gpt-4o', breaks: 3, tokens: 900, estimatedTokens: 0, costUsd: 0.5 }
    const page = await shown({ ...cache, breaks: 5, costUsd: 0.5, byModel: [known, ...(unknown ? [unknown] : [])] })
    expect(page.find('dl').text()).toContain('≈ $0.50')
    expect(page.find('dl').text()).toContain('cost unknown for 2 rounds')
  })

  it('shows what a log says as text', async () => {
    const page = await shown(cache)
    expect(page.find('[data-testid="insight-worst"] b').exists()).toBe(false)
    expect(page.text()).toContain('<b>Hostile</b>')
  })

  it('that found no break says that it cost nothing, not that its cost is unknown', async () => {
    const page = await shown({ ...cache, breaks: 0, tokens: 0, estimatedTokens: 0, byModel: [], worst: [] })
    expect(page.find('dl').text()).toContain('$0.00')
    expect(page.find('dl').text()).not.toContain('unknown')
  })

  it('says what several columns are of once above them', async () => {
    const values = { count: 9, p50: 400, p95: 1500, p99: 2040 }
    const row = { name: 'gpt-4o', firstTokenMs: values, durationMs: values, tokensPerSecond: null }
    const page = await shown({
      section: 'latency',
      relativeError: 0.02,
      byModel: [row],
      byConsumer: [],
    })
    const [above, names] = page.findAll('[data-testid="insight-models"] thead tr')
    expect(above?.findAll('th').map((cell) => [cell.text(), cell.attributes('colspan')])).toEqual([
      ['First token', '3'],
      ['Duration', '3'],
      ['Tokens/s', '3'],
    ])
    expect(names?.findAll('th')).toHaveLength(10)
    expect(page.findAll('[data-testid="insight-models"] tbody td').map((cell) => cell.text())).toContain('≈ 2.0s')
  })

  it('says where a sum of money is not all of it', async () => {
    const tool = { calls: 2, rounds: 2, argumentBytes: 0, results: 0, resultBytes: 0 }
    const page = await shown({
      section: 'tools',
      tools: [
        { ...tool, name: 'partly', costUsd: 1, unpricedRounds: 1 },
        { ...tool, name: 'wholly', costUsd: 2, unpricedRounds: 0 },
        { ...tool, name: 'not', costUsd: null, unpricedRounds: 2 },
      ],
    })
    const costs = page.findAll('[data-testid="insight-tools"] tbody tr').map((row) => row.findAll('td')[3])
    expect(costs.map((cell) => cell?.text())).toEqual(['≥\u00a0$1.00', '$2.00', 'unknown'])
    expect(costs[0]?.attributes('title') ?? costs[0]?.find('[title]').attributes('title')).toContain('1 round')
  })

  it('that has nothing to tell says so', async () => {
    const page = await shown({ section: 'tools', tools: [] })
    expect(page.find('[data-testid="insight-empty"]').exists()).toBe(true)
    await page.get('[data-testid="insight-all"]').trigger('click')
    expect(page.emitted('all')).toHaveLength(1)
    // Of everything there is no more to show.
    await page.setProps({ days: null })
    expect(page.find('[data-testid="insight-all"]').exists()).toBe(false)
  })

  it('that failed says so, and can be tried again', async () => {
    const monitor = installMonitor({})
    const page = mountApp(InsightPanel, { props: { section: 'cache', days: null } })
    await flushPromises()
    const before = monitor.countOf('insight')
    await page.find('[role="alert"] button').trigger('click')
    expect(monitor.countOf('insight')).toBe(before + 1)
  })
})

describe('the notes of a session', () => {
  const insights: SessionInsights = {
    inference: {
      confidence: 93,
      threshold: 75,
      joins: [{ round: 2, previousRound: 1, confidence: 93, evidence: ['fork', 'consumer'], messages: 4 }],
    },
    branches: [
      { firstRound: 1, lastRound: 1, rounds: 1, fromRound: null, sharedMessages: 0, costUsd: 1, unpricedRounds: 0 },
      { firstRound: 2, lastRound: 2, rounds: 1, fromRound: 1, sharedMessages: 4, costUsd: null, unpricedRounds: 1 },
    ],
    rounds: [
      { round: 1, promptTokens: 100, resentTokens: 0, compacted: false, retryOf: null, branch: 0, cacheBreak: null },
      {
        round: 2,
        promptTokens: 100,
        resentTokens: 80,
        compacted: true,
        retryOf: null,
        branch: 1,
        cacheBreak: { message: 5, tokens: 20, estimated: true, costUsd: null },
      },
    ],
  }

  it('tell how sure the grouping is and why, the branches, and what broke the cache', () => {
    const page = mountApp(SessionNotes, { props: { insights } })
    const note = (name: string) => page.find(`[data-testid="session-${name}"]`).text()
    expect(note('inference')).toContain('93% confidence')
    expect(note('inference')).toContain('Round 2 to round 1')
    expect(note('inference')).toContain('shares a beginning of the history')
    expect(note('branches')).toContain('from round 2, branches from round 1 after 4 messages')
    expect(note('cache')).toContain('≈ 40%')
    expect(note('cache')).toContain('message 5 changed')
    expect(note('cache')).toContain('≈ 20 tokens')
  })

  it('are opened only where there is something to be seen then', () => {
    const plain = insights.rounds.map((one) => ({ ...one, compacted: false, cacheBreak: null }))
    const page = mountApp(SessionNotes, { props: { insights: { inference: null, branches: [], rounds: plain } } })
    expect(page.findAll('details, summary')).toEqual([])
    expect(page.find('[data-testid="session-cache"]').text()).toContain('Cache misses 0')
  })

  it('say nothing of a session with one round and an id of its own', () => {
    const alone = { inference: null, branches: [], rounds: insights.rounds.slice(0, 1) }
    const page = mountApp(SessionNotes, { props: { insights: alone } })
    expect(page.findAll('details')).toEqual([])
  })

  it('keep their place until they are known, and no empty one where they cannot be had', async () => {
    const page = mountApp(SessionNotes, { props: { insights: undefined, expected: true } })
    expect(page.find('.notes').exists()).toBe(true)
    await page.setProps({ insights: null })
    expect(page.find('.notes').exists()).toBe(false)
  })
})
