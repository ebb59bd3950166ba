import { describe, expect, it } from 'vitest'
import { logLine } from '../../../fixtures/log-line'
import { engineOver } from '../../../fixtures/open-engine'

const line = (session: string, second: number, ai: Record<string, unknown> = {}, outer: Record<string, unknown> = {}) =>
  logLine(
    { session_id: session, model: 'gpt-4o', input_token: 1000, output_token: 100, question: `Ask ${session}`, ...ai },
    { start_time: new Date(Date.UTC(2026, 1, 1, 10, 0, second)).toISOString(), ...outer },
  )

describe('the latest requests', () => {
  it('are those read last, the latest first, as they ended and with what they cost', async () => {
    const engine = await engineOver([
      line('a', 1),
      line('b', 2, { model: 'house-model' }),
      line(
        'a',
        3,
        { response_type: 'error', input_token: undefined, output_token: undefined },
        { response_code: '500' },
      ),
    ])
    const latest = engine.latestRequests(2)
    expect(latest).toMatchObject([
      { sessionId: 'a', title: 'Ask a', status: 'error', inputTokens: null, costUsd: 0 },
      { sessionId: 'b', model: 'house-model', status: 'ok', inputTokens: 1000, costUsd: null },
    ])
    // gpt-4o: 1000 in × 2.5 + 100 out × 10 USD per million.
    expect(engine.latestRequests(100).at(-1)?.costUsd).toBeCloseTo(0.0035, 9)
  })
})

describe('a sparkline', () => {
  it('has a point a round, or few points that sum to all of them', async () => {
    const short = Array.from({ length: 3 }, (_, second) => line('short', second))
    const long = Array.from({ length: 55 }, (_, second) => line('long', second))
    const engine = await engineOver([...short, ...long])
    const [three, many, none] = engine.sparks(['short', 'long', 'nobody'])
    expect(three).toHaveLength(3)
    expect(many).toHaveLength(24)
    expect(many?.reduce((sum, cost) => sum + cost, 0)).toBeCloseTo(55 * 0.0035, 9)
    expect(none).toEqual([])
  })
})
