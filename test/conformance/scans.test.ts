import {
  copyFileSync,
  existsSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  watch,
  writeFileSync,
} from 'node:fs'
import { once } from 'node:events'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test, vi } from 'vitest'
import { Discovery } from '../../src-main/engine/tail/discover'
import { expectSame } from '../fixtures/engine/expect-same'
import { LogFolder } from '../fixtures/engine/log-writer'
import { newWorld, row, until } from '../fixtures/engine/world'

/** Runs `happen` once, between the first scan's listing and the opening of what it found. */
function betweenScanAndOpen(happen: () => void): void {
  const scan = Discovery.prototype.scan
  vi.spyOn(Discovery.prototype, 'scan').mockImplementationOnce(function (this: Discovery, path) {
    const found = scan.call(this, path)
    happen()
    return found
  })
}

describe('between a scan and the opening of what it found', () => {
  test('the log is rotated by rename', async () => {
    const world = newWorld()
    const { log } = world
    log.append(3)
    log.append(2, '.1')
    const engine = await world.open()
    betweenScanAndOpen(() => {
      log.rotate()
      log.append(2)
    })
    await engine.readOnce(world.paths)
    expectSame(engine, log.maker.requests)
    await world.expectExact()
  })

  test('compressed rotations move on', async () => {
    const world = newWorld()
    const { log } = world
    log.append(3)
    log.rotate()
    log.gzip()
    log.append(5)
    const engine = await world.open()
    betweenScanAndOpen(() => {
      log.rotate()
      log.gzip()
      log.append(2)
    })
    await engine.readOnce(world.paths)
    expectSame(engine, log.maker.requests)
    await world.expectExact()
  })

  test('a rotation is compressed', async () => {
    const world = newWorld()
    const { log } = world
    log.append(3)
    log.rotate()
    log.append(1)
    const engine = await world.open()
    betweenScanAndOpen(() => {
      log.gzip()
    })
    await engine.readOnce(world.paths)
    expectSame(engine, log.maker.requests)
  })

  test('a file is deleted', async () => {
    const world = newWorld()
    const { log } = world
    writeFileSync(log.file('.2'), '{"path":"/gone"}\n')
    log.append(3)
    const engine = await world.open()
    betweenScanAndOpen(() => {
      rmSync(log.file('.2'))
    })
    await engine.readOnce(world.paths)
    expectSame(engine, log.maker.requests)
    expect(engine.sourcesStatus().sources[0]?.error).toBeNull()
  })

  test('the whole folder vanishes and comes back', async () => {
    const world = newWorld()
    const { log } = world
    log.append(3)
    betweenScanAndOpen(() => {
      renameSync(log.path, `${log.path}-away`)
    })
    await world.follow()
    await until(() => world.engine.sourcesStatus().sources[0]?.error?.code === 'not-found', 'the loss is told')
    renameSync(`${log.path}-away`, log.path)
    await world.expectExact()
  })
})

row('hundreds of rotations, more than are kept open', async ({ log, event }) => {
  for (let number = 1; number <= 60; number += 1) log.append(1, `.${String(number)}`)
  await event(() => {
    log.append(1)
    log.append(1, '.60')
    log.append(1, '.3')
  })
})

row('the clock is set back: files and lines are older than those before them', async ({ log, event }) => {
  log.append(3)
  await event(() => {
    log.append(2, '', { time: Date.UTC(2025, 5, 1) })
    utimesSync(log.file(), new Date(2001, 1, 1), new Date(2001, 1, 1))
  })
  await event(() => {
    log.rotate()
    log.append(2, '', { time: Date.UTC(2024, 5, 1) })
    utimesSync(log.file(), new Date(2000, 1, 1), new Date(2000, 1, 1))
  })
})

test('a folder on which file events do not come is read by polling', async () => {
  const world = newWorld()
  world.options = { tuning: { fileEvents: false } }
  const { log } = world
  log.append(2)
  await world.follow()
  await world.caughtUp()
  log.append(2)
  await world.caughtUp()
  log.rotate()
  log.append(2)
  await world.expectExact()
})

test('with file events, nothing waits for the next poll', async ({ skip }) => {
  const world = newWorld()
  if (!(await tellsOfChanges(world.log.path))) skip('No file events are to be had here.')
  world.options = { tuning: { pollMs: 3_600_000 } }
  const { log } = world
  log.append(2)
  await world.follow()
  await world.caughtUp()
  log.append(2)
  await world.caughtUp()
  log.rotate()
  log.append(2)
  await world.caughtUp()
  expectSame(world.engine, log.maker.requests)
})

/** Whether the system tells of changes in a folder: not on every file system, nor when its watches are used up. */
async function tellsOfChanges(folder: string): Promise<boolean> {
  try {
    const watcher = watch(folder)
    const told = Promise.race([
      once(watcher, 'change').then(() => true),
      new Promise<boolean>((resolve) => setTimeout(resolve, 20_000, false)),
    ])
    writeFileSync(join(folder, 'something'), '')
    const does = await told
    watcher.close()
    rmSync(join(folder, 'something'))
    return does
  } catch {
    return false
  }
}

describe('the same lines reached on several ways', () => {
  test('a folder, a file in it, and the folder once more through a link and a detour', async () => {
    const world = newWorld()
    const { log } = world
    log.append(3)
    log.rotate()
    log.append(3)
    symlinkSync(log.path, join(world.root, 'linked'))
    world.paths = [log.path, log.file(), join(world.root, 'linked'), join(world.root, 'linked', 'access.log')]
    await world.follow()
    await world.caughtUp()
    log.append(2)
    await world.expectExact()
    expect(world.engine.sourcesStatus().ledger.duplicate).toBe(0)
  })

  test('a backup copy in the same folder, and a copy in another one', async () => {
    const world = newWorld()
    const { log } = world
    log.append(4)
    const copies = new LogFolder(join(world.root, 'copies'))
    copyFileSync(log.file(), join(log.path, 'backup.log'))
    copyFileSync(log.file(), log.file('.7'))
    copyFileSync(log.file(), copies.file())
    world.paths = [log.path, copies.path]
    await world.follow()
    await world.caughtUp()
    log.append(1)
    await world.expectExact()
    expect(world.engine.sourcesStatus().ledger).toMatchObject({ counted: 5, duplicate: 12, lines: 17 })
  })

  test('a request written twice by the gateway counts once', async () => {
    const world = newWorld()
    const { log } = world
    log.appendRaw(`${log.maker.line()}\n`.repeat(2))
    await world.readOnce()
    expectSame(world.engine, log.maker.requests)
    expect(world.engine.sourcesStatus().ledger).toMatchObject({ lines: 2, duplicate: 1 })
  })
})

test('other files of the folder are left alone', async () => {
  const world = newWorld()
  const { log } = world
  log.append(1)
  mkdirSync(join(log.path, 'sub'))
  writeFileSync(join(log.path, 'sub', 'access.log'), log.maker.lines(0))
  writeFileSync(join(log.path, 'error.log'), 'something failed\n'.repeat(100))
  writeFileSync(join(log.path, 'error.log.1.gz'), gzipSync('something failed\n'.repeat(100_000)))
  writeFileSync(join(log.path, 'notes.txt'), '"ai_log"')
  const engine = await world.readOnce()
  expect(engine.sourcesStatus().sources[0]?.files.map((file) => file.path)).toEqual([log.file()])
  expect(engine.sourcesStatus().ledger).toMatchObject({ lines: 1, counted: 1 })
  expect(existsSync(join(log.path, 'store.lock'))).toBe(false)
})

test('logs of any name are known by what is in them, compressed ones too', async () => {
  const world = newWorld()
  const { log } = world
  const named = new LogFolder(log.path, { name: 'gateway.log', maker: log.maker })
  named.append(2)
  named.rotate()
  named.gzip()
  named.append(2)
  await world.readOnce()
  expectSame(world.engine, log.maker.requests)
})

test('closed in the middle of a first read, the engine goes on from there', async () => {
  const world = newWorld()
  const { log } = world
  log.appendRaw(log.maker.longLines(300), '.1')
  log.appendRaw(log.maker.longLines(300))
  await world.follow()
  await until(() => world.engine.store.index.requestCount() > 0, 'reading began')
  await world.close()
  const engine = await world.open()
  expect(engine.store.index.requestCount()).toBeLessThan(600)
  await engine.readOnce(world.paths)
  expectSame(engine, log.maker.requests)
  expect(engine.sourcesStatus().ledger).toMatchObject({ lines: 600, counted: 600 })
})

test('a source that is chosen no more is read no more', async () => {
  const world = newWorld()
  const { log } = world
  log.append(2)
  await world.follow()
  await world.caughtUp()
  const other = new LogFolder(join(world.root, 'other'), { maker: log.maker })
  world.engine.watch([other.path])
  log.appendRaw(log.maker.line({ sessionId: 'not-chosen' }) + '\n')
  log.maker.forget([...log.maker.requests.keys()].at(-1)!)
  other.append(2)
  await world.caughtUp()
  expectSame(world.engine, log.maker.requests)
})
