import { appendFileSync, existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { logLine } from '../fixtures/log-line'
import { json, runCli, storeOf } from './run-cli'

const session = 'agent:main:discord:channel:1465367993012981988'

/** A round as the gateway logs it; the original's demo asks about the weather. */
const round = (n: number, more: object): string =>
  logLine(
    { session_id: session, model: 'gpt-4o', response_type: 'normal', ...more },
    { start_time: `2026-02-01T09:3${n}:15.000Z`, request_id: `demo-${n}` },
  )

const FIRST = round(0, {
  input_token: 250,
  output_token: 160,
  cached_tokens: 100,
  input_token_details: '{"cached_tokens":100}',
  messages: [{ role: 'user', content: '查询北京天气' }],
  question: '查询北京天气',
  answer: '正在为您查询北京天气…',
  reasoning: '用户想知道北京的天气。',
  tool_calls: [
    {
      index: 0,
      id: 'call_abc123',
      type: 'function',
      function: { name: 'get_weather', arguments: '{"location":"Beijing"}' },
    },
  ],
})
const SECOND = round(1, {
  input_token: 320,
  output_token: 180,
  reasoning_tokens: 25,
  messages: [{ role: 'tool', tool_call_id: 'call_abc123', content: '{"temperature":15}' }],
  answer: '北京今天晴朗，15°C。',
})
const THIRD = round(2, { input_token: 400, output_token: 20, question: '谢谢', answer: '不客气！' })

it('the original’s walk: read, rotate, read on, look at a session, sum up, report, link', async () => {
  const { folder, store, log } = await storeOf([FIRST])
  const output = join(folder, 'sessions')
  const monitor = () =>
    json<{ rounds: number; ledger: { lines: number; counted: number } }>(
      ...['monitor', '--log-path', log, '--data-dir', store, '--output-dir', output, '--once', '--json'],
    )
  expect(await monitor()).toMatchObject({ rounds: 1, ledger: { lines: 1, counted: 1 } })

  // Written on, rotated, and written anew: nothing twice, nothing missed.
  appendFileSync(log, `${SECOND}\n`)
  renameSync(log, `${log}.1`)
  writeFileSync(log, `${THIRD}\n`)
  expect(await monitor()).toMatchObject({
    rounds: 3,
    input_tokens: 970,
    output_tokens: 360,
    cached_tokens: 100,
    ledger: { lines: 3, counted: 3 },
  })
  expect(await monitor()).toMatchObject({ rounds: 3, ledger: { lines: 3 } })

  const list = await json<{ session_id: string; rounds: number }[]>(
    'list',
    '--sort-by',
    'cost',
    '--limit',
    '10',
    '--data-dir',
    store,
    '--json',
  )
  expect(list).toMatchObject([{ session_id: session, rounds: 3, model: 'gpt-4o' }])

  const shown = await json<object>('show', session, '--data-dir', store, '--json')
  expect(shown).toMatchObject({
    messages_count: 3,
    total_input_tokens: 970,
    total_output_tokens: 360,
    total_reasoning_tokens: 25,
    total_cached_tokens: 100,
    rounds: [
      { round: 1, has_tool_calls: true, question: '查询北京天气', input_token_details: { cached_tokens: 100 } },
      { round: 2, has_tool_calls: false, messages: [{ role: 'tool' }] },
      { round: 3, answer: '不客气！' },
    ],
  })
  const text = (await runCli(['show', session, '--data-dir', store])).stdout
  expect(text).toContain('get_weather')
  expect((await runCli(['show', session, '--no-messages', '--data-dir', store])).stdout).not.toContain('temperature')
  const file = join(output, readdirSync(output)[0] ?? '')
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(shown)

  // 150 and 720 fresh input tokens, 100 cached, 360 out, at GPT-4o's published prices.
  const cost = (870 * 2.5 + 100 * 1.25 + 360 * 10) / 1e6
  expect(await json('stats-model', '--data-dir', store, '--json')).toMatchObject({
    'gpt-4o': {
      session_count: 1,
      total_input: 970,
      total_output: 360,
      total_reasoning: 25,
      total_cost: expect.closeTo(cost, 9) as number,
    },
  })
  expect(await json('stats-date', '--days', '7', '--data-dir', store, '--json')).toMatchObject({
    '2026-02-01': { session_count: 1, models: ['gpt-4o'] },
  })
  await runCli(['export', join(folder, 'finops-report.json'), '--data-dir', store])
  await runCli(['export', join(folder, 'finops-report'), '--format', 'csv', '--data-dir', store])
  expect(JSON.parse(readFileSync(join(folder, 'finops-report.json'), 'utf8'))).toMatchObject({
    summary: { total_sessions: 1, total_input_tokens: 970, total_output_tokens: 360 },
  })
  for (const part of ['model', 'date']) expect(existsSync(join(folder, `finops-report.${part}.csv`))).toBe(true)

  expect(await json('url', session, '--json')).toMatchObject({
    session_detail: `http://localhost:8888/session?id=${encodeURIComponent(session)}`,
    api_session: `http://localhost:8888/api/session?id=${encodeURIComponent(session)}`,
    index: 'http://localhost:8888/',
    api_sessions: 'http://localhost:8888/api/sessions',
    api_stats: 'http://localhost:8888/api/stats',
  })
})
