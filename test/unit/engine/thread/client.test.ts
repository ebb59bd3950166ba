import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { beforeAll, expect, test } from 'vitest'
import { ensureBuilt } from '../../../../scripts/lib/build.mjs'
import type { DeletionProgress } from '../../../../src-main/contract/index'
import { startEngine, type EngineClient } from '../../../../src-main/engine/thread/client'
import { logLine } from '../../../fixtures/log-line'
import { temporaryFolder } from '../../../fixtures/open-engine'
import { eventually } from '../../../fixtures/patience'

const workerPath = fileURLToPath(new URL('../../../../out/main/worker.js', import.meta.url))

beforeAll(async () => {
  await ensureBuilt(['main'])
})

const rounds = async (engine: EngineClient): Promise<number | undefined> => {
  const answer = await engine.call('overview', { recentLimit: 0 })
  return answer.ok ? answer.value.totals.rounds : undefined
}

test('the engine answers from its own thread, and saves when it is closed', async () => {
  const folder = temporaryFolder()
  const log = join(folder, 'access.log')
  writeFileSync(log, `${logLine({ model: 'gpt-4o' })}\n`)
  const engine = startEngine({ workerPath, dataFolder: join(folder, 'store'), timeZone: 'UTC' })
  expect(await engine.call('watch', [log])).toEqual({ ok: true, value: undefined })
  await eventually(async () => {
    expect(await rounds(engine)).toBe(1)
  })
  expect(await engine.call('sessionHeader', 'nope')).toMatchObject({ ok: false, error: { code: 'not-found' } })
  await engine.close()
  expect(existsSync(join(folder, 'store', 'index.snapshot'))).toBe(true)
  expect(existsSync(join(folder, 'store', 'store.lock'))).toBe(false)
})

test('a thread that dies fails what waits, ends what it was told to do, and leaves no lock that would keep this process out', async () => {
  const folder = temporaryFolder()
  const options = { workerPath, dataFolder: join(folder, 'store'), timeZone: 'UTC' }
  // The real thread, with a way to die.
  const mortal = join(folder, 'mortal.mjs')
  const sign = join(folder, 'die')
  writeFileSync(
    mortal,
    `import { existsSync } from 'node:fs'
     import ${JSON.stringify(pathToFileURL(workerPath).href)}
     import { parentPort } from 'node:worker_threads'
     const payload = { active: true, done: 1, total: 9, secondsLeft: 8, result: null, error: null }
     parentPort.postMessage({ kind: 'event', event: 'deletion', payload })
     parentPort.postMessage({ kind: 'event', event: 'opening', payload: { share: 0.4 } })
     setInterval(() => existsSync(${JSON.stringify(sign)}) && process.exit(1), 10)`,
  )
  // It says that it deletes, and is gone before that ends.
  const engine = startEngine({ ...options, workerPath: mortal })
  const deletions: DeletionProgress[] = []
  const deleting = new Promise<void>((resolve) =>
    engine.on('deletion', (progress) => {
      deletions.push(progress)
      resolve()
    }),
  )
  const shares: number[] = []
  engine.on('opening', ({ share }) => shares.push(share))
  expect(await rounds(engine)).toBe(0)
  await deleting
  expect(existsSync(join(folder, 'store', 'store.lock'))).toBe(true)
  const failed = new Promise((resolve) => {
    engine.onFailure(resolve)
  })
  writeFileSync(sign, '')
  expect(await failed).toMatchObject({ code: 'internal' })
  // The page would show it as running for ever.
  expect(deletions.slice(1)).toMatchObject([{ active: false, result: null, error: { code: 'internal' } }])
  expect(shares).toEqual([0.4, 1])
  expect(await engine.call('progress')).toMatchObject({ ok: false })
  await engine.close()
  const again = startEngine(options)
  expect(await rounds(again)).toBe(0)
  await again.close()
})

test('a folder that the user chose and that is gone is told, and not made anew with nothing in it', async () => {
  const folder = temporaryFolder()
  const dataFolder = join(folder, 'disk', 'history')
  const engine = startEngine({ workerPath, dataFolder, mustExist: true, timeZone: 'UTC' })
  expect(await engine.call('progress')).toMatchObject({ ok: false, error: { code: 'not-found', where: dataFolder } })
  await engine.close()
  expect(existsSync(join(folder, 'disk'))).toBe(false)
})
