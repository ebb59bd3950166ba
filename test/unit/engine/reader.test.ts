import { appendFileSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished, vi } from 'vitest'
import type { SearchHit } from '../../../src-main/contract/index'
import { Engine } from '../../../src-main/engine/engine'
import { StoreLock } from '../../../src-main/engine/disk/store-lock'
import { logLine } from '../../fixtures/log-line'
import { engineOver, temporaryFolder } from '../../fixtures/open-engine'
import { eventually } from '../../fixtures/patience'

it('an engine opened to read takes in what another one stores meanwhile, and refuses to watch', async () => {
  const folder = temporaryFolder()
  const log = join(folder, 'access.log')
  const dataFolder = join(folder, 'store')
  writeFileSync(log, `${logLine({ session_id: 'a', answer: 'one' })}\n`)
  const writer = await Engine.open({ dataFolder, timeZone: 'UTC' })
  onTestFinished(() => writer.close())
  await writer.readOnce([log])

  const reader = await Engine.open({ dataFolder, timeZone: 'UTC', mode: 'read', tuning: { pollMs: 20 } })
  onTestFinished(() => reader.close())
  expect(reader.overview({ recentLimit: 0 }).totals.rounds).toBe(1)
  const changed = vi.fn()
  reader.on('changed', changed)

  appendFileSync(log, `${logLine({ session_id: 'b', answer: 'two' })}\nno request\n`)
  await writer.readOnce([log])
  await eventually(() => expect(changed).toHaveBeenCalled())
  expect(reader.overview({ recentLimit: 0 }).totals.rounds).toBe(2)
  expect(reader.sourcesStatus()).toMatchObject({
    ledger: { lines: 3, counted: 2, malformed: 1 },
    sources: [{ path: log, files: [{ path: log }] }],
  })
  expect(() => {
    reader.watch([log])
  }).toThrow('open for reading only')

  const search = reader.searchStart({ text: 'two', limit: 10 })
  expect(await hitsOf(reader, search)).toMatchObject([{ sessionId: 'b', round: 1 }])
  await expect(reader.searchNext(search)).rejects.toThrow('ended')
})

it('an archive that is away for the instant of its replacement is waited for', async () => {
  const dataFolder = await closedStore()
  renameSync(join(dataFolder, 'archive'), join(dataFolder, 'archive.former'))
  const lock = StoreLock.take(dataFolder)
  if (!(lock instanceof StoreLock)) throw new Error('The store is in use.')
  onTestFinished(() => {
    lock.release()
  })
  const opening = Engine.open({ dataFolder, timeZone: 'UTC', mode: 'read', tuning: { pollMs: 20 } })
  // It looks before anything else gets its turn, and then waits.
  await new Promise((resolve) => setImmediate(resolve))
  renameSync(join(dataFolder, 'archive.former'), join(dataFolder, 'archive'))
  const reader = await opening
  onTestFinished(() => reader.close())
  expect(reader.overview({ recentLimit: 0 }).totals.rounds).toBe(1)
  await eventually(() => expect(reader.store.archive.folder).toBe(join(dataFolder, 'archive')))
})

it('a data folder that is away is waited for without a word, and gone on with when it is back', async () => {
  const dataFolder = await closedStore()
  const reader = await Engine.open({ dataFolder, timeZone: 'UTC', mode: 'read' })
  onTestFinished(() => reader.close())
  const refused = vi.fn()
  reader.on('notice', refused)
  renameSync(dataFolder, `${dataFolder}.away`)
  expect(reader.store.isReplaced).toBe(false)
  reader.refresh()
  renameSync(`${dataFolder}.away`, dataFolder)
  // Of two renames the first was done.
  renameSync(join(dataFolder, 'archive'), join(dataFolder, 'archive.former'))
  expect(reader.store.isReplaced).toBe(true)
  renameSync(join(dataFolder, 'archive.former'), join(dataFolder, 'archive'))
  reader.refresh()
  expect(refused).not.toHaveBeenCalled()
  expect(reader.overview({ recentLimit: 0 }).totals.rounds).toBe(1)
})

it.skipIf(process.platform === 'win32')(
  'what keeps a reader from what is new is told once, not at every look',
  async () => {
    const dataFolder = await closedStore()
    const reader = await Engine.open({ dataFolder, timeZone: 'UTC', mode: 'read', tuning: { pollMs: 20 } })
    onTestFinished(() => reader.close())
    const told = vi.fn()
    reader.on('notice', told)
    const segment = join(dataFolder, 'archive', '00000001.segment')
    renameSync(segment, `${segment}.away`)
    mkdirSync(segment)
    for (let look = 0; look < 5; look += 1) reader.refresh()
    expect(told).toHaveBeenCalledTimes(1)
    rmSync(segment, { recursive: true })
    renameSync(`${segment}.away`, segment)
    reader.refresh()
    expect(told).toHaveBeenCalledTimes(1)
  },
)

/** The data folder of an engine that has read one request and was closed. */
async function closedStore(): Promise<string> {
  const writer = await engineOver([logLine({ session_id: 'a' })])
  await writer.close()
  return writer.store.dataFolder
}

/** All hits of a search. One question is answered after a few milliseconds, on a busy machine before anything was read. */
async function hitsOf(engine: Engine, search: number): Promise<SearchHit[]> {
  const hits: SearchHit[] = []
  for (;;) {
    const page = await engine.searchNext(search)
    hits.push(...page.hits)
    if (page.done) return hits
  }
}
