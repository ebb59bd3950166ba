import { join } from 'node:path'
import { writeFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { Engine } from '../../../../src-main/engine/engine'
import { logLine } from '../../../fixtures/log-line'
import { temporaryFolder } from '../../../fixtures/open-engine'

it('tells when the sums of another time zone are made, which is once', async () => {
  const folder = temporaryFolder()
  const log = join(folder, 'access.log')
  const times = Array.from({ length: 50 }, (_, index) => new Date(Date.UTC(2026, 1, 1, index)).toISOString())
  const lines = times.map((time) => logLine({ session_id: 's', model: 'm', input_token: 1 }, { start_time: time }))
  writeFileSync(log, lines.map((line) => `${line}\n`).join(''))
  const opened = async (timeZone: string) => {
    const told: number[] = []
    const engine = await Engine.open({ dataFolder: join(folder, 'store'), timeZone }, ({ share }) => told.push(share))
    await engine.readOnce([log])
    const days = engine.overview({ recentLimit: 0 }).byDate.map(({ date, rounds }) => [date, rounds])
    await engine.close()
    return { told, days }
  }
  expect((await opened('UTC')).told).toEqual([])
  const { told, days } = await opened('Asia/Shanghai')
  expect(told).toEqual([1])
  expect(days.slice(0, 2)).toEqual([
    ['2026-02-01', 16],
    ['2026-02-02', 24],
  ])
  expect((await opened('Asia/Shanghai')).told).toEqual([])
})
