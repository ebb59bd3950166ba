import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { ensureBuilt } from '../../scripts/lib/build.mjs'
import { runCli } from './run-cli'

/** What version 0.1.0 left on disk; fixtures/former-version/README.md says how it was recorded. */
const FORMER = fileURLToPath(new URL('../fixtures/former-version/0.1.0/', import.meta.url))
const ZONES = [
  ['shanghai', 'Asia/Shanghai'],
  ['new-york', 'America/New_York'],
] as const
/** The zone in which the exports were written. */
const EXPORT_ZONE = 'America/New_York'

/**
 * Rounds that this version counts differently on purpose, by request id. Costs are USD, worked out by hand.
 * Everything that is not listed here must be as the former version showed it.
 */
const DIFFERENCES: Readonly<Record<string, { readonly cost_usd: number; readonly morePrompt?: number }>> = {
  // A request that failed without usage costs nothing; the former version did not know its cost.
  'request-0021': { cost_usd: 0 },
  'request-0026': { cost_usd: 0 },
  // The total shows 2000 cached tokens next to the input: (3000 × 3 + 2000 × 0.3 + 500 × 15) / 1e6.
  'request-0030': { cost_usd: 0.0171, morePrompt: 2000 },
  // The total shows 1800 tokens of thinking next to the output: (1000 × 1.25 + 2000 × 10) / 1e6.
  'request-0031': { cost_usd: 0.02125 },
}

interface Round {
  readonly session_id: string
  readonly request_id: string
  readonly timestamp: string
  readonly model: string | null
  readonly cost_usd: number | null
}

const recorded = (...path: string[]): string => readFileSync(join(FORMER, ...path), 'utf8')
const recordedJson = (...path: string[]): unknown => JSON.parse(recorded(...path))
const records = (text: string): Round[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Round)

/** The recorded rounds, each with its cost of today. */
const rounds = records(recorded('exports', 'rounds.ndjson')).map((round) => ({
  ...round,
  cost_usd: DIFFERENCES[round.request_id]?.cost_usd ?? round.cost_usd,
}))

function moneyOf(counted: readonly Round[]): { cost: number | null; unpriced_rounds: number } {
  const known = counted.flatMap(({ cost_usd }) => (cost_usd === null ? [] : [cost_usd]))
  const sum = known.reduce((total, cost) => total + cost, 0)
  return {
    cost: known.length === 0 ? null : (expect.closeTo(sum, 9) as number),
    unpriced_rounds: counted.length - known.length,
  }
}

const morePrompt = (counted: readonly Round[]): number =>
  counted.reduce((total, { request_id }) => total + (DIFFERENCES[request_id]?.morePrompt ?? 0), 0)

const dayIn = (timeZone: string, { timestamp }: Round): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(new Date(timestamp))

interface ReportRow {
  readonly total_prompt: number
}

/** A table of the report as it was recorded, with the costs of today. */
function today<Row extends ReportRow>(
  table: Readonly<Record<string, Row>>,
  groupOf: (round: Round) => string,
): Record<string, object> {
  const rows = Object.entries(table).map(([name, row]) => {
    const counted = rounds.filter((round) => groupOf(round) === name)
    const { cost, unpriced_rounds } = moneyOf(counted)
    const total_prompt = row.total_prompt + morePrompt(counted)
    return [name, { ...row, total_cost: cost, unpriced_rounds, total_prompt }] as const
  })
  return Object.fromEntries(rows)
}

const modelOf = ({ model }: Round): string => model ?? 'unknown'

interface Session {
  readonly session_id: string
}

const byId = <T extends Session>(sessions: readonly T[]): T[] =>
  [...sessions].sort((a, b) => (a.session_id < b.session_id ? -1 : 1))

/** A copy of the former data folder, gone after the test. */
function formerStore(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'asm-former-')))
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  })
  const store = join(folder, 'store')
  cpSync(join(FORMER, 'store'), store, { recursive: true })
  return store
}

async function run(store: string, timeZone: string, ...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runCli([...args, '--data-dir', store], '', { TZ: timeZone })
  expect(stderr).not.toContain('damaged')
  expect(code, stderr).toBe(0)
  return stdout
}

async function json<T>(store: string, timeZone: string, ...args: readonly string[]): Promise<T> {
  return JSON.parse(await run(store, timeZone, ...args, '--json')) as T
}

async function expectFigures(store: string, name: string, timeZone: string): Promise<void> {
  const sessions = (recordedJson('recorded', name, 'list.json') as readonly Session[]).map((session) => {
    const { cost, unpriced_rounds } = moneyOf(rounds.filter((round) => round.session_id === session.session_id))
    return { ...session, cost_usd: cost, unpriced_rounds }
  })
  expect(byId(await json<Session[]>(store, timeZone, 'list', '--limit', '0'))).toMatchObject(byId(sessions))

  const models = recordedJson('recorded', name, 'stats-model.json') as Record<string, ReportRow>
  expect(await json(store, timeZone, 'stats-model')).toMatchObject(today(models, modelOf))

  const days = recordedJson('recorded', name, 'stats-date.json') as Record<string, ReportRow>
  const found = await json<object>(store, timeZone, 'stats-date')
  expect(found).toMatchObject(today(days, (round) => dayIn(timeZone, round)))
  expect(Object.keys(found).sort()).toEqual(Object.keys(days).sort())

  expect(await json(store, timeZone, 'ledger')).toMatchObject(recordedJson('recorded', name, 'ledger.json') as object)
}

beforeAll(async () => {
  await ensureBuilt(['main'])
})

describe('a store of version 0.1.0', () => {
  it.each(ZONES)('shows the recorded sessions, models, days and ledger (%s)', async (name, timeZone) => {
    await expectFigures(formerStore(), name, timeZone)
  })

  it('shows the recorded figures when the index has to be rebuilt from the archive', async () => {
    const store = formerStore()
    rmSync(join(store, 'index.snapshot'))
    await expectFigures(store, ...ZONES[1])
  })

  it('shows every recorded conversation', async () => {
    const store = formerStore()
    const sessions = recordedJson('recorded', 'sessions.json') as readonly (Session & { rounds: Round[] })[]
    for (const session of sessions) {
      const { cost, unpriced_rounds } = moneyOf(rounds.filter((round) => round.session_id === session.session_id))
      expect(await json(store, 'UTC', 'show', session.session_id)).toMatchObject({
        ...session,
        cost_usd: cost,
        unpriced_rounds,
        rounds: session.rounds.map((round) => ({
          ...round,
          cost_usd: DIFFERENCES[round.request_id]?.cost_usd ?? round.cost_usd,
        })),
      })
    }
  })

  it('passes every check of its archive and gives back every log line', async () => {
    expect(await json(formerStore(), 'UTC', 'verify', '--lines')).toMatchObject({
      ok: true,
      requests: rounds.length,
      lines_checked: rounds.length,
      bad_lines: [],
    })
  })

  it('counts no line twice when its logs are read again, and keeps deleted requests deleted', async () => {
    const store = formerStore()
    const logs = join(store, '..', 'logs')
    cpSync(join(FORMER, 'logs', 'logs'), logs, { recursive: true })
    await run(store, 'Asia/Shanghai', 'monitor', '--once', '--log-path', logs)
    await expectSessions(store)
  })

  async function expectSessions(store: string): Promise<void> {
    const ids = (recordedJson('recorded', 'shanghai', 'list.json') as readonly Session[]).map((one) => one.session_id)
    const sessions = await json<readonly (Session & { rounds: number })[]>(store, 'UTC', 'list', '--limit', '0')
    expect(sessions.map((session) => session.session_id).sort()).toEqual(ids.sort())
    expect(sessions.reduce((sum, session) => sum + session.rounds, 0)).toBe(rounds.length)
  }
})

describe('an export of a store of version 0.1.0', () => {
  async function exported(name: string, ...args: readonly string[]): Promise<(file: string) => string> {
    const store = formerStore()
    await run(store, EXPORT_ZONE, 'export', join(store, '..', name), ...args)
    return (file) => readFileSync(join(store, '..', file), 'utf8')
  }

  it.each([
    ['session.json', 'agent:main:discord:1', 'json'],
    ['session.md', 'agent:main:discord:1', 'markdown'],
    ['session.csv', '../agent:编辑/"x"', 'csv'],
  ])('writes %s as the former version wrote it', async (file, id, format) => {
    const read = await exported(file, '--session', id, '--format', format)
    expect(read(file)).toBe(recorded('exports', file))
  })

  it('writes every round of the NDJSON export as the former version wrote it', async () => {
    const read = await exported('rounds.ndjson', '--format', 'ndjson')
    expect(records(read('rounds.ndjson'))).toMatchObject(rounds)
  })

  it('writes the JSON report with the recorded sums', async () => {
    const report = recordedJson('exports', 'report.json') as {
      summary: object
      by_model: Record<string, ReportRow>
      by_date: Record<string, ReportRow>
    }
    const { cost, unpriced_rounds } = moneyOf(rounds)
    const read = await exported('report.json')
    expect(JSON.parse(read('report.json'))).toMatchObject({
      ...report,
      generated_at: expect.stringMatching(/^\d{4}-.*Z$/) as string,
      summary: {
        ...report.summary,
        total_cost_usd: cost,
        unpriced_rounds,
        total_prompt_tokens: expect.any(Number) as number,
      },
      by_model: today(report.by_model, modelOf),
      by_date: today(report.by_date, (round) => dayIn(EXPORT_ZONE, round)),
    })
  })

  /** Lines about models, days and sums whose cost is another today. */
  const changed = rounds
    .filter(({ request_id }) => request_id in DIFFERENCES)
    .flatMap((round) => [modelOf(round), dayIn(EXPORT_ZONE, round)])
  const unchanged = (text: string): string[] =>
    text.split('\n').filter((line) => !changed.some((name) => line.includes(name)) && !/^- Cost:|^\d{4}-.*Z/.test(line))

  it.each([
    ['report.md', 'markdown', ['report.md']],
    ['report.csv', 'csv', ['report.model.csv', 'report.date.csv']],
  ])('writes %s with the recorded lines', async (name, format, files) => {
    const read = await exported(name, '--format', format)
    for (const file of files) {
      const lines = unchanged(recorded('exports', file))
      expect(lines.length).toBeGreaterThan(3)
      expect(unchanged(read(file)).sort()).toEqual(lines.sort())
      expect(read(file).split('\n').length).toBe(recorded('exports', file).split('\n').length)
    }
  })

  it('writes the prices the user set', async () => {
    const store = formerStore()
    await run(store, EXPORT_ZONE, 'prices', '--export', join(store, '..', 'prices.json'))
    expect(readFileSync(join(store, '..', 'prices.json'), 'utf8')).toBe(recorded('exports', 'prices.json'))
  })
})
