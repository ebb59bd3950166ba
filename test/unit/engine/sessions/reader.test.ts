import { describe, expect, it } from 'vitest'
import type { FindMatch, OutlineRound, SessionFindPage, SessionOutlinePage } from '../../../../src-main/contract/index'
import type { Engine } from '../../../../src-main/engine/engine'
import { logLine } from '../../../fixtures/log-line'
import { engineOver } from '../../../fixtures/open-engine'

const SESSION = 'agent:reader'
const user = (content: string) => ({ role: 'user', content })
const call = { id: 'c1', type: 'function', function: { name: 'search', arguments: '{"query":"Kraken"}' } }
const history = [
  [{ role: 'system', content: 'Be brief.' }, user('Look for the kraken')],
  [
    { role: 'system', content: 'Be brief.' },
    user('Look for the kraken'),
    { role: 'assistant', content: null, tool_calls: [call] },
    { role: 'tool', tool_call_id: 'c1', content: 'No KRAKEN here' },
  ],
  // Compacted: what came before is told in one message.
  [{ role: 'system', content: 'Be brief.' }, user('Summary: nothing found'), user('Thanks')],
]

const line = (round: number, ai: Record<string, unknown>, outer: Record<string, unknown> = {}) =>
  logLine(
    { session_id: SESSION, model: 'gpt-4o', messages: history[round - 1], input_token: round * 100, ...ai },
    { start_time: `2026-02-01T10:00:0${String(round)}Z`, ...outer },
  )

const LINES = [
  line(1, { output_token: 10, tool_calls: [call], question: 'Look for the kraken' }),
  line(2, { output_token: 20, cached_tokens: 60, answer: 'There is none.' }),
  line(3, { response_type: 'error' }, { response_code: '500' }),
]

/** Asked on to the end: one question is answered for a slice of time, on a busy machine a round at a time. */
function found(engine: Engine, text: string) {
  const matches: FindMatch[] = []
  for (let from: number | null = 1; from !== null;) {
    const page: SessionFindPage = engine.findInSession({ sessionId: SESSION, text, from })
    matches.push(...page.matches)
    from = page.next
  }
  return matches
}

/** As found. */
function outlined(engine: Engine, start: number) {
  const rounds: OutlineRound[] = []
  for (let from: number | null = start; from !== null;) {
    const page: SessionOutlinePage = engine.sessionOutline({ sessionId: SESSION, from })
    rounds.push(...page.rounds)
    from = page.next
  }
  return rounds
}

describe('the conversation reader', () => {
  it('gives the last messages a request sent, and says how many there are', async () => {
    const engine = await engineOver(LINES)
    const whole = engine.requestContext({ sessionId: SESSION, round: 2, last: 100 })
    expect(whole).toMatchObject({ total: 4, lostMessages: 0 })
    expect(whole.messages.map((message) => message.role)).toEqual(['system', 'user', 'assistant', 'tool'])
    const last = engine.requestContext({ sessionId: SESSION, round: 2, last: 3 })
    expect(last.total).toBe(4)
    expect(last.messages.map((message) => message.role)).toEqual(['user', 'assistant', 'tool'])
  })

  it('gives back the line of the log, byte for byte, and where it stood', async () => {
    const engine = await engineOver(LINES)
    let offset = 0
    for (const [index, text] of LINES.entries()) {
      const raw = engine.rawLine({ sessionId: SESSION, round: index + 1 })
      expect(raw.text).toBe(text)
      expect(raw.origin).toMatchObject({ offset, length: Buffer.byteLength(text) })
      expect(raw.origin.path).toMatch(/access\.log$/)
      offset += Buffer.byteLength(text) + 1
    }
  })

  it('tells a request that goes on from one that rewrites what was sent', async () => {
    const engine = await engineOver(LINES)
    expect(engine.requestDiff({ sessionId: SESSION, round: 1 })).toBeNull()
    const goesOn = engine.requestDiff({ sessionId: SESSION, round: 2 })
    expect(goesOn).toMatchObject({ against: 1, same: 2, removed: [], removedMore: 0 })
    expect(goesOn?.added).toHaveLength(2)
    const compacted = engine.requestDiff({ sessionId: SESSION, round: 3 })
    expect(compacted).toMatchObject({ against: 2, same: 1 })
    expect(compacted?.removed.map((message) => message.role)).toEqual(['user', 'assistant', 'tool'])
    expect(compacted?.added.map((message) => message.role)).toEqual(['user', 'user'])
  })

  it('compares a request with the last whose messages can be read, where the gateway cut those of the one before', async () => {
    const cut = { messages: '[{"role":"system","content":"Be br [truncated] here"}]' }
    const engine = await engineOver([
      line(1, {}),
      line(2, {}),
      line(3, cut),
      line(4, cut),
      line(5, { messages: history[2] }),
      line(6, cut),
      line(7, { messages: [...(history[2] ?? []), user('Bye')] }),
    ])
    const compacted = engine.requestDiff({ sessionId: SESSION, round: 5 })
    expect(compacted).toMatchObject({ against: 2, same: 1 })
    expect(compacted?.removed).toHaveLength(3)
    expect(compacted?.added).toHaveLength(2)
    const rewritten = (start: number) => {
      const found: number[] = []
      // Asked on to the end: one question is answered for a slice of time.
      for (let from: number | null = start; from !== null;) {
        const page: SessionOutlinePage = engine.sessionOutline({ sessionId: SESSION, from })
        found.push(...page.rounds.flatMap((one) => (one.rewritten ? [one.round] : [])))
        from = page.next
      }
      return found
    }
    expect(rewritten(1)).toEqual([5])
    expect(rewritten(5)).toEqual([5])
    expect(rewritten(6)).toEqual([])
    // What can't be read is no branch either: nothing says that it left the history.
    expect(engine.sessionInsights(SESSION).branches).toMatchObject([{ firstRound: 1, lastRound: 7, rounds: 7 }])
  })

  it('tells which parameters a request was sent with otherwise than the one before', async () => {
    const tools = [{ name: 'search' }]
    const engine = await engineOver([
      line(1, { temperature: 0.2, top_p: 1, chat_id: 'a', tools }),
      line(2, { temperature: 0.7, top_p: 1, chat_id: 'b', tools: [...tools, { name: 'read' }] }),
      line(3, { temperature: 0.7, model: 'o3', chat_id: 'c' }),
    ])
    const parameters = (round: number) => engine.requestDiff({ sessionId: SESSION, round })?.parameters
    expect(parameters(2)).toEqual([
      { name: 'temperature', before: '0.2', after: '0.7' },
      { name: 'tools', before: '[{"name":"search"}]', after: '[{"name":"search"},{"name":"read"}]' },
    ])
    expect(parameters(3), 'taken away is null').toEqual([
      { name: 'model', before: 'gpt-4o', after: 'o3' },
      { name: 'tools', before: '[{"name":"search"},{"name":"read"}]', after: null },
      { name: 'top_p', before: '1', after: null },
    ])
  })

  it('outlines calls, results, failures and rewritten histories', async () => {
    const engine = await engineOver(LINES)
    expect(outlined(engine, 1)).toEqual([
      { round: 1, calls: [{ id: 'c1', name: 'search' }], results: [], failed: false, rewritten: false },
      { round: 2, calls: [], results: [{ callId: 'c1', isError: false }], failed: false, rewritten: false },
      { round: 3, calls: [], results: [], failed: true, rewritten: true },
    ])
    // Also when it is asked from the middle on.
    expect(outlined(engine, 3)).toMatchObject([{ round: 3, rewritten: true }])
  })

  it('finds a text where it is new, whatever its case, and counts it once where the gateway repeats it', async () => {
    const engine = await engineOver(LINES)
    const matches = found(engine, 'kraken')
    // Round 1: the message and the call's arguments. Round 2: the call told again, and its result.
    expect(matches.map(({ round, count }) => ({ round, count }))).toEqual([
      { round: 1, count: 2 },
      { round: 2, count: 2 },
    ])
    for (const { excerpt, at } of matches) expect(excerpt.slice(at, at + 6).toLowerCase()).toBe('kraken')
    expect(found(engine, 'be brief').map(({ round }) => round)).toEqual([1])
    expect(found(engine, 'leviathan')).toEqual([])
  })

  it('finds letters whose case changes their length, and arguments as they are shown', async () => {
    const say = {
      id: 'c',
      type: 'function',
      function: { name: 'say', arguments: '{"text":"\\u4f60\\u597d \\"you\\""}' },
    }
    const engine = await engineOver([line(1, { answer: 'İzmir, İSTANBUL and Kraken', tool_calls: [say] })])
    for (const text of ['istanbul', 'İstanbul', 'AND KRAKEN']) {
      const [match] = found(engine, text)
      expect(match?.excerpt.slice(match.at, match.at + text.length)).toBe(
        text === 'AND KRAKEN' ? 'and Kraken' : 'İSTANBUL',
      )
    }
    expect(found(engine, '你好 "you"')).toMatchObject([{ round: 1, count: 1 }])
  })

  it('has a figure for every round, and no zero for what was not logged', async () => {
    const engine = await engineOver(LINES)
    const series = engine.sessionSeries(SESSION)
    expect(series).toMatchObject({
      inputTokens: [100, 200, 300],
      promptTokens: [100, 200, 300],
      cachedTokens: [null, 60, null],
      outputTokens: [10, 20, null],
    })
    // gpt-4o: 100 in × 2.5 + 10 out × 10 USD per million.
    expect(series.costUsd[0]).toBeCloseTo(0.00035, 9)
    expect(series.times).toHaveLength(3)
  })

  it('gives one round as the session file has it', async () => {
    const engine = await engineOver(LINES)
    const round: unknown = JSON.parse(engine.roundJson({ sessionId: SESSION, round: 2 }))
    expect(round).toMatchObject({ round: 2, input_tokens: 200, messages: history[1], answer: 'There is none.' })
  })

  it('says that there is no such round', async () => {
    const engine = await engineOver(LINES)
    expect(() => engine.rawLine({ sessionId: SESSION, round: 4 })).toThrow('no round 4')
    expect(() => engine.requestDiff({ sessionId: 'other', round: 1 })).toThrow()
  })
})
