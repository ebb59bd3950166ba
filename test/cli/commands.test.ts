import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { beforeAll, describe, expect, it } from 'vitest'
import { logLine } from '../fixtures/log-line'
import { eventually } from '../fixtures/patience'
import { environment, json, program, runCli, startCli, storeOf } from './run-cli'

/** What the log holds, and so what every command must say. */
interface Asked {
  readonly session: string
  readonly model: string
  readonly consumer: string
  readonly input: number
  readonly output: number
  readonly day: number
  readonly question: string
}

const HOSTILE = '../../etc/pass\u001b[31m:wd<script>"&'
const asked: readonly Asked[] = Array.from({ length: 60 }, (_, n) => ({
  session: n % 10 === 9 ? HOSTILE : `agent:s${n % 5}`,
  model: n % 3 === 0 ? 'gpt-4o' : 'unheard-of',
  consumer: n % 2 === 0 ? 'alice' : 'bob',
  input: 100 + n,
  output: n,
  day: 1 + (n % 4),
  question: n === 9 ? '=HYPERLINK("http://evil")\n\u001b[2J```\n# heading' : `question number ${n}`,
}))
const LINES = [
  ...asked.map((one, n) =>
    logLine(
      {
        session_id: one.session,
        model: one.model,
        consumer: one.consumer,
        input_token: one.input,
        output_token: one.output,
        question: one.question,
        messages: [{ role: 'user', content: one.question }],
        answer: `answer ${n}`,
      },
      {
        start_time: `2026-02-0${one.day}T10:${String(n).padStart(2, '0')}:00.000Z`,
        request_id: `r${n}`,
        response_code: n % 20 === 0 ? '500' : '200',
      },
    ),
  ),
  'no json',
]

/** The oracle: plain sums over what was asked. */
function sums(of: readonly Asked[]) {
  const priced = of.filter(({ model }) => model === 'gpt-4o')
  return {
    session_count: new Set(of.map(({ session }) => session)).size,
    total_input: of.reduce((sum, { input }) => sum + input, 0),
    total_output: of.reduce((sum, { output }) => sum + output, 0),
    rounds: of.length,
    unpriced_rounds: of.length - priced.length,
    total_cost:
      priced.length === 0
        ? null
        : (expect.closeTo(
            priced.reduce((sum, one) => sum + (one.input * 2.5 + one.output * 10) / 1e6, 0),
            9,
          ) as number),
  }
}

const where = (test: (one: Asked) => boolean) => asked.filter(test)

describe('the commands', () => {
  let folder = ''
  let store = ''
  const on = (...args: string[]) => [...args, '--data-dir', store]

  beforeAll(async () => {
    ;({ folder, store } = await storeOf(LINES))
  })

  it('sum by model, day and consumer as the log does, under every filter', async () => {
    const [byModel, byDate, byConsumer, filtered] = await Promise.all([
      json<Record<string, object>>(...on('stats-model', '--json')),
      json<Record<string, object>>(...on('stats-date', '--days', '2', '--json')),
      json<Record<string, object>>(...on('stats-consumer', '--json')),
      json<Record<string, object>>(
        ...on('stats-model', '--json', '--consumer', 'bob', '--since', '2026-02-02', '--until', '2026-02-03'),
      ),
    ])
    for (const model of ['gpt-4o', 'unheard-of']) {
      expect(byModel[model]).toMatchObject(sums(where((one) => one.model === model)))
    }
    expect(Object.keys(byDate)).toEqual(['2026-02-03', '2026-02-04'])
    expect(byDate['2026-02-04']).toMatchObject(sums(where(({ day }) => day === 4)))
    for (const consumer of ['alice', 'bob']) {
      expect(byConsumer[consumer]).toMatchObject(sums(where((one) => one.consumer === consumer)))
    }
    const bobs = where(({ consumer, day }) => consumer === 'bob' && (day === 2 || day === 3))
    for (const [model, totals] of Object.entries(filtered)) {
      expect(totals).toMatchObject(sums(bobs.filter((one) => one.model === model)))
    }
    expect(Object.keys(filtered).sort()).toEqual([...new Set(bobs.map(({ model }) => model))].sort())
  })

  it('list what fits a filter, and only what is asked for', async () => {
    const failed = await json<{ session_id: string }[]>(...on('list', '--limit', '0', '--json', '--status', 'error'))
    expect(new Set(failed.map((row) => row.session_id))).toEqual(new Set(['agent:s0']))
    const bySource = await json<object[]>(...on('list', '--limit', '0', '--json', '--source', 'access.log'))
    expect(bySource).toHaveLength(6)
    expect((await runCli(on('list', '--source', 'elsewhere'))).code).toBe(1)
  })

  it('show a session whose id and texts are hostile, without letting them act', async () => {
    const { stdout } = await runCli(on('show', HOSTILE))
    expect(stdout).not.toContain('\u001b')
    expect(stdout).toContain('\\u001b[2J')
    const shown = await json<{ session_id: string; rounds: { question: string }[] }>(...on('show', HOSTILE, '--json'))
    expect(shown.session_id).toBe(HOSTILE)
    expect(shown.rounds.map((round) => round.question)).toEqual(
      where(({ session }) => session === HOSTILE)
        .toSorted((a, b) => a.day - b.day || a.input - b.input)
        .map(({ question }) => question),
    )
    const one = await json<{ rounds: { round: number }[] }>(...on('show', 'agent:s1', '--round', '2', '--json'))
    expect(one.rounds.map(({ round }) => round)).toEqual([2])
  })

  it('find text where it first appeared', async () => {
    const hits = await json<object[]>(...on('search', 'QUESTION NUMBER 17', '--json'))
    expect(hits).toEqual([expect.objectContaining({ session_id: 'agent:s2', role: 'user', kind: 'text' })])
    expect(await json(...on('search', 'nowhere at all', '--json'))).toEqual([])
    const rounds = async (...filters: string[]) =>
      (await json<{ seq: number }[]>(...on('search', 'answer', '--role', 'assistant', '--json', ...filters))).length
    expect(await rounds()).toBe(asked.length)
    expect(await rounds('--status', 'error')).toBe(asked.filter((_, n) => n % 20 === 0).length)
    expect(await rounds('--model', 'gpt-4o', '--consumer', 'nobody')).toBe(0)
  })

  it('export what reads back as the same', async () => {
    const to = (name: string) => join(folder, name)
    const exported = (name: string, ...args: string[]) => runCli(on('export', to(name), ...args))
    await exported('report.json', '--days', '2')
    const report = JSON.parse(readFileSync(to('report.json'), 'utf8')) as { summary: object; by_date: object }
    const latest = sums(where(({ day }) => day >= 3))
    expect(report.summary).toMatchObject({ total_input_tokens: latest.total_input, total_rounds: latest.rounds })
    expect(Object.keys(report.by_date)).toEqual(['2026-02-03', '2026-02-04'])

    await exported('report.csv', '--format', 'csv')
    const rows = readFileSync(to('report.model.csv'), 'utf8')
      .trim()
      .split('\r\n')
      .map((line) => line.split(','))
    expect(rows[0]?.slice(0, 5)).toEqual(['Model', 'Sessions', 'Input Tokens', 'Output Tokens', 'Cost (USD)'])
    const unheard = sums(where(({ model }) => model === 'unheard-of'))
    expect(rows.find(([model]) => model === 'unheard-of')?.slice(1, 5)).toEqual(
      [unheard.session_count, unheard.total_input, unheard.total_output, ''].map(String),
    )

    await exported('all.ndjson', '--format', 'ndjson', '--model', 'gpt-4o')
    const lines = readFileSync(to('all.ndjson'), 'utf8').trim().split('\n')
    const requests = lines.map((line) => JSON.parse(line) as { request_id: string; input_tokens: number })
    expect(new Set(requests.map((one) => one.request_id))).toEqual(
      new Set(asked.flatMap((one, n) => (one.model === 'gpt-4o' ? [`r${n}`] : []))),
    )
    expect(requests.reduce((sum, one) => sum + one.input_tokens, 0)).toBe(
      sums(where(({ model }) => model === 'gpt-4o')).total_input,
    )

    const session = await json(...on('show', HOSTILE, '--json'))
    await exported('session.json', '--session', HOSTILE)
    expect(JSON.parse(readFileSync(to('session.json'), 'utf8'))).toEqual(session)
    await exported('session.csv', '--session', HOSTILE, '--format', 'csv')
    // A spreadsheet must not take a question for a formula.
    expect(readFileSync(to('session.csv'), 'utf8')).toContain(`"'=HYPERLINK(""http://evil"")`)
    await exported('session.md', '--session', HOSTILE, '--format', 'markdown')
    const markdown = readFileSync(to('session.md'), 'utf8')
    expect(markdown).toContain('````')
    expect(markdown).toContain('answer 9')
  })

  it('count the lines, check the store, and say what is wrong with a set-up', async () => {
    const ledger = await json<{ ledger: Record<string, number> }>(...on('ledger', '--json'))
    expect(ledger.ledger).toMatchObject({ lines: 61, counted: 60, malformed: 1 })
    expect(await json(...on('verify', '--lines', '--json'))).toMatchObject({
      ok: true,
      requests: 60,
      sessions: 6,
      lines_checked: 60,
      problems: [],
      differences: [],
    })
    const nothing = await runCli([
      'doctor',
      '--data-dir',
      join(folder, 'none'),
      '--log-path',
      join(folder, 'none.log'),
      '--json',
    ])
    expect(nothing.code).toBe(1)
    const findings = JSON.parse(nothing.stdout) as { check: string; state: string }[]
    expect(findings.filter(({ state }) => state === 'problem').map(({ check }) => check)).toEqual([
      'history',
      `log ${join(folder, 'none.log')}`,
    ])
  })

  it('fail where nothing could be read at all, and tell what could not be beside what was', async () => {
    const logs = join(folder, 'broken')
    mkdirSync(logs)
    writeFileSync(join(logs, 'access.log.1.gz'), 'garbage')
    const once = ['monitor', '--log-path', logs, '--data-dir', join(folder, 'from broken'), '--once']
    const nothing = await runCli(once)
    expect(nothing).toMatchObject({ code: 1, stdout: '' })
    expect(nothing.stderr).toContain('file is damaged')
    writeFileSync(join(logs, 'access.log'), `${logLine({ session_id: 'a' })}\n`)
    const some = await runCli(once)
    expect(some.code).toBe(0)
    expect(some.stdout).toContain('1 session')
    expect(some.stderr).toContain('file is damaged')
  })

  it('tell a damaged archive', async () => {
    const copy = join(folder, 'damaged')
    mkdirSync(join(copy, 'archive'), { recursive: true })
    const segment = readFileSync(join(store, 'archive', '00000001.segment'))
    segment[100] = (segment[100] ?? 0) ^ 0xff
    writeFileSync(join(copy, 'archive', '00000001.segment'), segment)
    writeFileSync(join(copy, 'index.snapshot'), readFileSync(join(store, 'index.snapshot')))
    const { code, stdout } = await runCli(['verify', '--data-dir', copy, '--json'])
    expect(code).toBe(1)
    const found = JSON.parse(stdout) as { ok: boolean; differences: { session_id: string; expected: unknown }[] }
    expect(found.ok).toBe(false)
    expect(found.differences).toContainEqual(expect.objectContaining({ session_id: HOSTILE, expected: null }))
  })

  it('print links that lead back to any session', async () => {
    const links = await json<{ app: string; session_detail: string }>('url', HOSTILE, '--json')
    expect(decodeURIComponent(links.app.slice('agent-session-monitor://session/'.length))).toBe(HOSTILE)
    expect(new URL(links.session_detail).searchParams.get('id')).toBe(HOSTILE)
    expect((await runCli(on('prices', '--input', '1'))).code).toBe(2)
    expect((await runCli(['url', 'x', '--base-url', 'http://host/?a=1'])).code).toBe(2)
  })

  it('take over session files, once, without what the original guessed', async () => {
    const sessions = join(folder, 'sessions')
    const target = join(folder, 'imported')
    mkdirSync(sessions)
    const round = {
      round: 1,
      timestamp: '2026-02-01T10:30:15.123456',
      model: 'gpt-4o',
      response_type: 'normal',
      tool_calls: [],
    }
    writeFileSync(
      join(sessions, 'agent:x.json'),
      JSON.stringify({
        session_id: 'agent:x',
        model: 'gpt-4o',
        rounds: [
          {
            ...round,
            input_tokens: 1000,
            output_tokens: 10,
            reasoning: 'eight ch',
            reasoning_tokens: 2,
            messages: [{ role: 'user', content: 'hi' }],
            question: 'hi',
            answer: 'ho',
          },
          {
            ...round,
            round: 2,
            input_tokens: 5,
            output_tokens: 1,
            reasoning_tokens: 7,
            cached_tokens: 0,
            question: 'more',
            answer: 'yes',
          },
        ],
      }),
    )
    writeFileSync(join(sessions, 'other.json'), '{}')
    const first = await json('import', sessions, '--data-dir', target, '--json')
    expect(first).toMatchObject({
      sessions: 1,
      imported_rounds: 2,
      guessed_reasoning_tokens_left_out: 1,
      other_files: [join(sessions, 'other.json')],
    })
    const again = await json('import', sessions, '--data-dir', target, '--json')
    expect(again).toMatchObject({ imported_rounds: 0, rounds_already_here: 2 })
    expect(await json('show', 'agent:x', '--data-dir', target, '--json')).toMatchObject({
      rounds: [
        {
          timestamp: '2026-02-01T10:30:15.123Z',
          input_tokens: 1000,
          reasoning_tokens: null,
          messages: [{ content: 'hi' }],
          cost_usd: 0.0026,
        },
        { reasoning_tokens: 7, cached_tokens: null, answer: 'yes' },
      ],
    })
    // What can't be read is told, and keeps nothing else from being taken over.
    mkdirSync(join(sessions, 'a-folder.json'))
    symlinkSync(join(sessions, 'gone'), join(sessions, 'a-link.json'))
    const late = join(folder, 'imported late')
    const { code, stdout, stderr } = await runCli(['import', sessions, '--data-dir', late, '--json'])
    expect(code).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({ sessions: 1, unreadable_files: [join(sessions, 'a-link.json')] })
    expect(stderr).toContain('a-link.json')
  })

  it('keep one file a session, safe in name, and write it only when its session changed', async () => {
    const output = join(folder, 'output')
    const log = join(folder, 'access.log')
    const write = () => runCli(on('monitor', '--log-path', log, '--once', '--output-dir', output, '--state-file', 'x'))
    expect((await write()).code).toBe(0)
    const files = readdirSync(output)
    expect(files).toHaveLength(6)
    for (const name of files) expect(name).toMatch(/^[A-Za-z0-9_][A-Za-z0-9_.-]*\.json$/)
    const ids = files.map(
      (name) => (JSON.parse(readFileSync(join(output, name), 'utf8')) as { session_id: string }).session_id,
    )
    expect(new Set(ids)).toEqual(new Set(asked.map(({ session }) => session)))
    const times = () => files.map((name) => statSync(join(output, name)).mtimeMs)
    const before = times()
    await write()
    expect(times()).toEqual(before)

    const only = join(folder, 'only')
    const keyed = await runCli(
      on('monitor', '--log-path', log, '--once', '--json', '--output-dir', only, '--session-key', ':s3'),
    )
    expect(JSON.parse(keyed.stdout)).toMatchObject({
      sessions: 1,
      ...{ rounds: where(({ session }) => session === 'agent:s3').length },
    })
    expect(readdirSync(only)).toHaveLength(1)
  })

  it('read a log through a pipe, each line once over restarts', async () => {
    const target = join(folder, 'piped')
    const args = ['monitor', '--log-path', '-', '--data-dir', target, '--once', '--json']
    const half = `${LINES.slice(0, 30).join('\n')}\n`
    expect(JSON.parse((await runCli(args, half)).stdout)).toMatchObject({ rounds: 30 })
    const all = JSON.parse((await runCli(args, `${LINES.join('\n')}\n`)).stdout) as object
    expect(all).toMatchObject({ rounds: 60, ledger: { lines: 91, counted: 60, duplicate: 30, malformed: 1 } })
  })

  it('follow a log until they are told to stop', async () => {
    const log = join(folder, 'followed.log')
    writeFileSync(log, `${LINES[0] ?? ''}\n`)
    const target = join(folder, 'followed')
    const monitor = startCli(['monitor', '--log-path', log, '--data-dir', target, '--refresh-interval', '0.1'])
    await eventually(() => expect(monitor.output().stdout).toContain('1 rounds'))
    writeFileSync(log, `${LINES.slice(0, 7).join('\n')}\n`)
    await eventually(() => expect(monitor.output().stdout).toContain('7 rounds'))
    expect(await monitor.stop()).toBe(0)
  })

  it('end when they are told to, also while a pipe that they read once stays open', async () => {
    const target = join(folder, 'open')
    const { child, output, stop } = startCli(['monitor', '--log-path', '-', '--data-dir', target, '--once'])
    child.stdin?.write(`${LINES[0] ?? ''}\n`)
    await eventually(async () => expect(await json('list', '--data-dir', target, '--json')).toHaveLength(1))
    expect(await stop()).toBe(0)
    expect(output().stdout).toContain('1 sessions, 1 rounds')
  })

  it('end quietly when their reader goes away', async () => {
    const { child, output } = startCli(on('list', '--limit', '0', '--json'))
    child.stdout?.destroy()
    const [code] = (await once(child, 'close')) as [number]
    expect({ code, stderr: output().stderr }).toEqual({ code: 0, stderr: '' })
  })

  it('answer an agent over the Model Context Protocol', async () => {
    const client = new Client({ name: 'test', version: '1' })
    await client.connect(
      new StdioClientTransport({
        command: process.execPath,
        args: [program, ...on('mcp')],
        env: environment,
      }),
    )
    const call = async (name: string, args: object): Promise<unknown> => {
      const answer = (await client.callTool({ name, arguments: { ...args } })) as {
        isError?: boolean
        content: { text: string }[]
      }
      const text = answer.content[0]?.text ?? ''
      return answer.isError === true ? text : (JSON.parse(text) as unknown)
    }
    try {
      expect((await client.listTools()).tools.map(({ name }) => name)).toContain('session_cost')
      const mine = where(({ session }) => session === 'agent:s3')
      expect(await call('session_summary', { session_id: 'agent:s3' })).toMatchObject({
        rounds: mine.length,
        input_tokens: sums(mine).total_input,
        links: { app: 'agent-session-monitor://session/agent%3As3' },
      })
      expect(await call('session_cost', { session_id: 'agent:s3' })).toMatchObject({ cost_usd: sums(mine).total_cost })
      expect(await call('list_sessions', { limit: 200 })).toHaveLength(6)
      expect(await call('session_rounds', { session_id: 'agent:s3', limit: 2 })).toMatchObject({
        total_rounds: mine.length,
      })
      expect(await call('stats_by_model', {})).toEqual(await json(...on('stats-model', '--json')))
      expect(await call('stats_by_date', { days: 2 })).toEqual(await json(...on('stats-date', '--days', '2', '--json')))
      expect(await call('stats_by_consumer', {})).toEqual(await json(...on('stats-consumer', '--json')))
      // It looks for seconds, and says whether it came to the end.
      await eventually(async () =>
        expect(await call('search', { text: 'question number 17' })).toMatchObject({
          complete: true,
          hits: [{ session_id: 'agent:s2' }],
        }),
      )
      expect(await call('session_summary', { session_id: 'nope' })).toContain('There is no session')
      expect(await call('list_sessions', { since: 'yesterday-ish' })).toContain('Expected')
    } finally {
      await client.close()
    }
  })
})
