import { mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import type { OverviewQuery } from '../../../../src-main/contract/index'
import { Engine } from '../../../../src-main/engine/engine'
import { logLine, type LineFields } from '../../../fixtures/log-line'
import { temporaryFolder } from '../../../fixtures/open-engine'

const round = (
  session: string,
  model: string,
  time: string,
  input: number,
  ai: LineFields = {},
  outer: LineFields = {},
) =>
  logLine(
    { session_id: session, model, input_token: input, output_token: 0, ...ai },
    { start_time: time, request_id: `${session}-${time}`, ...outer },
  )

/**
 * Two gateways, east and west. By hand, gpt-4o at $2.5 a million input tokens:
 *   east  a  gpt-4o   Sun 1 Feb 10:05    400 in  team-x          $0.001
 *   east  a  gpt-4o   Sun 1 Feb 10:50    800 in  team-x  429     $0.002
 *   east  b  mystery  Mon 2 Feb 00:00    100 in  team-y          unknown
 *   west  c  gpt-4o   Mon 2 Feb 11:00  1,200 in  no consumer     $0.003, cut off
 */
async function gateways(readFirst: 'east' | 'west' = 'east'): Promise<Engine> {
  const folder = temporaryFolder()
  const logs = {
    east: [
      round('a', 'gpt-4o', '2026-02-01T10:05:00Z', 400, { consumer: 'team-x' }),
      round('a', 'gpt-4o', '2026-02-01T10:50:00Z', 800, { consumer: 'team-x' }, { response_code: '429' }),
      round('b', 'mystery', '2026-02-02T00:00:00Z', 100, { consumer: 'team-y' }),
    ],
    west: [round('c', 'gpt-4o', '2026-02-02T11:00:00Z', 1200, {}, { response_flags: 'DC' })],
  }
  for (const [name, lines] of Object.entries(logs)) {
    mkdirSync(join(folder, name))
    writeFileSync(join(folder, name, 'access.log'), lines.map((line) => `${line}\n`).join(''))
    // The log that was written to last is read first.
    utimesSync(join(folder, name, 'access.log'), 1e9, name === readFirst ? 1e9 + 1 : 1e9)
  }
  const engine = await Engine.open({ dataFolder: join(folder, 'store'), timeZone: 'UTC' })
  onTestFinished(() => engine.close())
  await engine.readOnce([join(folder, 'east'), join(folder, 'west')])
  return engine
}

const at = (time: string) => Date.parse(time)

it.each<[string, OverviewQuery['filter'], number, number, number | null]>([
  ['nothing', {}, 3, 4, 0.006],
  ['from an hour on', { from: at('2026-02-01T10:30:00Z') }, 3, 4, 0.006],
  ['from the next hour on', { from: at('2026-02-01T11:00:00Z') }, 2, 2, 0.003],
  ['up to midnight, which is not included', { to: at('2026-02-02T00:00:00Z') }, 1, 2, 0.003],
  ['one day', { from: at('2026-02-02T00:00:00Z'), to: at('2026-02-03T00:00:00Z') }, 2, 2, 0.003],
  ['a model', { models: ['gpt-4o'] }, 2, 3, 0.006],
  ['a model without a price', { models: ['mystery'] }, 1, 1, null],
  ['a model nobody used', { models: ['o1'] }, 0, 0, 0],
  ['no model at all', { models: [] }, 0, 0, 0],
  ['two consumers', { consumers: ['team-x', 'team-y'] }, 2, 3, 0.003],
  ['rounds without a consumer', { consumers: [null] }, 1, 1, 0.003],
  ['what failed', { statuses: ['error', 'cut-off'] }, 2, 2, 0.005],
  ['several at once', { models: ['gpt-4o'], statuses: ['ok'], to: at('2026-02-02T00:00:00Z') }, 1, 1, 0.001],
])('filtered by %s', async (_, filter, sessions, rounds, costUsd) => {
  const engine = await gateways()
  const answer = engine.overview({ recentLimit: 10, ...(filter === undefined ? {} : { filter }) })
  expect([answer.totals.sessions, answer.totals.rounds, answer.totals.costUsd]).toEqual([sessions, rounds, costUsd])
  expect(answer.recentSessions.length).toBe(sessions)
  for (const part of [answer.byModel, answer.byConsumer, answer.bySource, answer.byStatus, answer.byDate])
    expect(part.reduce((sum, row) => sum + row.rounds, 0)).toBe(rounds)
  expect(answer.byDateAndModel.reduce((sum, row) => sum + row.rounds, 0)).toBe(rounds)
  const list = engine.sessions({ sortBy: 'lastTime', descending: true, offset: 0, limit: 0, ...(filter && { filter }) })
  expect([list.total, list.rows.length]).toEqual([sessions, sessions])
})

it.each(['east', 'west'] as const)('groups by what can be filtered, where %s was read first', async (readFirst) => {
  const engine = await gateways(readFirst)
  const { byConsumer, bySource, byStatus, byDate, byDateAndModel, choices, totals } = engine.overview({
    recentLimit: 0,
  })
  expect(byConsumer.map(({ consumer, costUsd }) => [consumer, costUsd])).toEqual([
    [null, 0.003],
    ['team-x', 0.003],
    ['team-y', null],
  ])
  expect(bySource.map(({ source, rounds }) => [source.split('/').at(-1), rounds])).toEqual([
    ['east', 3],
    ['west', 1],
  ])
  expect(byStatus.map(({ status, rounds }) => [status, rounds])).toEqual([
    ['ok', 2],
    ['error', 1],
    ['cut-off', 1],
  ])
  expect(totals.failedRounds).toBe(2)
  expect(byDate.map(({ date, models }) => [date, models])).toEqual([
    ['2026-02-01', ['gpt-4o']],
    ['2026-02-02', ['gpt-4o', 'mystery']],
  ])
  expect(byDateAndModel.map(({ date, model, inputTokens }) => [date, model, inputTokens])).toEqual([
    ['2026-02-01', 'gpt-4o', 1200],
    ['2026-02-02', 'gpt-4o', 1200],
    ['2026-02-02', 'mystery', 100],
  ])
  expect(choices).toMatchObject({ models: ['gpt-4o', 'mystery'], consumers: [null, 'team-x', 'team-y'] })
})

it('counts by hour and by week where asked', async () => {
  const engine = await gateways()
  const dates = (bucket: 'hour' | 'week') =>
    engine.overview({ recentLimit: 0, bucket }).byDate.map(({ date, rounds }) => [date, rounds])
  expect(dates('hour')).toEqual([
    ['2026-02-01T10', 2],
    ['2026-02-02T00', 1],
    ['2026-02-02T11', 1],
  ])
  expect(dates('week')).toEqual([
    ['2026-01-26', 2],
    ['2026-02-02', 2],
  ])
})

it('compares with another range under the same filter', async () => {
  const engine = await gateways()
  const { totals, previous } = engine.overview({
    recentLimit: 0,
    filter: { from: at('2026-02-02T00:00:00Z'), to: at('2026-02-03T00:00:00Z'), models: ['gpt-4o'] },
    previous: { from: at('2026-02-01T00:00:00Z'), to: at('2026-02-02T00:00:00Z') },
  })
  expect([totals.inputTokens, previous?.inputTokens, previous?.sessions]).toEqual([1200, 1200, 1])
  expect(engine.overview({ recentLimit: 0 }).previous).toBeNull()
})

it.each(['east', 'west'] as const)('names the sessions that cost most, where %s was read first', async (readFirst) => {
  const engine = await gateways(readFirst)
  const top = (query: Partial<OverviewQuery>) =>
    engine
      .overview({ recentLimit: 0, topLimit: 2, ...query })
      .topSessions.map(({ session, costUsd }) => [session.sessionId, costUsd])
  // They cost the same: the later one first, whichever log was read first.
  expect(top({})).toEqual([
    ['c', 0.003],
    ['a', 0.003],
  ])
  expect(top({ topLimit: 1 })).toEqual([['c', 0.003]])
  expect(top({ topLimit: 0, recentLimit: 1 })).toEqual([])
  expect(top({ topLimit: 9, filter: { models: ['mystery'] } })).toEqual([])
  expect(top({ filter: { statuses: ['ok'] } })).toEqual([['a', 0.001]])
})

it('finds sessions by a piece of their id or title, taken as it is', async () => {
  const engine = await gateways()
  const ids = (text: string) =>
    engine
      .sessions({ sortBy: 'session', descending: false, offset: 0, limit: 0, text })
      .rows.map((row) => row.sessionId)
  expect(ids('B')).toEqual(['b'])
  expect(ids('MYST')).toEqual(['b'])
  expect(ids('%')).toEqual([])
  expect(ids('_')).toEqual([])
})

it('sees what a later block adds as if it had been read at once', async () => {
  const folder = temporaryFolder()
  const log = join(folder, 'access.log')
  const lines = Array.from({ length: 6 }, (_, at) =>
    round(`s${String(at % 2)}`, 'gpt-4o', `2026-02-01T1${String(at)}:00:00Z`, 100, { consumer: `c${String(at % 3)}` }),
  )
  const engine = await Engine.open({ dataFolder: join(folder, 'store'), timeZone: 'UTC' })
  onTestFinished(() => engine.close())
  let text = ''
  for (const line of lines) {
    text += `${line}\n`
    writeFileSync(log, text)
    await engine.readOnce([log])
    engine.overview({ recentLimit: 0 })
  }
  const grown = engine.overview({ recentLimit: 5, topLimit: 5 })
  const other = await Engine.open({ dataFolder: join(folder, 'other'), timeZone: 'UTC' })
  onTestFinished(() => other.close())
  await other.readOnce([log])
  const { revision: _, ...whole } = other.overview({ recentLimit: 5, topLimit: 5 })
  expect(grown).toMatchObject(whole)
})
