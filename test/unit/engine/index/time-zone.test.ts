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
    const { byDate, revision } = engine.overview({ recentLimit: 0 })
    await engine.close()
    return { told, revision, days: byDate.map(({ date, rounds }) => [date, rounds]) }
  }
  await opened('UTC')
  const before = await opened('UTC')
  expect(before.told).toEqual([])
  const { told, days, revision } = await opened('Asia/Shanghai')
  expect(revision, 'whoever has the answer of before must see that this is another').not.toBe(before.revision)
  expect(told).toEqual([1])
  expect(days.slice(0, 2)).toEqual([
    ['2026-02-01', 16],
    ['2026-02-02', 24],
  ])
  expect((await opened('Asia/Shanghai')).told).toEqual([])
})
