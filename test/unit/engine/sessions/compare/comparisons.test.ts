import { appendFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { Alignment } from '../../../../../src-main/contract/index'
import { Engine } from '../../../../../src-main/engine/engine'
import { logLine } from '../../../../fixtures/log-line'
import { engineOver, temporaryFolder } from '../../../../fixtures/open-engine'

interface Said {
  readonly ask: string
  readonly answer: string
  readonly ai?: Record<string, unknown>
  readonly outer?: Record<string, unknown>
}

const START = Date.UTC(2026, 1, 1)
let lines = 0

/** The log of an agent that sends its whole history with every request. */
function talk(session: string, said: readonly Said[], before: readonly Record<string, unknown>[] = []): string[] {
  const history: Record<string, unknown>[] = [{ role: 'system', content: 'Be brief.' }, ...before]
  return said.map(({ ask, answer, ai, outer }, index) => {
    history.push({ role: 'user', content: ask })
    lines += 1
    const line = logLine(
      {
        session_id: session,
        model: 'gpt-4o',
        messages: history,
        question: ask,
        answer,
        input_token: 100,
        output_token: 10,
        ...ai,
      },
      { start_time: new Date(START + index * 1000).toISOString(), request_id: `r${String(lines)}`, ...outer },
    )
    history.push({ role: 'assistant', content: answer })
    return line
  })
}

const says = (...answers: string[]): Said[] =>
  answers.map((answer, index) => ({ ask: `Step ${String(index + 1)}`, answer }))

/** Asks until both are read. */
function aligned(engine: Engine, a: string, b: string): Alignment {
  for (;;) {
    const { alignment, read, total } = engine.compareSessions({ a, b })
    expect(read).toBeLessThanOrEqual(total)
    if (alignment !== null) return alignment
  }
}

const differs = (engine: Engine, a: string, b: string) =>
  engine.comparedRows({ a, b, from: 1, limit: 200 }).rows.map((row) => [row.kind, ...row.differs])

describe('two sessions beside each other', () => {
  it('part where the answer is another one, and say so', async () => {
    const engine = await engineOver([
      ...talk('a', says('one', 'two', 'three', 'four')),
      ...talk('b', says('one', 'two', 'THREE', 'FOUR', 'five')),
    ])
    expect(aligned(engine, 'a', 'b')).toEqual({
      rows: 5,
      runs: [
        { kind: 'same', rows: 2, a: 1, b: 1 },
        { kind: 'changed', rows: 2, a: 3, b: 3 },
        { kind: 'only-b', rows: 1, a: null, b: 5 },
      ],
      part: { row: 3, how: 'answer' },
      begins: null,
    })
    expect(differs(engine, 'a', 'b')).toEqual([
      ['same'],
      ['same'],
      ['changed', 'answer'],
      // The answer before came back as a message.
      ['changed', 'messages', 'answer'],
      ['only-b'],
    ])
    const { rows } = engine.comparedRows({ a: 'a', b: 'b', from: 3, limit: 1 })
    expect(rows).toMatchObject([{ row: 3, a: { round: 3, asked: 'Step 3', answered: 'three', inputTokens: 100 } }])
  })

  it('tell two rounds apart in full: messages, answer, parameters', async () => {
    const engine = await engineOver([
      ...talk('a', [
        { ask: 'Sum up', answer: 'short', ai: { temperature: 0.2, tools: 'search' }, outer: { trace_id: 't1' } },
      ]),
      ...talk('b', [
        { ask: 'Sum up now', answer: 'long', ai: { temperature: 1, model: 'o3' }, outer: { trace_id: 't2' } },
      ]),
      ...talk('c', [{ ask: 'Sum up', answer: 'short', ai: { temperature: 0.2, tools: 'search' } }]),
    ])
    aligned(engine, 'a', 'b')
    const round = engine.comparedRound({ a: 'a', b: 'b', roundA: 1, roundB: 1 })
    expect(round.differs).toEqual(['messages', 'answer', 'model', 'parameters'])
    expect(round.messages).toMatchObject({ same: 1, removedMore: 0, addedMore: 0 })
    expect(round.messages.removed).toMatchObject([{ role: 'user', parts: [{ text: 'Sum up' }] }])
    expect(round.messages.added).toMatchObject([{ role: 'user', parts: [{ text: 'Sum up now' }] }])
    // How the request travelled is no parameter of it.
    expect(round.parameters).toEqual([
      { name: 'temperature', a: '0.2', b: '1' },
      { name: 'tools', a: 'search', b: null },
    ])
    expect(round.b?.answer?.text).toBe('long')
    const alike = engine.comparedRound({ a: 'a', b: 'c', roundA: 1, roundB: 1 })
    expect(alike).toMatchObject({ differs: [], sharedMessages: 2, parameters: [] })
    expect(alike.lastMessage).toMatchObject({ role: 'user', parts: [{ text: 'Sum up' }] })
    const alone = engine.comparedRound({ a: 'a', b: 'b', roundA: null, roundB: 1 })
    expect(alone).toMatchObject({ a: null, b: { round: 1 }, differs: [], parameters: [] })
    expect(alone.messages.added.map(({ role }) => role)).toEqual(['system', 'user'])
    expect(() => engine.comparedRound({ a: 'a', b: 'b', roundA: 2, roundB: 1 })).toThrow('no round 2')
    expect(() => engine.compareSessions({ a: 'a', b: 'nope' })).toThrow()
  })

  it('do not part at what providers make up, nor at how a request was written', async () => {
    const history = (id: string) => [
      { role: 'user', content: 'Look' },
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id, type: 'function', function: { name: 'ls', arguments: '{"d":"."}' } }],
      },
      { role: 'tool', tool_call_id: id, content: 'a.txt' },
    ]
    const line = (session: string, id: string, second: number) =>
      logLine(
        { session_id: session, model: 'gpt-4o', messages: history(id), answer: 'One file.' },
        { start_time: new Date(START + second * 1000).toISOString(), request_id: id },
      )
    const engine = await engineOver([line('a', 'call_1', 1), line('b', 'call_2', 2)])
    expect(aligned(engine, 'a', 'b')).toMatchObject({ part: null, rows: 1 })
  })

  it('find where a session goes on with another one, and what the gateway cut', async () => {
    const first = talk('a', says('one', 'two', 'three'))
    const history = says('one', 'two').flatMap(({ ask, answer }) => [
      { role: 'user', content: ask },
      { role: 'assistant', content: answer },
    ])
    const engine = await engineOver([
      ...first,
      ...talk(
        'b',
        [
          { ask: 'Step 3', answer: 'three' },
          { ask: 'Step 4', answer: 'four' },
        ],
        history,
      ),
      ...talk('cut-a', [
        { ask: 'x', answer: 'y', ai: { messages: '[{"role":"user","content":"ab [truncated] ef"}]' } },
      ]),
      ...talk('cut-b', [
        { ask: 'x', answer: 'y', ai: { messages: '[{"role":"user","content":"ab [truncated] gh"}]' } },
      ]),
    ])
    expect(aligned(engine, 'a', 'b')).toMatchObject({
      begins: { side: 'b', after: 2 },
      part: { row: 4, how: 'ends' },
    })
    expect(aligned(engine, 'cut-a', 'cut-a').part).toBeNull()
    expect(aligned(engine, 'cut-a', 'cut-b').part).toEqual({ row: 1, how: 'messages' })
  })

  it('count what was logged, and time what succeeded', async () => {
    const timed = (ms: number, code = '200'): Partial<Said> => ({
      outer: { duration: String(ms), response_code: code },
    })
    const engine = await engineOver([
      ...talk('a', [
        { ask: 'x', answer: 'y', ...timed(100) },
        { ask: 'x', answer: 'y', ...timed(300), ai: { model: 'o3', cached_tokens: 40 } },
        { ask: 'x', answer: 'y', ...timed(200) },
        { ask: 'x', answer: '', ...timed(9000, '500') },
      ]),
    ])
    expect(engine.compareSessions({ a: 'a', b: 'a' }).a).toMatchObject({
      rounds: 4,
      models: [
        { model: 'gpt-4o', rounds: 3 },
        { model: 'o3', rounds: 1 },
      ],
      logged: { input: 4, output: 4, cached: 1, reasoning: 0 },
      duration: { median: 200, p95: 300, rounds: 3 },
      firstToken: null,
    })
  })

  it('are read in slices, and take in what comes meanwhile', async () => {
    const folder = temporaryFolder()
    const log = join(folder, 'access.log')
    const answers = Array.from({ length: 1500 }, (_, index) => `answer ${String(index)}`)
    // Histories of their own: what is compared is all read.
    const long = (session: string) => answers.map((answer) => talk(session, [{ ask: answer, answer }])[0] ?? '')
    writeFileSync(log, `${[...long('a'), ...long('b')].join('\n')}\n`)
    const engine = await Engine.open({ dataFolder: join(folder, 'store'), timeZone: 'UTC' })
    onTestFinished(() => engine.close())
    await engine.readOnce([log])
    // A machine so slow that each slice is over when it begins; how much a fast one reads in a slice is not known.
    let now = performance.now()
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => (now += 1000))
    onTestFinished(() => clock.mockRestore())
    expect(engine.compareSessions({ a: 'a', b: 'b' })).toMatchObject({ total: 3000, alignment: null })
    expect(engine.comparedRows({ a: 'a', b: 'b', from: 1, limit: 5 }).rows).toEqual([])
    expect(aligned(engine, 'a', 'b')).toMatchObject({ rows: 1500, part: null })
    expect(engine.comparedRows({ a: 'a', b: 'b', from: 1499, limit: 200 }).rows).toHaveLength(2)
    appendFileSync(
      log,
      `${logLine({ session_id: 'b', messages: [], answer: 'more' }, { start_time: '2026-03-01T00:00:00Z' })}\n`,
    )
    await engine.readOnce([log])
    expect(aligned(engine, 'a', 'b')).toMatchObject({ rows: 1501, part: { row: 1501, how: 'ends' } })
  })

  it('never part from themselves, and part where they were made to', async () => {
    const answers = fc.array(fc.constantFrom('yes', 'no', 'done'), { maxLength: 8 })
    await fc.assert(
      fc.asyncProperty(answers, answers, answers, async (before, restA, restB) => {
        const engine = await engineOver([
          ...talk('a', says(...before, 'left', ...restA)),
          ...talk('b', says(...before, 'right', ...restB)),
        ])
        expect(aligned(engine, 'a', 'a').part).toBeNull()
        expect(aligned(engine, 'a', 'b').part).toEqual({ row: before.length + 1, how: 'answer' })
        await engine.close()
      }),
      { numRuns: 12 },
    )
  })
})
