import { execFileSync, spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import type { ExportRequest } from '../../src-main/contract/index'
import { openStore } from '../../src-main/engine/store/open-store'
import { expectSame } from '../fixtures/engine/expect-same'
import { buildChildFirst, EngineChild } from '../fixtures/engine/run-child'
import { newWorld, until, type World } from '../fixtures/engine/world'
import { exportTo } from '../fixtures/open-engine'
import { PATIENCE_MS } from '../fixtures/patience'

buildChildFirst()

const mounts: string[] = []
afterEach(() => {
  for (const folder of mounts.splice(0)) execFileSync('umount', ['-l', folder])
})

/** A disk of its own, held in memory; false where this process may not mount (then the test says so and is skipped). */
function mount(folder: string, options: string): boolean {
  mkdirSync(folder, { recursive: true })
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder], { stdio: 'ignore' })
    mounts.push(folder)
    // Some containers let a disk be mounted, and not be changed.
    for (const mode of ['ro', 'rw']) execFileSync('mount', ['-o', `remount,${mode}`, folder], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

const ROUNDS: ExportRequest = { what: 'rounds', format: 'ndjson' }

describe('an export', () => {
  test('larger than the system allows says so', async () => {
    const world = newWorld()
    world.log.append(400)
    await world.readOnce()
    await world.close()
    const child = new EngineChild({ shell: "trap '' XFSZ; ulimit -f 64;" })
    await child.open(world.data, { mode: 'read' })
    const path = join(world.root, 'rounds.ndjson')
    const { error } = await child.ask({ kind: 'export', request: ROUNDS, path })
    expect(error).toMatchObject({ code: 'disk-full', where: path, hint: expect.stringContaining('narrow') as string })
    expect(readdirSync(world.root)).not.toContain('rounds.ndjson')
    await child.kill()
  })

  test('whose folder goes while it is written, or was never one, says so', async () => {
    const world = newWorld()
    world.log.append(400)
    const engine = await world.readOnce()
    const folder = join(world.root, 'reports')
    mkdirSync(folder)
    const path = join(folder, 'rounds.ndjson')
    const id = engine.exportStart(ROUNDS, path)
    await engine.exportNext(id)
    rmSync(folder, { recursive: true, force: true })
    const rest = async (): Promise<void> => {
      while (!(await engine.exportNext(id)).ended) continue
    }
    await expect(rest()).rejects.toMatchObject({ code: 'not-found' })
    writeFileSync(folder, 'no folder')
    await expect(exportTo(engine, ROUNDS, path)).rejects.toMatchObject({ code: 'not-found', where: path })
  })

  test('under the name of a folder, or one too long, says so; one that just fits is taken', async () => {
    const world = newWorld()
    world.log.append(3)
    const engine = await world.readOnce()
    const folder = join(world.root, 'reports')
    mkdirSync(join(folder, 'taken'), { recursive: true })
    await expect(exportTo(engine, ROUNDS, join(folder, 'taken'))).rejects.toMatchObject({
      message: 'A folder has this name.',
    })
    const longest = 'x'.repeat(255)
    const tooLong = join(folder, `${longest}x`)
    await expect(exportTo(engine, ROUNDS, tooLong)).rejects.toMatchObject({ code: 'refused', where: tooLong })
    await exportTo(engine, ROUNDS, join(folder, longest))
    expect(readdirSync(folder).sort()).toEqual(['taken', longest])
  })

  test('that fails by a defect of the program is told as one, with its place', async () => {
    const world = newWorld()
    world.log.append(3)
    const engine = await world.readOnce()
    const path = join(world.root, 'report.json')
    // The index is gone under it: nothing the system says.
    const id = engine.exportStart(ROUNDS, path)
    engine.store.index.sql.close()
    await expect(engine.exportNext(id)).rejects.toMatchObject({
      code: 'internal',
      where: path,
      message: expect.stringMatching(/in the app while it wrote this file/) as string,
    })
    expect(readdirSync(world.root)).not.toContain('report.json')
  })
})

describe('a full disk', () => {
  /** Fills the disk of `folder` until only `leave` bytes are free. */
  function fill(folder: string, leave: number): string {
    const path = join(folder, 'filler')
    const { bavail, bsize } = statfsSync(folder)
    writeFileSync(path, Buffer.alloc(Math.max(0, bavail * bsize - leave), 1))
    return path
  }

  test('nothing is lost, it is told once, and reading goes on when there is space', async ({ skip }) => {
    const world = newWorld()
    if (!mount(world.data, 'size=1m')) skip('mounting is not permitted here')
    await world.follow()
    world.log.append(3)
    await world.caughtUp()
    const filler = fill(world.data, 4096)
    world.log.append(200)
    await until(() => world.notices.length > 0, 'the full disk is told')
    expect(world.notices).toMatchObject([{ level: 'error', code: 'disk-full' }])
    world.log.append(20)
    // Several more tries fail without being told again.
    const stored = world.engine.store.index.requestCount()
    await world.engine.readOnce(world.paths).catch((error: unknown) => {
      expect(error).toMatchObject({ code: 'disk-full' })
    })
    expect(world.engine.store.index.requestCount()).toBe(stored)
    expect(world.notices).toHaveLength(1)
    rmSync(filler)
    await world.expectExact()
  })

  test('reading once fails with the reason instead of ending with a part', async ({ skip }) => {
    const world = newWorld()
    if (!mount(world.data, 'size=256k')) skip('mounting is not permitted here')
    world.log.append(3)
    const engine = await world.open()
    const filler = fill(world.data, 0)
    await expect(engine.readOnce(world.paths)).rejects.toMatchObject({ code: 'disk-full' })
    rmSync(filler)
    await until(() => engine.store.index.requestCount() === 3, 'the retry')
    expectSame(engine, world.log.maker.requests)
  })

  test('the index that could not be saved is told, the former one stays, and the next start is right', async ({
    skip,
  }) => {
    const world = newWorld()
    if (!mount(world.data, 'size=1m')) skip('mounting is not permitted here')
    world.log.append(3)
    await world.readOnce()
    await world.close()
    const before = statSync(join(world.data, 'index.snapshot')).size
    await world.readOnce()
    world.log.append(3)
    await world.engine.readOnce(world.paths)
    const filler = fill(world.data, 8192)
    await world.close()
    expect(world.notices).toMatchObject([{ code: 'disk-full', where: join(world.data, 'index.snapshot') }])
    expect(statSync(join(world.data, 'index.snapshot')).size).toBe(before)
    expect(readdirSync(world.data).filter((name) => name.endsWith('.tmp'))).toEqual([])
    rmSync(filler)
    await world.expectExact()
  })

  test('a store that cannot be begun for lack of space says so', async ({ skip }) => {
    const world = newWorld()
    if (!mount(world.data, 'size=64k')) skip('mounting is not permitted here')
    fill(world.data, 0)
    await expect(world.open()).rejects.toMatchObject({ code: 'disk-full' })
  })

  test('an export says so, leaves nothing behind, and is written when there is space', async ({ skip }) => {
    const world = newWorld()
    const disk = join(world.root, 'disk')
    if (!mount(disk, 'size=64k')) skip('mounting is not permitted here')
    world.log.append(200)
    const engine = await world.readOnce()
    const path = join(disk, 'rounds.ndjson')
    const filler = fill(disk, 8192)
    await expect(exportTo(engine, ROUNDS, path)).rejects.toMatchObject({ code: 'disk-full', where: path })
    expect(readdirSync(disk)).toEqual(['filler'])
    rmSync(filler)
    execFileSync('mount', ['-o', 'remount,ro', disk])
    await expect(exportTo(engine, ROUNDS, path)).rejects.toMatchObject({ code: 'read-only', where: path })
    execFileSync('mount', ['-o', 'remount,rw,size=4m', disk])
    await exportTo(engine, ROUNDS, path)
    expect(readdirSync(disk)).toEqual(['rounds.ndjson'])
  })

  test('a limit on the size of files is an error like any other', async () => {
    const world = newWorld()
    world.log.append(60)
    // 512-byte units; the signal that comes with it is ignored, so that the write fails instead.
    const child = new EngineChild({ shell: "trap '' XFSZ; ulimit -f 4;" })
    expect(await child.open(world.data)).toMatchObject({ error: null })
    const { error } = await child.ask({ kind: 'readOnce', paths: world.paths })
    expect(error).not.toBeNull()
    await child.kill()
    await world.expectExact()
  })
})

test('a read-only disk is told in words, and can still be read', async ({ skip }) => {
  const world = newWorld()
  if (!mount(world.data, 'size=4m')) skip('mounting is not permitted here')
  world.log.append(3)
  await world.readOnce()
  await world.close()
  execFileSync('mount', ['-o', 'remount,ro', world.data])
  await expect(world.open()).rejects.toMatchObject({ code: 'read-only', hint: expect.any(String) as string })
  const store = await openStore({ mode: 'read', dataFolder: world.data, timeZone: 'UTC' })
  expect(store.index.requestCount()).toBe(3)
  store.close()
  execFileSync('mount', ['-o', 'remount,rw', world.data])
  await world.expectExact()
})

const NOBODY = 65_534

/** Whether this process may drop its rights, if it has any that an ordinary user has not, and who has none can work then. */
function canBeOrdinary(): boolean {
  if (process.getuid?.() !== 0) return true
  const folder = mkdtempSync(join(tmpdir(), 'asm-ordinary-'))
  try {
    chownSync(folder, NOBODY, NOBODY)
    const look = `require('node:fs').readdirSync(${JSON.stringify(folder)})`
    return spawnSync(process.execPath, ['-e', look], { uid: NOBODY, gid: NOBODY, cwd: '/' }).status === 0
  } catch {
    return false
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

describe.skipIf(process.platform === 'win32' || !canBeOrdinary())('permission', () => {
  /** A child without rights of its own over the files of `world`, but for what every user has. */
  function ordinaryUser(world: World): EngineChild {
    if (process.getuid?.() !== 0) return new EngineChild()
    for (const folder of [world.root, world.log.path]) chownSync(folder, NOBODY, NOBODY)
    return new EngineChild({ uid: NOBODY, gid: NOBODY })
  }

  test('of a file taken before it was opened, and given back', async () => {
    const world = newWorld()
    world.log.append(3)
    world.log.append(2, '.1')
    chmodSync(world.log.file(), 0o000)
    const child = ordinaryUser(world)
    expect(await child.open(world.data)).toMatchObject({ error: null })
    await child.ask({ kind: 'watch', paths: world.paths })
    await untilChild(child, (answer) => answer.sourceErrors.includes('permission') && answer.requests === 2)
    chmodSync(world.log.file(), 0o644)
    await untilChild(child, (answer) => answer.sourceErrors.length === 0 && answer.requests === 5)
    await end(child, world)
  })

  test('of the folder taken while it is followed, and given back', async () => {
    const world = newWorld()
    world.log.append(3)
    const child = ordinaryUser(world)
    expect(await child.open(world.data)).toMatchObject({ error: null })
    await child.ask({ kind: 'watch', paths: world.paths })
    await untilChild(child, (answer) => answer.requests === 3)
    chmodSync(world.log.path, 0o000)
    await untilChild(child, (answer) => answer.sourceErrors.includes('permission'))
    chmodSync(world.log.path, 0o755)
    world.log.append(2)
    world.log.rotate()
    world.log.append(1)
    await untilChild(child, (answer) => answer.sourceErrors.length === 0 && answer.requests === 6)
    await end(child, world)
  })

  test('of a folder to export to missing is told in words', async () => {
    const world = newWorld()
    world.log.append(3)
    const child = ordinaryUser(world)
    await child.open(world.data)
    await child.ask({ kind: 'readOnce', paths: world.paths })
    const folder = join(world.root, 'reports')
    mkdirSync(folder)
    chmodSync(folder, 0o555)
    const path = join(folder, 'rounds.ndjson')
    const { error } = await child.ask({ kind: 'export', request: ROUNDS, path })
    expect(error).toMatchObject({ code: 'permission', where: path, hint: expect.any(String) as string })
    await end(child, world)
  })

  test('of the data folder missing is told in words', async () => {
    const world = newWorld()
    mkdirSync(world.data)
    chmodSync(world.data, 0o555)
    const child = ordinaryUser(world)
    const { error } = await child.open(world.data)
    expect(error).toMatchObject({ code: 'permission', message: expect.stringContaining('data folder') as string })
    await child.kill()
  })

  test('of a data folder that may not be read is told as such, not as one without data', async () => {
    const world = newWorld()
    world.log.append(3)
    await world.readOnce()
    await world.close()
    chmodSync(world.data, 0o000)
    const child = ordinaryUser(world)
    const { error } = await child.open(world.data, { mode: 'read' })
    expect(error).toMatchObject({ code: 'permission', message: 'The data folder may not be read.' })
    await child.kill()
    chmodSync(world.data, 0o755)
  })

  async function end(child: EngineChild, world: World): Promise<void> {
    await child.ask({ kind: 'close' })
    await child.kill()
    await world.expectExact()
  }
})

describe('no free file descriptors', () => {
  test('hundreds of rotations are read although only few files may be open', async () => {
    const world = newWorld()
    for (let number = 1; number <= 150; number += 1) world.log.append(1, `.${String(number)}`)
    const child = new EngineChild({ shell: 'ulimit -n 64;' })
    await child.open(world.data)
    expect(await child.ask({ kind: 'readOnce', paths: world.paths })).toMatchObject({ error: null, requests: 150 })
    await child.ask({ kind: 'close' })
    await child.kill()
    await world.expectExact()
  })

  test('it is told, and reading goes on when there are some', async () => {
    const world = newWorld()
    world.log.append(3)
    const child = new EngineChild({ shell: 'ulimit -n 64;' })
    await child.open(world.data)
    await child.ask({ kind: 'holdDescriptors' })
    await child.ask({ kind: 'watch', paths: world.paths })
    await untilChild(child, (answer) => answer.sourceErrors.includes('too-many-files'))
    await child.ask({ kind: 'releaseDescriptors' })
    await untilChild(child, (answer) => answer.sourceErrors.length === 0 && answer.requests === 3)
    await child.ask({ kind: 'close' })
    await child.kill()
    await world.expectExact()
  })
})

type Answer = Awaited<ReturnType<EngineChild['ask']>>

async function untilChild(child: EngineChild, met: (answer: Answer) => boolean): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS
  for (;;) {
    const answer = await child.ask({ kind: 'status' })
    if (met(answer)) return
    if (performance.now() > deadline) throw new Error(`The child got only to ${JSON.stringify(answer)}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
