import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Conversations } from '../../src-main/engine/sessions/conversations'
import { openStore } from '../../src-main/engine/store/open-store'
import { expectStored, TIME_ZONE } from '../fixtures/engine/expect-same'
import { buildChildFirst, EngineChild } from '../fixtures/engine/run-child'
import { newWorld, type World } from '../fixtures/engine/world'

buildChildFirst()

const readStore = (world: World) => openStore({ mode: 'read', dataFolder: world.data, timeZone: TIME_ZONE })
const lockOf = (world: World) => join(world.data, 'store.lock')

describe('two processes on one data folder', () => {
  test('the second writer is refused and told who holds it, and the first one goes on unharmed', async () => {
    const world = newWorld()
    world.log.append(3)
    const child = new EngineChild()
    await child.open(world.data)
    await child.ask({ kind: 'readOnce', paths: world.paths })
    await expect(world.open()).rejects.toMatchObject({
      code: 'store-in-use',
      message: expect.stringContaining(String(child.pid)) as string,
    })
    world.log.append(3)
    expect(await child.ask({ kind: 'readOnce', paths: world.paths })).toMatchObject({ error: null, requests: 6 })
    await child.ask({ kind: 'close' })
    await child.kill()
    await world.expectExact()
  })

  test('two writers that start at the same moment: one of them gets it', async () => {
    const world = newWorld()
    world.log.append(3)
    const children = [new EngineChild(), new EngineChild(), new EngineChild()]
    const answers = await Promise.all(children.map((child) => child.open(world.data)))
    const codes = answers.map((answer) => answer.error?.code ?? 'open').sort()
    expect(codes).toEqual(['open', 'store-in-use', 'store-in-use'])
    for (const child of children) await child.kill()
    await world.expectExact()
  })

  test('a reader sees a whole state while the other one writes, and harms nothing', async () => {
    const world = newWorld()
    world.options = { tuning: { segmentBytes: 4096, snapshotRequests: 5 } }
    const child = new EngineChild()
    await child.open(world.data, world.options)
    await child.ask({ kind: 'watch', paths: world.paths })
    let seen = 0
    for (let turn = 0; turn < 15; turn += 1) {
      world.log.append(2)
      const store = await readStore(world)
      const conversations = new Conversations(store.archive, store.index)
      const count = store.index.requestCount()
      expect(store.notices).toEqual([])
      expect(count).toBeGreaterThanOrEqual(seen)
      // Whole: what is there is the beginning of what was written, with all its texts and sums.
      expectStored(store, conversations, new Map([...world.log.maker.requests].slice(0, count)))
      seen = count
      store.close()
    }
    await child.ask({ kind: 'close' })
    await child.kill()
    await world.expectExact()
  })

  test('a reader may not watch, and writes nothing', async () => {
    const world = newWorld()
    world.log.append(3)
    await world.readOnce()
    await world.close()
    const before = statSync(join(world.data, 'index.snapshot')).mtimeMs
    const store = await readStore(world)
    await store.saveSnapshot()
    store.close()
    expect(statSync(join(world.data, 'index.snapshot')).mtimeMs).toBe(before)
    await expect(
      openStore({ mode: 'read', dataFolder: join(world.root, 'none'), timeZone: TIME_ZONE }),
    ).rejects.toMatchObject({ code: 'not-found' })
  })

  test('a second engine in the same process is refused too', async () => {
    const world = newWorld()
    const first = await world.open()
    await expect(world.open()).rejects.toMatchObject({ code: 'store-in-use' })
    await first.close()
    await world.open()
  })
})

describe('a lock that was left behind is taken over', () => {
  test('by a process that was killed', async () => {
    const world = newWorld()
    world.log.append(3)
    const child = new EngineChild()
    await child.open(world.data)
    await child.ask({ kind: 'readOnce', paths: world.paths })
    await child.kill()
    expect(JSON.parse(readFileSync(lockOf(world), 'utf8'))).toMatchObject({ pid: child.pid })
    await world.expectExact()
  })

  test.skipIf(process.platform !== 'linux')('although its number is another process now', async () => {
    const world = newWorld()
    world.log.append(1)
    await world.readOnce()
    await world.close()
    const mine = { pid: process.ppid, host: hostname(), startedAt: '1' }
    writeFileSync(lockOf(world), JSON.stringify(mine))
    await world.expectExact()
  })

  test('although it holds nonsense', async () => {
    for (const text of ['', 'nonsense', '{}', '[]', '{"pid":"x"}']) {
      const world = newWorld()
      world.log.append(1)
      await world.readOnce()
      await world.close()
      writeFileSync(lockOf(world), text)
      await world.expectExact()
    }
  })

  test('but not when another machine holds it', async () => {
    const world = newWorld()
    await world.open()
    await world.close()
    writeFileSync(lockOf(world), JSON.stringify({ pid: 1, host: 'another-machine', startedAt: null }))
    await expect(world.open()).rejects.toMatchObject({
      code: 'store-in-use',
      message: expect.stringContaining('another-machine') as string,
    })
  })
})
