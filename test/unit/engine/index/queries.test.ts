import { describe, expect, it, onTestFinished } from 'vitest'
import type { UsageTotals } from '../../../../src-main/contract/index'
import { Engine } from '../../../../src-main/engine/engine'
import { engineOver } from '../../../fixtures/open-engine'
import { logLine, type LineFields } from '../../../fixtures/log-line'

const round = (session: string, model: string, time: string, ai: LineFields = {}) =>
  logLine({ session_id: session, model, ...ai }, { start_time: time, request_id: `${session}-${time}` })

/**
 * By hand, prices in USD per million tokens: gpt-4o 2.5 in / 1.25 cached / 10 out; o1 15 / 60.
 *   a, gpt-4o, 1 Feb: 1000 in (400 cached), 100 out → 600×2.5 + 400×1.25 + 100×10 = 3000 → $0.003
 *   a, o1,     2 Feb: 100 in, 10 out, 50 reasoning  → 1500 + 600 + 50×60 = 5100 → $0.0051
 *   b, gpt-4o, 2 Feb: 10 in, 1 out                  → 25 + 10 = 35 → $0.000035
 *   c, mystery, 2 Feb: 7 in, 3 out                  → unknown
 */
const LINES = [
  round('a', 'gpt-4o', '2026-02-01T10:00:00Z', {
    input_token: 1000,
    cached_tokens: 400,
    output_token: 100,
    question: 'First?',
  }),
  round('a', 'o1', '2026-02-02T10:00:00Z', { input_token: 100, output_token: 10, reasoning_tokens: 50 }),
  round('b', 'gpt-4o', '2026-02-02T11:00:00Z', { input_token: '10', output_token: '1' }),
  round('c', 'mystery', '2026-02-02T23:30:00Z', { input_token: 7, output_token: 3 }),
  logLine(undefined),
]

describe('the overview', () => {
  it('sums a log computed by hand', async () => {
    const engine = await engineOver(LINES)
    const { totals, byModel, byDate } = engine.overview({ recentLimit: 10 })
    expect(totals).toEqual({
      sessions: 3,
      rounds: 4,
      inputTokens: 1117,
      outputTokens: 114,
      cachedTokens: 400,
      reasoningTokens: 50,
      promptTokens: 1117,
      // Of session a, 50 beside 10.
      completionTokens: 164,
      costUsd: 0.008135,
      unpricedRounds: 1,
      roundsWithoutUsage: 0,
      cacheWriteTokens: 0,
      estimatedRounds: 0,
      lowerBoundRounds: 0,
      failedRounds: 0,
    })
    expect(byModel.map(({ model, sessions, rounds, costUsd }) => [model, sessions, rounds, costUsd])).toEqual([
      ['o1', 1, 1, 0.0051],
      ['gpt-4o', 2, 2, 0.003035],
      ['mystery', 1, 1, null],
    ])
    expect(byDate.map(({ date, sessions, models, costUsd }) => [date, sessions, models, costUsd])).toEqual([
      ['2026-02-01', 1, ['gpt-4o'], 0.003],
      ['2026-02-02', 3, ['gpt-4o', 'mystery', 'o1'], 0.005135],
    ])
  })

  // Some gateways log what was read from the cache as a part of the input, others beside it: a single round tells which.
  it('tells the whole prompt where gateways that log cached tokens inside and beside the input are mixed', async () => {
    const mixed = [
      round('in', 'gpt-4o', '2026-02-01T10:00:00Z', { input_token: 1000, cached_tokens: 400, output_token: 10 }),
      round('by', 'claude-sonnet-4', '2026-02-01T11:00:00Z', {
        input_token: '50',
        output_token: 5,
        reasoning_tokens: 20,
        input_token_details: { cache_read_input_tokens: 900, cache_creation_input_tokens: 200 },
      }),
      round('by', 'claude-sonnet-4', '2026-02-02T11:00:00Z', { input_token: 60, cached_tokens: 60, output_token: 5 }),
    ]
    const tokensOf = ({ inputTokens, cachedTokens, promptTokens, completionTokens }: UsageTotals) => [
      inputTokens,
      cachedTokens,
      promptTokens,
      completionTokens,
    ]
    const engine = await engineOver(mixed)
    const { totals, byModel, byDate, bySource, recentSessions } = engine.overview({ recentLimit: 2 })
    expect(tokensOf(totals)).toEqual([1110, 1360, 2210, 40])
    expect(bySource.map(tokensOf)).toEqual([[1110, 1360, 2210, 40]])
    expect(byDate.map(tokensOf)).toEqual([
      [1050, 1300, 2150, 35],
      [60, 60, 60, 5],
    ])
    const rows: Record<string, number[]> = Object.fromEntries(
      byModel.map((usage) => [usage.model ?? '', tokensOf(usage)]),
    )
    expect(rows).toEqual({ 'gpt-4o': [1000, 400, 1000, 10], 'claude-sonnet-4': [110, 960, 1210, 30] })
    expect(recentSessions.map((row) => [row.sessionId, ...tokensOf(row)])).toEqual([
      ['by', 110, 960, 1210, 30],
      ['in', 1000, 400, 1000, 10],
    ])
    expect(engine.sessionSeries('by').promptTokens).toEqual([1150, 60])
    // The sums of another time zone are made from the requests.
    const { dataFolder } = engine.store
    await engine.close()
    const elsewhere = await Engine.open({ dataFolder, timeZone: 'Asia/Shanghai' })
    onTestFinished(() => elsewhere.close())
    expect(tokensOf(elsewhere.overview({ recentLimit: 0 }).totals)).toEqual([1110, 1360, 2210, 40])
  })

  // The output alone was priced, and taken for the whole cost.
  it.each(['abc', -5])('leaves a round with %j input tokens out of every cost, and counts it', async (input) => {
    const engine = await engineOver([
      round('a', 'gpt-4o', '2026-02-01T10:00:00Z', { input_token: 10, output_token: 1 }),
      round('a', 'gpt-4o', '2026-02-01T11:00:00Z', { input_token: input, output_token: 100 }),
      round('b', 'gpt-4o', '2026-02-02T10:00:00Z', { input_token: input, output_token: 100 }),
    ])
    const partly = { costUsd: 0.000035, unpricedRounds: 1, roundsWithoutUsage: 1 }
    const unknown = { costUsd: null, unpricedRounds: 1, roundsWithoutUsage: 1 }
    const told = () => {
      const { totals, byModel, byDate, recentSessions } = engine.overview({ recentLimit: 2 })
      return { totals, byModel, byDate, recentSessions }
    }
    const both = { ...partly, unpricedRounds: 2, roundsWithoutUsage: 2, inputTokens: 10, outputTokens: 201 }
    const expected = {
      totals: both,
      byModel: [both],
      byDate: [partly, unknown],
      recentSessions: [
        { ...unknown, sessionId: 'b' },
        { ...partly, sessionId: 'a' },
      ],
    }
    expect(told()).toMatchObject(expected)
    const { rounds } = engine.sessionRounds({ sessionId: 'a', from: 1, limit: 2 })
    expect(rounds.map(({ cost, usage }) => [cost?.usd ?? null, usage.marks])).toEqual([
      [0.000035, []],
      [null, ['unusable']],
    ])
    expect(JSON.parse(engine.roundJson({ sessionId: 'a', round: 2 }))).toMatchObject({
      input_tokens: null,
      output_tokens: 100,
      cost_usd: null,
    })
    // Priced anew, it is as little known as before.
    engine.setPrice({
      model: 'gpt-4o',
      input: 2.5,
      output: 10,
      cacheRead: 1.25,
      cacheWrite: null,
      cacheWriteHour: null,
      reasoning: null,
      from: null,
    })
    await engine.repriced()
    expect(told()).toMatchObject(expected)
  })

  it("counts a round on its day in the user's time zone", async () => {
    const engine = await engineOver(LINES, 'Asia/Shanghai')
    expect(engine.overview({ recentLimit: 0 }).byDate.map(({ date, rounds }) => [date, rounds])).toEqual([
      ['2026-02-01', 1],
      ['2026-02-02', 2],
      ['2026-02-03', 1],
    ])
  })

  it('of an empty store is empty, and its cost is zero, not unknown', async () => {
    const engine = await engineOver([])
    const { totals, byModel, byDate, recentSessions } = engine.overview({ recentLimit: 10 })
    expect(totals).toMatchObject({ sessions: 0, rounds: 0, costUsd: 0 })
    expect([byModel, byDate, recentSessions]).toEqual([[], [], []])
  })
})

describe('the list of sessions', () => {
  const ids = async (
    sortBy: Parameters<Awaited<ReturnType<typeof engineOver>>['sessions']>[0]['sortBy'],
    descending: boolean,
  ) => {
    const engine = await engineOver(LINES)
    return engine.sessions({ sortBy, descending, offset: 0, limit: 0 }).rows.map((row) => row.sessionId)
  }

  it.each([
    ['lastTime', true, ['c', 'b', 'a']],
    ['firstTime', false, ['a', 'b', 'c']],
    ['cost', true, ['a', 'b', 'c']],
    ['cost', false, ['c', 'b', 'a']],
    ['tokens', true, ['a', 'b', 'c']],
    ['rounds', true, ['a', 'c', 'b']],
    ['model', false, ['b', 'c', 'a']],
    ['session', false, ['a', 'b', 'c']],
  ] as const)('sorts by %s (descending: %s)', async (sortBy, descending, expected) => {
    expect(await ids(sortBy, descending)).toEqual(expected)
  })

  it('has the latest model, the sum of rounds at their own prices, and the first question as title', async () => {
    const engine = await engineOver(LINES)
    const { rows, total } = engine.sessions({ sortBy: 'lastTime', descending: false, offset: 0, limit: 1 })
    expect(total).toBe(3)
    expect(rows).toEqual([
      expect.objectContaining({
        sessionId: 'a',
        model: 'o1',
        rounds: 2,
        costUsd: 0.0081,
        title: 'First?',
        inferred: false,
      }),
    ])
  })

  it('is titled by what the user said first where the gateway logs no question', async () => {
    const said = [
      { role: 'system', content: 'Be brief.' },
      {
        role: 'user',
        content: [
          { type: 'image_url', image_url: { url: 'x' } },
          { type: 'text', text: 'What is this?' },
        ],
      },
    ]
    const later = [...said, { role: 'assistant', content: 'A cat.' }, { role: 'user', content: 'And that?' }]
    const engine = await engineOver([
      round('m', 'gpt-4o', '2026-02-01T10:00:00Z', { messages: said }),
      round('m', 'gpt-4o', '2026-02-01T10:01:00Z', { messages: later }),
      round('tool', 'gpt-4o', '2026-02-01T10:02:00Z', { messages: [{ role: 'tool', content: '15°C' }] }),
    ])
    const { rows } = engine.sessions({ sortBy: 'session', descending: false, offset: 0, limit: 0 })
    expect(rows.map(({ sessionId, title }) => [sessionId, title])).toEqual([
      ['m', 'What is this?'],
      ['tool', null],
    ])
  })

  it('pages without gaps or repetitions', async () => {
    const engine = await engineOver(LINES)
    const page = (offset: number) => engine.sessions({ sortBy: 'model', descending: true, offset, limit: 1 }).rows
    expect([0, 1, 2, 3].flatMap(page).map((row) => row.sessionId)).toEqual(['a', 'c', 'b'])
  })
})

describe('a session', () => {
  it('tells its rounds in order of time, each with only what is new', async () => {
    const messages = [
      { role: 'system', content: 'Be kind.' },
      { role: 'user', content: 'Hi' },
    ]
    const longer = [...messages, { role: 'assistant', content: 'Hello!' }, { role: 'user', content: 'And?' }]
    const engine = await engineOver([
      round('s', 'gpt-4o', '2026-02-01T10:00:00Z', { messages, question: 'Hi', answer: 'Hello!' }),
      round('s', 'gpt-4o', '2026-02-01T10:01:00Z', { messages: longer, question: 'And?', answer: 'That was it.' }),
    ])
    const { total, rounds } = engine.sessionRounds({ sessionId: 's', from: 1, limit: 10 })
    expect(total).toBe(2)
    expect(rounds.map((r) => [r.round, r.keptMessages, r.keptFromRound, r.newMessages.map((m) => m.role)])).toEqual([
      [1, 0, null, ['system', 'user']],
      [2, 2, 1, ['assistant', 'user']],
    ])
    expect(rounds[1]?.answer).toEqual({ text: 'That was it.', truncated: false })
  })

  it('without an id is one of its own, marked as such', async () => {
    const engine = await engineOver([
      logLine({ model: 'gpt-4o', question: 'one' }),
      logLine({ model: 'gpt-4o', question: 'two' }),
    ])
    const { rows } = engine.sessions({ sortBy: 'lastTime', descending: true, offset: 0, limit: 0 })
    expect(rows.map((row) => [row.inferred, row.rounds])).toEqual([
      [true, 1],
      [true, 1],
    ])
    expect(engine.sessionRounds({ sessionId: rows[0]?.sessionId ?? '', from: 1, limit: 1 }).rounds).toHaveLength(1)
  })

  it('takes an id as it is, whatever it holds', async () => {
    const hostile = `'; DROP TABLE session; -- ../../etc/passwd <script>\u0000\u202e`
    const engine = await engineOver([round(hostile, 'gpt-4o', '2026-02-01T10:00:00Z')])
    expect(engine.sessionHeader(hostile).sessionId).toBe(hostile)
  })

  it('that does not exist is said to', async () => {
    const engine = await engineOver(LINES)
    expect(() => engine.sessionHeader('nope')).toThrow(/no session with this id/)
  })

  it('gives a line without time the time of the line before, marked', async () => {
    const untimed = logLine({ session_id: 's', model: 'm', question: 'when?' }, { start_time: undefined })
    const engine = await engineOver([round('s', 'm', '2026-02-01T10:00:00Z'), untimed])
    const { rounds } = engine.sessionRounds({ sessionId: 's', from: 1, limit: 10 })
    expect(rounds.map((r) => [r.time, r.timeInferred])).toEqual([
      [Date.UTC(2026, 1, 1, 10), false],
      [Date.UTC(2026, 1, 1, 10), true],
    ])
  })
})

describe('a count that is no count', () => {
  it('is left out of the sums and its line is marked', async () => {
    const engine = await engineOver([
      round('s', 'gpt-4o', '2026-02-01T10:00:00Z', { input_token: -5, output_token: '1e99' }),
      round('s', 'gpt-4o', '2026-02-01T10:01:00Z', { input_token: 5, output_token: 1 }),
    ])
    expect(engine.overview({ recentLimit: 0 }).totals).toMatchObject({
      rounds: 2,
      inputTokens: 5,
      outputTokens: 1,
      unpricedRounds: 1,
      roundsWithoutUsage: 1,
    })
    expect(engine.sourcesStatus().marks).toMatchObject({ badNumber: 1, withoutUsage: 1 })
  })
})
