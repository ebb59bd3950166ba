import { mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { RoundsExport } from '../../../../src-main/contract/index'
import { planExport } from '../../../../src-main/engine/export/plan'
import { engineOver, exportTo, temporaryFolder } from '../../../fixtures/open-engine'
import { logLine } from '../../../fixtures/log-line'

const system = { role: 'system', content: 'Be brief.' }
const ask = { role: 'user', content: '天气如何？' }
const call = { id: 'c1', type: 'function', function: { name: 'get_weather', arguments: '{"city":"北京"}' } }

const LINES = [
  logLine(
    {
      session_id: 'agent:1/../x',
      model: 'gpt-4o',
      input_token: 100,
      output_token: 20,
      messages: [system, ask],
      question: '天气如何？',
      tool_calls: [call],
      input_token_details: '{"cached_tokens":60}',
    },
    { start_time: '2026-02-01T10:00:00Z', request_id: 'r1' },
  ),
  logLine(
    {
      session_id: 'agent:1/../x',
      model: 'gpt-4o',
      input_token: 150,
      output_token: 30,
      messages: [
        system,
        ask,
        { role: 'assistant', content: null, tool_calls: [call] },
        { role: 'tool', tool_call_id: 'c1', content: '晴' },
      ],
      answer: '晴天',
    },
    { start_time: '2026-02-01T10:00:05Z', request_id: 'r2' },
  ),
]

async function exported(write: (path: string) => Promise<unknown>): Promise<unknown> {
  const path = join(temporaryFolder(), 'out.json')
  await write(path)
  return JSON.parse(readFileSync(path, 'utf8'))
}

describe('an exported session', () => {
  it('has the original field names, and every round its whole history', async () => {
    const engine = await engineOver(LINES)
    const file = await exported((path) =>
      exportTo(engine, { what: 'session', format: 'json', sessionId: 'agent:1/../x' }, path),
    )
    expect(file).toMatchObject({
      session_id: 'agent:1/../x',
      created_at: '2026-02-01T10:00:00.000Z',
      updated_at: '2026-02-01T10:00:05.000Z',
      messages_count: 2,
      total_input_tokens: 250,
      total_output_tokens: 50,
      total_reasoning_tokens: 0,
      total_cached_tokens: 60,
      model: 'gpt-4o',
      rounds: [
        {
          round: 1,
          timestamp: '2026-02-01T10:00:00.000Z',
          input_tokens: 100,
          output_tokens: 20,
          reasoning_tokens: null,
          cached_tokens: 60,
          model: 'gpt-4o',
          has_tool_calls: true,
          response_type: null,
          messages: [system, ask],
          question: '天气如何？',
          answer: '',
          reasoning: '',
          tool_calls: [call],
          input_token_details: { cached_tokens: 60 },
          output_token_details: null,
          request_id: 'r1',
          // 40 × 2.5 + 60 × 1.25 + 20 × 10 = 375 per million
          cost_usd: 0.000375,
        },
        {
          round: 2,
          has_tool_calls: false,
          messages: [
            system,
            ask,
            { role: 'assistant', content: null, tool_calls: [call] },
            { role: 'tool', tool_call_id: 'c1', content: '晴' },
          ],
          answer: '晴天',
          request_id: 'r2',
        },
      ],
    })
  })
})

describe('the FinOps report', () => {
  it('has the original field names and the sums of the log', async () => {
    const engine = await engineOver([
      ...LINES,
      logLine({ session_id: 'b', model: '__proto__', input_token: 1, output_token: 1 }),
    ])
    const report = (await exported((path) => exportTo(engine, { what: 'report', format: 'json' }, path))) as Record<
      string,
      unknown
    >
    expect(Object.keys(report)).toEqual(['generated_at', 'summary', 'by_model', 'by_date'])
    expect(report['summary']).toMatchObject({
      total_sessions: 2,
      total_input_tokens: 251,
      total_output_tokens: 51,
      total_cost_usd: 0.00105,
      unpriced_rounds: 1,
    })
    expect(Object.entries(report['by_model'] as object)).toEqual([
      [
        'gpt-4o',
        expect.objectContaining({
          session_count: 1,
          total_input: 250,
          total_output: 50,
          total_reasoning: 0,
          total_cost: 0.00105,
        }),
      ],
      ['__proto__', expect.objectContaining({ session_count: 1, total_cost: null })],
    ])
    expect(report['by_date']).toMatchObject({
      '2026-02-01': { session_count: 2, total_input: 251, total_output: 51, models: ['__proto__', 'gpt-4o'] },
    })
  })

  it('that cannot be written is told, and leaves nothing behind', async () => {
    const engine = await engineOver(LINES)
    const folder = temporaryFolder()
    const writing = exportTo(engine, { what: 'report', format: 'json' }, join(folder, 'missing', 'report.json'))
    // What is said of a source that is gone would be wrong here: nothing comes back by itself.
    await expect(writing).rejects.toMatchObject({
      code: 'not-found',
      hint: 'Create it again, or choose another place.',
    })
    expect(readdirSync(folder)).toEqual([])
  })
})

describe('all rounds as lines', () => {
  const lines = [
    ...LINES,
    logLine(
      { session_id: 'b', model: 'other', input_token: 1, output_token: 1, question: 'Ping?' },
      { start_time: '2026-02-03T10:00:00Z', request_id: 'r3' },
    ),
  ]
  const written = async (request: Omit<RoundsExport, 'what' | 'format'>) => {
    const engine = await engineOver(lines)
    const path = join(temporaryFolder(), 'rounds.ndjson')
    const step = await exportTo(engine, { what: 'rounds', format: 'ndjson', ...request }, path)
    expect(step).toMatchObject({ ended: true, files: [path] })
    return readFileSync(path, 'utf8')
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Record<string, unknown>)
  }

  it('hold each round once, with its number in its session, and no history', async () => {
    const rounds = await written({})
    expect(rounds.map((round) => [round['session_id'], round['round'], round['request_id']])).toEqual([
      ['agent:1/../x', 1, 'r1'],
      ['agent:1/../x', 2, 'r2'],
      ['b', 1, 'r3'],
    ])
    expect(rounds.every((round) => !('messages' in round))).toBe(true)
  })

  it.each<[Omit<RoundsExport, 'what' | 'format'>, string[]]>([
    [{ filter: { models: ['other'] } }, ['r3']],
    [{ filter: { from: Date.parse('2026-02-01T10:00:05Z'), to: Date.parse('2026-02-03T10:00:00Z') } }, ['r2']],
    [{ text: 'ping' }, ['r3']],
    [{ text: 'nowhere' }, []],
    [{ filter: { models: ['other'] }, text: 'agent:1' }, []],
  ])('are those of %j', async (request, expected) => {
    expect((await written(request)).map((round) => round['request_id'])).toEqual(expected)
  })

  it('that are cancelled, and those of an engine that is closed, leave nothing behind', async () => {
    const engine = await engineOver(lines)
    const folder = temporaryFolder()
    const start = (): number => engine.exportStart({ what: 'rounds', format: 'ndjson' }, join(folder, 'rounds.ndjson'))
    engine.exportCancel(start())
    start()
    await engine.close()
    expect(readdirSync(folder)).toEqual([])
  })
})

// On a machine that stood still at each step, it never came to an end.
it('an export comes to its end however late each step of it is', async () => {
  const engine = await engineOver(LINES)
  let now = performance.now()
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => (now += 1000))
  onTestFinished(() => clock.mockRestore())
  const path = join(temporaryFolder(), 'rounds.ndjson')
  const id = engine.exportStart({ what: 'rounds', format: 'ndjson' }, path)
  let ended = false
  for (let step = 0; step < 100 && !ended; step += 1) ended = (await engine.exportNext(id)).ended
  expect(ended).toBe(true)
  expect(readFileSync(path, 'utf8').trim().split('\n')).toHaveLength(LINES.length)
})

it.each(['json', 'csv', 'ndjson', 'markdown'] as const)(
  'a session as %s holds each round once, whatever is read meanwhile',
  async (format) => {
    const line = (minute: number) => {
      const time = `2026-02-01T10:${String(minute)}:00`
      return logLine({ session_id: 's', model: 'm', question: 'q' }, { start_time: `${time}Z`, request_id: `r${time}` })
    }
    const engine = await engineOver([line(20), line(21), line(22), line(23)])
    const { index, prices } = engine.store
    const sources = { index, prices, conversations: engine.conversations }
    const [output] = planExport(sources, { what: 'session', format, sessionId: 's' }, new Date()).files
    let text = ''
    for (const piece of output?.pieces ?? []) {
      text += piece
      if (text.includes('10:21:00') && !text.includes('10:22:00')) {
        const rotated = join(temporaryFolder(), 'access.log')
        writeFileSync(rotated, `${line(10)}\n`)
        await engine.readOnce([rotated])
        expect(engine.sessionHeader('s').rounds).toBe(5)
      }
    }
    for (const minute of [22, 23]) expect(text).toContain(`10:${String(minute)}:00`)
    const lines = text.trim().split(/\r?\n/)
    if (format === 'ndjson') expect(lines).toHaveLength(4)
    if (format === 'csv') expect(lines).toHaveLength(5)
  },
)

it('of a report as CSV both files are written, or none', async () => {
  const engine = await engineOver(LINES)
  const folder = temporaryFolder()
  mkdirSync(join(folder, 'r.date.csv'))
  const write = () => exportTo(engine, { what: 'report', format: 'csv' }, join(folder, 'r.csv'))
  await expect(write()).rejects.toThrow()
  expect(readdirSync(folder)).toEqual(['r.date.csv'])
  writeFileSync(join(folder, 'r.model.csv'), 'of yesterday')
  await expect(write()).rejects.toThrow()
  expect(readdirSync(folder)).toEqual(['r.date.csv', 'r.model.csv'])
  expect(readFileSync(join(folder, 'r.model.csv'), 'utf8')).toBe('of yesterday')
  rmdirSync(join(folder, 'r.date.csv'))
  expect((await write()).files).toHaveLength(2)
  expect((await write()).files).toHaveLength(2)
  expect(readdirSync(folder)).toEqual(['r.date.csv', 'r.model.csv'])
  expect(readFileSync(join(folder, 'r.model.csv'), 'utf8')).toContain('gpt-4o')
})

it('a report as CSV is two files beside each other', async () => {
  const engine = await engineOver(LINES)
  const folder = temporaryFolder()
  const { files } = await exportTo(engine, { what: 'report', format: 'csv' }, join(folder, 'report.csv'))
  expect(files).toEqual([join(folder, 'report.model.csv'), join(folder, 'report.date.csv')])
  expect(readdirSync(folder).sort()).toEqual(['report.date.csv', 'report.model.csv'])
  expect(readFileSync(files[1] ?? '', 'utf8')).toMatch(/^Date,.*\r\n2026-02-01,1,250,50,0\.00105,gpt-4o,2/)
})
