import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { dayStart, instantOf, momentUntil } from '../../src-main/cli/context/options'
import { logLine } from '../fixtures/log-line'
import { runCli, storeOf } from './run-cli'

const at = (session: string, time: string) => logLine({ session_id: session, model: 'm' }, { start_time: time })

it('days are those of the zone that the app counts in, also where this computer has another', async () => {
  // In Shanghai the second one is on the 2nd, too, at four in the morning.
  const { folder, store } = await storeOf([
    at('first', '2026-02-01T10:00:00Z'),
    at('night', '2026-02-01T20:00:00Z'),
    at('morning', '2026-02-02T02:00:00Z'),
  ])
  mkdirSync(join(folder, 'Agent Session Monitor'))
  const settings = { dataFolder: store, settings: { timeZone: 'Asia/Shanghai' } }
  writeFileSync(join(folder, 'Agent Session Monitor', 'settings.json'), JSON.stringify(settings))
  const run = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await runCli(args, '', { XDG_CONFIG_HOME: folder, APPDATA: folder })
    expect(code, stderr).toBe(0)
    return stdout
  }
  const sessions = async (...filters: string[]): Promise<readonly string[]> => {
    const list = JSON.parse(await run('list', '--json', ...filters)) as readonly { session_id: string }[]
    return list.map(({ session_id }) => session_id).sort()
  }
  expect(await sessions('--since', '2026-02-02')).toEqual(['morning', 'night'])
  expect(await sessions('--until', '2026-02-01')).toEqual(['first'])
  const file = join(folder, 'report.json')
  await run('export', file, '--days', '1')
  const report = JSON.parse(readFileSync(file, 'utf8')) as { by_date: Record<string, { rounds: number }> }
  expect(report.by_date).toMatchObject({ '2026-02-02': { rounds: 2 } })

  await run('prices', '--set', 'm', '--input', '1', '--output', '1', '--from', '2026-02-02')
  const prices = join(folder, 'prices.json')
  await run('prices', '--export', prices)
  expect(JSON.parse(readFileSync(prices, 'utf8'))).toMatchObject({
    prices: [{ model: 'm', from: '2026-02-01T16:00:00.000Z' }],
  })

  expect(await run('delete', '--older-than', '2026-02-02')).toContain('Deleted 1 session with 1 round;')
  expect(await sessions()).toEqual(['morning', 'night'])
})

it('figures count by whole hours, and say so where a time falls within one', async () => {
  const { folder, store } = await storeOf([at('before', '2026-02-01T10:10:00Z'), at('after', '2026-02-01T10:50:00Z')])
  const run = (...args: string[]) => runCli([...args, '--data-dir', store], '', { TZ: 'UTC' })
  const within = ['--since', '2026-02-01T10:30:00Z', '--until', '2026-02-01T12:15:00Z']
  const said = 'Requests count by whole hours here: from 2026-02-01T10:00 on, up to 2026-02-01T12:59 (UTC).'
  const file = join(folder, 'out')
  for (const command of [
    ['stats-model', '--json'],
    ['list', '--json'],
    ['export', file],
  ]) {
    expect((await run(...command, ...within)).stderr).toContain(said)
    expect((await run(...command, '--since', '2026-02-01T10:00:00Z', '--until', '2026-02-01')).stderr).not.toContain(
      'whole hours',
    )
  }
  const { stdout } = await run('stats-model', '--json', ...within)
  expect(JSON.parse(stdout)).toMatchObject({ m: { rounds: 2 } })
  // Requests themselves are told apart to the millisecond.
  const requests = await run('export', join(folder, 'requests'), '--format', 'ndjson', ...within)
  expect(requests.stderr).not.toContain('whole hours')
  expect(readFileSync(join(folder, 'requests'), 'utf8').trim().split('\n')).toHaveLength(1)
})

it.each([
  ['2026-02-02', 'UTC', '2026-02-02T00:00:00.000Z'],
  ['2026-02-02', 'Asia/Kathmandu', '2026-02-01T18:15:00.000Z'],
  ['2026-02-02', 'Pacific/Kiritimati', '2026-02-01T10:00:00.000Z'],
  ['2026-02-02', 'Pacific/Pago_Pago', '2026-02-02T11:00:00.000Z'],
  // No midnight: clocks went from 0:00 to 1:00.
  ['2018-11-04', 'America/Sao_Paulo', '2018-11-04T03:00:00.000Z'],
])('%s in %s begins at %s', (day, zone, begins) => {
  expect(new Date(dayStart(day, zone) ?? 0).toISOString()).toBe(begins)
})

it('a day is taken to its end, and none that there is not', () => {
  expect(instantOf(momentUntil('2026-02-28'), 'UTC')).toBe(Date.UTC(2026, 2, 1))
  expect(dayStart('2026-02-30', 'UTC')).toBeNull()
})
