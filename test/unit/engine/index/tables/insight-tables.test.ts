import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Insight, InsightQuery, InsightSection, LatencyInsight } from '../../../../../src-main/contract/index'
import { Engine } from '../../../../../src-main/engine/engine'
import { logLine, type LineFields } from '../../../../fixtures/log-line'
import { engineOver, temporaryFolder } from '../../../../fixtures/open-engine'
import { unnamedLog } from '../../../../fixtures/unnamed-log.mjs'

const at = (time: string) => Date.parse(`2026-02-${time}Z`)
const line = (session: string, time: string, ai: LineFields = {}, outer: LineFields = {}) =>
  logLine(
    { session_id: session, model: 'gpt-4o', consumer: 'red', ...ai },
    { start_time: new Date(at(time)).toISOString(), request_id: `${session} ${time}`, ...outer },
  )

async function ask<S extends InsightSection>(lines: readonly string[], section: S, timeZone = 'UTC') {
  const engine = await engineOver(lines, timeZone)
  const query = { section, from: at('01T00:00'), to: at('28T00:00'), now: at('15T12:00') }
  return engine.insight(query) as Extract<Insight, { readonly section: S }>
}

/** Messages whose JSON is as long as any other of the same number of digits. */
const message = (role: string, number: number) => ({ role, content: `message ${String(number)}` })
const history = (count: number, from = 1) =>
  Array.from({ length: count }, (_, n) => message(n % 2 === 0 ? 'user' : 'assistant', from + n))

// By hand, gpt-4o: 2.5 USD per million input tokens, 1.25 cached: a token billed again costs 1.25e-6 USD more.
describe('cache breaks', () => {
  const grown = history(5)
  const changed = [grown[0]!, message('assistant', 9), ...grown.slice(2), ...history(2, 6)]
  const lines = [
    line('s', '01T10:00', { messages: history(3), input_token: 3000, cached_tokens: 0 }),
    line('s', '01T10:01', { messages: grown, input_token: 5000, cached_tokens: 2900 }),
    // Message 2 was changed: only the first is read from the cache. 2900 − 900 tokens are billed again.
    line('s', '01T10:02', { messages: changed, input_token: 7000, cached_tokens: 900 }),
    // Nothing was changed, and yet less is in the cache: it was lost.
    line('s', '01T10:03', { messages: [...changed, ...history(2, 8)], input_token: 9000, cached_tokens: 500 }),
  ]

  it('say which message broke the cache, how many tokens were billed again, and what that cost', async () => {
    const { breaks, tokens, estimatedTokens, costUsd, byModel, worst } = await ask(lines, 'cache')
    expect({ breaks, tokens, estimatedTokens }).toEqual({ breaks: 2, tokens: 2400, estimatedTokens: 0 })
    expect(costUsd).toBeCloseTo(2400 * 1.25e-6, 12)
    expect(byModel).toMatchObject([{ model: 'gpt-4o', breaks: 2, tokens: 2400 }])
    expect(worst.map((row) => [row.session.sessionId, row.round, row.message, row.tokens, row.estimated])).toEqual([
      ['s', 3, 2, 2000, false],
      ['s', 4, null, 400, false],
    ])
  })

  it('are found too where the log has cached tokens beside the input and not as a part of it', async () => {
    const beside = [
      line('s', '01T10:00', { messages: history(3), input_token: 50, cached_tokens: 9000 }),
      line('s', '01T10:01', { messages: history(5), input_token: 2500, cached_tokens: 7000 }),
    ]
    expect(await ask(beside, 'cache')).toMatchObject({ breaks: 1, tokens: 2000, estimatedTokens: 0 })
    const { totals } = await ask(beside, 'context')
    expect(totals.promptTokens).toBe(9050 + 9500)
    expect(totals.resentTokens).toBeGreaterThan(5500)
  })

  it('are estimated by bytes where the log has no cached tokens, and marked so', async () => {
    const same = history(4)
    const { tokens, estimatedTokens, worst } = await ask(
      [
        line('s', '01T10:00', { messages: same, input_token: 4000 }),
        line('s', '01T10:01', { messages: [...same.slice(0, 2), ...history(2, 7)], input_token: 4000 }),
      ],
      'cache',
    )
    // Two of four messages were kept, which are as long as the others: about 2000 of 4000 tokens are billed again.
    expect(tokens).toBeGreaterThan(1900)
    expect(tokens).toBeLessThan(2100)
    expect(estimatedTokens).toBe(tokens)
    expect(worst[0]).toMatchObject({ message: 3, estimated: true })
  })

  it('are told where the first message changed, which leaves no history to build on', async () => {
    const [first, ...rest] = history(5)
    const { worst } = await ask(
      [
        line('s', '01T10:00', {
          messages: [{ role: 'system', content: 'It is 10:00' }, first!],
          input_token: 900,
          cached_tokens: 800,
        }),
        line('s', '01T10:01', {
          messages: [{ role: 'system', content: 'It is 10:01' }, first!, ...rest],
          input_token: 2000,
          cached_tokens: 0,
        }),
      ],
      'cache',
    )
    expect(worst.map((row) => [row.round, row.message, row.tokens])).toEqual([[2, 1, 800]])
  })

  it('are none where a fork goes beside a history that is gone on with', async () => {
    const base = history(5)
    const { breaks } = await ask(
      [
        line('s', '01T10:00', { messages: base, input_token: 5000 }),
        line('s', '01T10:01', { messages: [...base.slice(0, 3), message('user', 7)], input_token: 4000 }),
        line('s', '01T10:02', { messages: [...base, ...history(2, 8)], input_token: 7000 }),
      ],
      'cache',
    )
    expect(breaks).toBe(0)
  })
})

describe('context growth', () => {
  it('tells what share of the input was sent before, and where histories were compacted', async () => {
    const lines = [
      line('s', '01T10:00', { messages: history(2), input_token: 1000 }),
      line('s', '01T10:01', { messages: history(4), input_token: 2000 }),
      line('s', '02T10:02', { messages: [...history(1), ...history(1, 9)], input_token: 1000 }),
      line('t', '02T10:03', { input_token: 50, messages: 'cut [truncated] off' }),
    ]
    const { totals, byDay } = await ask(lines, 'context')
    expect(totals).toMatchObject({ rounds: 4, knownRounds: 3, promptTokens: 4000, compactions: 1 })
    // Half of the second request and of the third: 1000 and 500 tokens, but for the brackets' bytes.
    expect(totals.resentTokens).toBeGreaterThan(1400)
    expect(totals.resentTokens).toBeLessThan(1600)
    expect(byDay.map((day) => [day.date, day.rounds, day.knownRounds, day.compactions])).toEqual([
      ['2026-02-01', 2, 2, 0],
      ['2026-02-02', 2, 1, 1],
    ])
  })
})

describe('failures', () => {
  it('are summed by how they ended, with what was tried again', async () => {
    const messages = history(3)
    const lines = [
      line('s', '01T10:00', { input_token: 1000, output_token: 0, messages }, { response_code: '503' }),
      line('s', '01T10:01', { input_token: 1000, output_token: 100, messages }),
      line('s', '01T10:02', { input_token: 2000, output_token: 10 }, { response_flags: 'DC' }),
      line('s', '01T10:03', { input_token: 500, output_token: 0, response_type: 'error', consumer: 'blue' }),
      // The same an hour later is no retry.
      line('s', '01T12:00', { input_token: 1000, output_token: 100, messages }),
    ]
    const { all, byStatus, byModel, byConsumer, retries } = await ask(lines, 'failures')
    expect(all).toMatchObject({ rounds: 5, failedRounds: 3 })
    expect(byStatus.map(({ status, rounds, costUsd }) => [status, rounds, costUsd])).toEqual([
      ['error', 2, 0.00375],
      ['cut-off', 1, 0.0051],
    ])
    expect(byModel).toEqual([{ name: 'gpt-4o', rounds: 3, of: 5, costUsd: 0.00885, unpricedRounds: 0 }])
    expect(byConsumer.map(({ name, rounds, of }) => [name, rounds, of])).toEqual([
      ['red', 2, 4],
      ['blue', 1, 1],
    ])
    expect(retries).toEqual({ rounds: 1, costUsd: 0.0035, unpricedRounds: 0 })
  })

  // An hour was added until the next day was reached: up to its first hour, which then counted.
  it.each([
    ['a range that ends within an hour', at('01T10:20')],
    ['a range that ends with the day', at('02T00:00')],
  ])('of %s are those of whole days', async (_, to) => {
    const engine = await engineOver([line('s', '01T23:50'), line('s', '02T00:10')])
    const found = engine.insight({ section: 'failures', from: at('01T10:40'), to, now: at('15T12:00') })
    expect(found).toMatchObject({ all: { rounds: 1 } })
  })

  it('of all there could be are told as well', async () => {
    const engine = await engineOver([line('s', '01T23:50')])
    const found = engine.insight({ section: 'failures', from: -8.64e15, to: 8.64e15, now: at('15T12:00') })
    expect(found).toMatchObject({ all: { rounds: 1 } })
  })
})

describe('latency', () => {
  it('is within the stated error of the exact quantiles, by model and by consumer', async () => {
    // 1 … 100 ms until the first token, ten times as long in all, 90 tokens in the other nine tenths.
    const lines = Array.from({ length: 100 }, (_, n) =>
      line(
        `s${String(n)}`,
        `01T10:${String(n % 60).padStart(2, '0')}`,
        { llm_first_token_duration: n + 1, llm_service_duration: 10 * (n + 1), output_token: 90 },
        { duration: String(10 * (n + 1)) },
      ),
    )
    const failed = line('x', '01T11:00', { llm_first_token_duration: 90_000 }, { response_code: '500', duration: '1' })
    const { relativeError, byModel, byConsumer } = await ask([...lines, failed], 'latency')
    expect(relativeError).toBeLessThan(0.02)
    expect(byModel.map(({ name }) => name)).toEqual(['gpt-4o'])
    expect(byConsumer.map(({ name }) => name)).toEqual(['red'])
    const [row] = byModel
    const near = (value: number | undefined, exact: number) => {
      expect(Math.abs((value ?? 0) - exact) / exact).toBeLessThanOrEqual(relativeError + 1e-9)
    }
    expect(row?.firstTokenMs?.count).toBe(100)
    near(row?.firstTokenMs?.p50, 50)
    near(row?.firstTokenMs?.p95, 95)
    near(row?.firstTokenMs?.p99, 99)
    near(row?.durationMs?.p50, 500)
    near(row?.durationMs?.p99, 990)
    // 90 tokens in 9 × n ms: 10,000 / n a second. Five in a hundred are slower than the fifth slowest.
    near(row?.tokensPerSecond?.p50, 10_000 / 51)
    near(row?.tokensPerSecond?.p95, 10_000 / 96)
  })

  it('is of the models, consumers, sources and outcomes asked for alone', async () => {
    const timed = (id: string, ms: number, ai: Record<string, unknown>) =>
      line(id, '01T10:00', { llm_service_duration: ms, ...ai }, { duration: String(ms) })
    const lines = [
      timed('a', 100, { model: 'o3', consumer: 'red' }),
      timed('b', 200, { model: 'o3', consumer: 'blue' }),
      timed('c', 400, { model: 'gpt-4o', consumer: 'blue' }),
    ]
    const engine = await engineOver(lines)
    const other = join(temporaryFolder(), 'access.log')
    writeFileSync(other, `${timed('d', 300, { model: 'o3', consumer: 'red' })}\n`)
    await engine.readOnce([other])
    const counts = (chosen: Pick<InsightQuery, 'models' | 'consumers' | 'sources' | 'statuses'>) => {
      const range = { from: at('01T00:00'), to: at('28T00:00'), now: at('15T12:00') }
      const answer = engine.insight({ section: 'latency', ...range, ...chosen }) as LatencyInsight
      const { byModel } = answer
      return byModel.map(({ name, durationMs }) => `${name ?? ''} ${String(durationMs?.count)}`).sort()
    }
    expect(counts({})).toEqual(['gpt-4o 1', 'o3 3'])
    expect(counts({ models: ['o3'] })).toEqual(['o3 3'])
    expect(counts({ sources: [other] })).toEqual(['o3 1'])
    expect(counts({ sources: [other], consumers: ['blue'] })).toEqual([])
    expect(counts({ sources: ['/never/read'] })).toEqual([])
    expect(counts({ statuses: ['ok', 'error'] })).toEqual(['gpt-4o 1', 'o3 3'])
    // Of what failed, how long it took says nothing.
    expect(counts({ statuses: ['error'] })).toEqual([])
    expect(counts({ consumers: ['blue'] })).toEqual(['gpt-4o 1', 'o3 1'])
    expect(counts({ models: ['o3'], consumers: ['blue'] })).toEqual(['o3 1'])
    expect(counts({ models: ['never seen'] })).toEqual([])
    expect(counts({ models: [null] })).toEqual([])
    // Kept up as requests come: no request is looked at, however many there are.
    engine.store.index.sql.run('DELETE FROM request')
    expect(counts({ sources: [other] })).toEqual(['o3 1'])
  })
})

describe('tools', () => {
  const call = (id: string, name: string, args: string) => ({
    id,
    type: 'function',
    function: { name, arguments: args },
  })

  it('are counted by name, with the rounds and the cost they took part in and the sizes of what went in and out', async () => {
    const calls = [call('1', 'read', '{"a":1}'), call('2', 'read', '{"a":22}'), call('3', 'run', '')]
    const results = [
      { role: 'tool', tool_call_id: '1', content: 'four' },
      { role: 'tool', tool_call_id: '2', content: 'né' },
      { role: 'tool', tool_call_id: '3', content: 'error' },
    ]
    const messages = history(1)
    const lines = [
      line('s', '01T10:00', { messages, input_token: 1000, output_token: 100, tool_calls: calls }),
      line('s', '01T10:01', {
        messages: [...messages, { role: 'assistant', content: null, tool_calls: calls }, ...results],
        input_token: 2000,
        output_token: 100,
        tool_calls: JSON.stringify([call('4', 'run', '{}')]),
      }),
    ]
    const { tools } = await ask(lines, 'tools')
    expect(tools).toEqual([
      {
        name: 'read',
        calls: 2,
        rounds: 1,
        costUsd: 0.0035,
        unpricedRounds: 0,
        argumentBytes: 15,
        results: 2,
        resultBytes: 7,
      },
      {
        name: 'run',
        calls: 2,
        rounds: 2,
        costUsd: 0.0095,
        unpricedRounds: 0,
        argumentBytes: 2,
        results: 1,
        resultBytes: 5,
      },
    ])
  })

  it('of Anthropic messages are counted alike', async () => {
    const uses = [{ type: 'tool_use', id: 'a', name: 'grep', input: { x: 1 } }]
    const results = [{ type: 'tool_result', tool_use_id: 'a', content: 'found' }]
    const messages = [...history(1), { role: 'assistant', content: uses }, { role: 'user', content: results }]
    const { tools } = await ask([line('s', '01T10:00', { messages })], 'tools')
    expect(tools).toMatchObject([{ name: 'grep', calls: 0, results: 1, resultBytes: 5 }])
  })
})

describe('consumers and routes', () => {
  it('have their sessions, rounds and cost', async () => {
    const lines = [
      line('a', '01T10:00', { input_token: 1000, output_token: 0 }),
      line('a', '02T10:00', { input_token: 1000, output_token: 0 }),
      line('b', '01T10:00', { input_token: 100, output_token: 0, consumer: 'blue' }, { route_name: 'beta' }),
      line(
        'c',
        '01T10:00',
        { input_token: 100, output_token: 0, model: 'unheard-of' },
        { authority: 'other.example.com' },
      ),
    ]
    const { byConsumer, byRoute } = await ask(lines, 'consumers')
    expect(byConsumer.map((row) => [row.consumer, row.sessions, row.rounds, row.costUsd, row.unpricedRounds])).toEqual([
      ['red', 2, 3, 0.005, 1],
      ['blue', 1, 1, 0.00025, 0],
    ])
    expect(byRoute).toEqual([
      {
        route: 'ai-route',
        authority: 'ai.example.com',
        sessions: 1,
        rounds: 2,
        tokens: 2000,
        costUsd: 0.005,
        unpricedRounds: 0,
      },
      {
        route: 'beta',
        authority: 'ai.example.com',
        sessions: 1,
        rounds: 1,
        tokens: 100,
        costUsd: 0.00025,
        unpricedRounds: 0,
      },
      {
        route: 'ai-route',
        authority: 'other.example.com',
        sessions: 1,
        rounds: 1,
        tokens: 100,
        costUsd: null,
        unpricedRounds: 1,
      },
    ])
  })
})

it('every sum of money says of how many rounds it does not know the cost', async () => {
  const calls = [{ id: '1', type: 'function', function: { name: 'read', arguments: '{}' } }]
  const failed = (time: string, ai: LineFields) =>
    line('s', time, { input_token: 1000, output_token: 0, tool_calls: calls, ...ai }, { response_code: '500' })
  const lines = [failed('01T10:00', {}), failed('01T11:00', { input_token: 'many' })]
  const partly = { costUsd: 0.0025, unpricedRounds: 1 }
  const { byModel, byConsumer } = await ask(lines, 'failures')
  expect([...byModel, ...byConsumer]).toMatchObject([partly, partly])
  expect((await ask(lines, 'tools')).tools).toMatchObject([partly])
  expect((await ask(lines, 'consumers')).byRoute).toMatchObject([partly])
  const engine = await engineOver(lines)
  expect(engine.overview({ recentLimit: 0, topLimit: 1 }).topSessions).toMatchObject([partly])
  const { branches } = engine.sessionInsights('s')
  expect(branches.reduce((sum, { unpricedRounds }) => sum + unpricedRounds, 0)).toBe(1)
})

describe('anomalies and forecast', () => {
  // Ten days of one round of $0.25 (100,000 tokens at 2.5); on the 12th one of $25.
  const days = Array.from({ length: 10 }, (_, n) =>
    line(`d${String(n)}`, `${String(n + 1).padStart(2, '0')}T10:00`, { input_token: 100_000, output_token: 0 }),
  )

  it('are what costs far more than its own past', async () => {
    const dear = line('dear', '12T10:00', { input_token: 10_000_000, output_token: 0 })
    const { sessions, hours, models, k } = await ask([...days, dear], 'anomalies')
    expect(k).toBe(3.5)
    expect(sessions.map((row) => [row.session.sessionId, row.costUsd, Math.round(row.usualUsd * 100)])).toEqual([
      ['dear', 25, 25],
    ])
    expect(hours.map(({ hour }) => hour)).toEqual(['2026-02-12T10'])
    expect(models.map(({ model, date }) => [model, date])).toEqual([['gpt-4o', '2026-02-12']])
  })

  it('are none where there is no past to speak of', async () => {
    const { sessions, hours, models } = await ask(
      [days[0]!, line('x', '12T10:00', { input_token: 10_000_000 })],
      'anomalies',
    )
    expect([sessions, hours, models]).toEqual([[], [], []])
  })

  it('foresees the end of the month from the days before', async () => {
    // On the 15th: spent 2.5; 14 whole days of a mean of 2.5 / 14; 14 of 28 days remain, today among them.
    const { forecast } = await ask(days, 'anomalies')
    const mean = 2.5 / 14
    const variance = (10 * (0.25 - mean) ** 2 + 4 * mean ** 2) / 13
    const deviation = 1.2816 * Math.sqrt(14 * variance)
    expect(forecast).toMatchObject({ month: '2026-02', spentUsd: 2.5, days: 14, unpricedRounds: 0 })
    expect(forecast?.expectedUsd).toBeCloseTo(2.5 + 14 * mean, 9)
    expect(forecast?.lowUsd).toBeCloseTo(2.5 + 14 * mean - deviation, 9)
    expect(forecast?.highUsd).toBeCloseTo(2.5 + 14 * mean + deviation, 9)
  })

  it('foresees nothing from less than a week', async () => {
    const { forecast } = await ask([line('s', '12T10:00', { input_token: 100 })], 'anomalies')
    expect(forecast).toBeNull()
  })
})

describe('budgets', () => {
  const lines = [
    line('a', '08T23:00', { input_token: 1_000_000, output_token: 0 }),
    line('b', '09T10:00', { input_token: 400_000, output_token: 0 }),
    line('c', '15T10:00', { input_token: 40_000, output_token: 0, consumer: 'blue' }),
    line('d', '15T10:00', { input_token: 7, output_token: 3, model: 'unheard-of' }),
  ]
  const budget = { id: '1', unit: 'usd', limit: 1, scope: { kind: 'all' } } as const

  it('count their period in the zone of the user, money or tokens, of all or of one', async () => {
    const engine = await engineOver(lines)
    const states = engine.budgetStates(
      [
        { ...budget, period: 'day' },
        // The 9th of February 2026 is a Monday.
        { ...budget, period: 'week' },
        { ...budget, period: 'month' },
        { ...budget, period: 'day', unit: 'tokens', limit: 50_000 },
        { ...budget, period: 'month', scope: { kind: 'consumer', name: 'blue' }, limit: 0.1 },
        { ...budget, period: 'month', scope: { kind: 'model', name: 'never-seen' } },
      ],
      at('15T12:00'),
    )
    expect(states.map(({ start, used, unpricedRounds, share }) => [start, used, unpricedRounds, share])).toEqual([
      ['2026-02-15', 0.1, 1, null],
      ['2026-02-09', 1.1, 1, 1],
      ['2026-02-01', 3.6, 1, 1],
      ['2026-02-15', 40_010, 0, 0.8],
      ['2026-02-01', 0.1, 0, 1],
      ['2026-02-01', 0, 0, null],
    ])
  })
})

describe('a session', () => {
  it('shows its forks and sub-agents as branches', async () => {
    const main = history(5)
    const sub = [{ role: 'user', content: 'You are a helper. Look it up.' }]
    const engine = await engineOver([
      line('s', '01T10:00', { messages: main.slice(0, 3), input_token: 100 }),
      line('s', '01T10:01', { messages: sub, input_token: 100 }),
      line('s', '01T10:02', { messages: main, input_token: 100 }),
      line('s', '01T10:03', { messages: [...main.slice(0, 4), message('user', 9)], input_token: 100 }),
      line('s', '01T10:04', { messages: [...main, ...history(2, 6)], input_token: 100 }),
    ])
    const { branches, rounds, inference } = engine.sessionInsights('s')
    expect(inference).toBeNull()
    expect(branches.map((b) => [b.firstRound, b.lastRound, b.rounds, b.fromRound, b.sharedMessages])).toEqual([
      [1, 5, 3, null, 0],
      [2, 2, 1, null, 0],
      [4, 4, 1, 3, 4],
    ])
    expect(rounds.map(({ branch }) => branch)).toEqual([0, 1, 0, 2, 0])
  })

  it('that was inferred says how sure that is, and why', async () => {
    const opening = history(1)
    const unnamed = (time: string, ai: LineFields) => line('s', time, { session_id: undefined, ...ai })
    const engine = await engineOver([
      unnamed('01T10:00', { messages: opening, answer: 'message 2' }),
      unnamed('01T10:01', { messages: history(3), answer: 'And so on.' }),
    ])
    const [row] = engine.sessions({ sortBy: 'rounds', descending: true, offset: 0, limit: 1 }).rows
    expect(engine.sessionInsights(row!.sessionId).inference).toEqual({
      confidence: 99,
      threshold: 75,
      joins: [
        {
          round: 2,
          previousRound: 1,
          confidence: 99,
          evidence: ['history', 'answer', 'consumer', 'time'],
          messages: 1,
        },
      ],
    })
  })
})

describe('the tables behind them', () => {
  const TABLES = ['inference', 'insight_day', 'cache_break', 'retry', 'tool', 'tool_call', 'tool_day', 'route_day']
  const dump = (engine: Engine) => TABLES.map((table) => engine.store.index.sql.all(`SELECT * FROM ${table}`))

  async function reopened(timeZone: string, lines: readonly string[], firstZone = timeZone, keepIndex = true) {
    const folder = temporaryFolder()
    const log = join(folder, 'access.log')
    writeFileSync(log, lines.map((text) => `${text}\n`).join(''))
    const dataFolder = join(folder, 'store')
    const first = await Engine.open({ dataFolder, timeZone: firstZone })
    await first.readOnce([log])
    if (!keepIndex) first.store.distrustIndex()
    await first.close()
    const engine = await Engine.open({ dataFolder, timeZone })
    onTestFinished(() => engine.close())
    return engine
  }

  it('are the same made anew from the archive as grown', async () => {
    const lines = unnamedLog({ seed: 21 })
    expect(dump(await reopened('UTC', lines, 'UTC', false))).toEqual(dump(await engineOver(lines)))
  })

  it("are those of the user's time zone when that has changed", async () => {
    const lines = unnamedLog({ seed: 22 })
    expect(dump(await reopened('Pacific/Auckland', lines, 'UTC'))).toEqual(
      dump(await engineOver(lines, 'Pacific/Auckland')),
    )
  })
})
