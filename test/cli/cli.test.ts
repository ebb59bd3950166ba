import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ensureBuilt } from '../../scripts/lib/build.mjs'
import { logLine } from '../fixtures/log-line'
import { runCli } from './run-cli'

const run = (...args: string[]) => runCli(args)

const at = (second: number) => ({
  start_time: `2026-02-01T10:00:0${String(second)}Z`,
  request_id: `r${String(second)}`,
})
const LINES = [
  logLine({ session_id: 'a', model: 'gpt-4o', input_token: 1000, output_token: 100, question: 'Hi' }, at(1)),
  logLine({ session_id: 'b', model: 'unheard-of', input_token: 5000, output_token: 5 }, at(2)),
  logLine(
    { session_id: 'a', model: 'gpt-4o', input_token: 10, output_token: 1, messages: [{ role: 'user', content: 'x' }] },
    at(3),
  ),
  logLine(undefined, at(4)),
  'not json',
  '',
]

describe('the command line', () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'asm-cli-')))
  const log = join(folder, 'access.log')
  const store = join(folder, 'store')
  const monitorOnce = () => run('monitor', '--log-path', log, '--data-dir', store, '--once', '--json')
  let first: Awaited<ReturnType<typeof run>>

  beforeAll(async () => {
    await ensureBuilt(['main'])
    writeFileSync(log, `${LINES.join('\n')}\n`)
    first = await monitorOnce()
  })

  afterAll(() => {
    rmSync(folder, { recursive: true, force: true })
  })

  it('monitor --once --json prints the totals and the ledger', () => {
    const { code, stdout } = first
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toEqual({
      sessions: 2,
      rounds: 3,
      input_tokens: 6010,
      output_tokens: 106,
      reasoning_tokens: 0,
      cached_tokens: 0,
      // (1010 × 2.5 + 101 × 10) / 10^6; the model of b has no known price.
      cost_usd: 0.003535,
      unpriced_rounds: 1,
      ledger: {
        lines: 6,
        counted: 3,
        duplicate: 0,
        not_llm: 1,
        malformed: 1,
        blank: 1,
        too_long: 0,
        filtered: 0,
        deleted: 0,
      },
      marks: {
        without_usage: 0,
        truncated: 0,
        time_inferred: 0,
        bad_number: 0,
        without_session: 0,
        // The second request logged neither messages nor a question; the fourth called a model without AI data.
        without_text: 1,
        mended: 0,
        unreadable_time: 0,
        unlogged: 1,
        cut: 0,
        left_out: 0,
        broken: 0,
      },
    })
  })

  it('counts nothing twice when run again', async () => {
    const second = await monitorOnce()
    expect(second.stdout).toBe(first.stdout)
  })

  it('list, show, stats-model and stats-date answer in their stable JSON', async () => {
    const list = JSON.parse(
      (await run('list', '--data-dir', store, '--json', '--limit', '0', '--sort-by', 'tokens')).stdout,
    ) as unknown
    expect(list).toMatchObject([
      {
        session_id: 'b',
        inferred: false,
        rounds: 1,
        model: 'unheard-of',
        input_tokens: 5000,
        output_tokens: 5,
        cost_usd: null,
      },
      { session_id: 'a', rounds: 2, created_at: '2026-02-01T10:00:01.000Z', updated_at: '2026-02-01T10:00:03.000Z' },
    ])
    const shown = JSON.parse((await run('show', 'a', '--data-dir', store, '--json')).stdout) as unknown
    expect(shown).toMatchObject({
      session_id: 'a',
      rounds: [
        { request_id: 'r1', cost_usd: 0.0035, messages: [] },
        { request_id: 'r3', messages: [{ role: 'user' }] },
      ],
    })
    const bare = (await run('show', 'a', '--data-dir', store, '--json', '--no-messages')).stdout
    expect(JSON.parse(bare)).not.toHaveProperty('rounds[1].messages')
    const byModel = JSON.parse((await run('stats-model', '--data-dir', store, '--json')).stdout) as object
    expect(Object.keys(byModel)).toEqual(['gpt-4o', 'unheard-of'])
    const byDate = JSON.parse((await run('stats-date', '--days', '7', '--data-dir', store, '--json')).stdout) as unknown
    expect(byDate).toMatchObject({ '2026-02-01': { session_count: 2, models: ['gpt-4o', 'unheard-of'] } })
  })

  it.each([
    ['a session that does not exist', () => ['show', 'nope', '--data-dir', store], 1],
    ['a store that does not exist', () => ['list', '--data-dir', `${store}-not`], 1],
    ['a log that does not exist', () => ['monitor', '--once', '--log-path', `${log}-not`, '--data-dir', store], 1],
    ['an unknown command', () => ['lsit'], 2],
    ['an unknown option', () => ['list', '--wat'], 2],
    ['a limit that is no number', () => ['list', '--limit', 'x'], 2],
  ])('tells %s in one line on stderr', async (_, args, code) => {
    const result = await run(...args())
    expect(result.code).toBe(code)
    expect(result.stdout).toBe('')
    expect(result.stderr.trim()).not.toBe('')
    expect(result.stderr).not.toMatch(/\n\s+at /)
  })

  it('reads a store while another process writes to it, and refuses to write beside it', async () => {
    const { Engine } = await import('../../src-main/engine/engine')
    const engine = await Engine.open({ dataFolder: store, timeZone: 'UTC' })
    try {
      expect((await run('list', '--data-dir', store, '--json')).code).toBe(0)
      const second = await run('monitor', '--log-path', log, '--data-dir', store, '--once')
      expect(second.code).toBe(1)
      expect(second.stderr).toContain(`Process ${String(process.pid)}`)
    } finally {
      await engine.close()
    }
  })
})
