import {
  appendFileSync,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { DataSelection } from '../../src-main/contract/index'
import { Archive } from '../../src-main/engine/archive/archive'
import { readableArchive, readArchiveId, recoverArchive } from '../../src-main/engine/archive/folder'
import { Engine } from '../../src-main/engine/engine'
import { EngineError } from '../../src-main/engine/base/errors'
import type { EngineTuning } from '../../src-main/engine/interface/methods'
import { verifyStore } from '../../src-main/engine/store/verify'
import { expectLedger, expectOrigins, expectSame, expectStored, TIME_ZONE } from '../fixtures/engine/expect-same'
import { LineMaker, LogFolder } from '../fixtures/engine/log-writer'
import { buildChildFirst, EngineChild } from '../fixtures/engine/run-child'
import { newWorld, until, type World } from '../fixtures/engine/world'
import { logLine } from '../fixtures/log-line'

const DAY_MS = 86_400_000
const NEW = Date.UTC(2026, 5, 1)
const OLD = NEW - 200 * DAY_MS
const older: DataSelection = { olderThan: NEW - 90 * DAY_MS }

/** Ten sessions of which the even ones are old, in turn, in blocks of their own every few requests. */
async function worldOfOldAndNew(rounds = 6): Promise<World> {
  const world = newWorld()
  world.options = { tuning: { segmentBytes: 20_000 } }
  const engine = await world.open()
  for (let round = 0; round < rounds; round += 1) {
    for (let session = 0; session < 10; session += 1) {
      const time = (session % 2 === 0 ? OLD : NEW) + round * 60_000 + session
      world.log.append(1, '', { sessionId: `s${String(session)}`, time })
    }
    await engine.readOnce(world.paths)
  }
  return world
}

/** Three sessions a day, in a block a day. */
async function worldOfDays(days: number): Promise<World> {
  const world = newWorld()
  const engine = await world.open()
  for (let day = 0; day < days; day += 1) {
    for (let number = 0; number < 3; number += 1) {
      const sessionId = `day ${String(day)}, ${String(number)}`
      world.log.append(1, '', { sessionId, time: NEW + day * DAY_MS + number })
    }
    await engine.readOnce(world.paths)
  }
  return world
}

const dayOf = (sessionId: string) => Number(/\d+/.exec(sessionId)?.[0])

/** The oracle expects them no more. Returns what it knew of them. */
function forget(world: World, gone: (request: { sessionId: string; requestId: string }) => boolean) {
  const forgotten = [...world.log.maker.requests.values()].filter(gone)
  for (const { requestId } of forgotten) world.log.maker.forget(requestId)
  return forgotten
}

const isOld = ({ sessionId }: { sessionId: string }) => Number(sessionId.slice(1)) % 2 === 0

/** All stored bytes of the archive's requests. */
function archivedText(world: World): string {
  const archive = new Archive(join(world.data, 'archive'), { writable: false })
  let text = ''
  archive.replay(null, (records) => {
    for (const record of records) if (record.kind === 'request') text += record.stored.toString()
  })
  archive.close()
  return text
}

/** Expects an index made anew to agree, and every line to be put together again as it was read. */
async function expectSound(world: World, requests: number): Promise<void> {
  await world.close()
  const found = await verifyStore({ dataFolder: world.data, timeZone: TIME_ZONE }, { lines: true })
  expect(found).toMatchObject({ requests, problems: [], differences: [], linesChecked: requests, badLines: [] })
}

/** The store as another process reads it. */
function openReader({ data }: World, tuning: EngineTuning = {}): Promise<Engine> {
  return Engine.open({ dataFolder: data, timeZone: TIME_ZONE, mode: 'read', tuning })
}

describe('older than', () => {
  test('old sessions are gone whole, the others are as they were, and reading goes on', async () => {
    const world = await worldOfOldAndNew()
    const { engine } = world
    expect(engine.selectionSize(older)).toEqual({ sessions: 5, rounds: 30 })
    const { revision } = engine.overview({ recentLimit: 0 })
    const { result } = await engine.delete(older)
    expect(result).toMatchObject({ sessions: 5, rounds: 30 })
    expect(result?.freedBytes).toBeGreaterThan(0)
    const forgotten = forget(world, isOld)
    expect(forgotten.length).toBe(30)
    expect(engine.overview({ recentLimit: 0 }).revision).toBeGreaterThan(revision)
    expectSame(engine, world.log.maker.requests)
    expectOrigins(engine)
    expect(engine.sourcesStatus().ledger).toMatchObject({ lines: 60, counted: 30, deleted: 30 })
    const text = archivedText(world)
    for (const { requestId } of forgotten) expect(text).not.toContain(requestId)
    // A kept session goes on from its history, a deleted one begins anew.
    world.log.append(1, '', { sessionId: 's1', time: NEW + DAY_MS })
    world.log.append(1, '', { sessionId: 's2', time: NEW + DAY_MS })
    await engine.readOnce(world.paths)
    expectSame(engine, world.log.maker.requests)
    await world.close()
    await world.readOnce()
    expectSame(world.engine, world.log.maker.requests)
    expect(world.notices).toEqual([])
    await expectSound(world, 32)
  })

  test('what was deleted stays deleted where its lines are met again: compressed, copied, after a restart', async () => {
    const world = await worldOfOldAndNew(3)
    await world.engine.delete({ olderThan: OLD - DAY_MS })
    await world.engine.delete(older)
    forget(world, isOld)
    world.log.rotate()
    await world.engine.readOnce(world.paths)
    world.log.gzip()
    await world.engine.readOnce(world.paths)
    expect(world.engine.overview({ recentLimit: 0 }).totals.rounds).toBe(15)
    expectLedger(world.engine)
    expect(world.engine.sourcesStatus().ledger).toMatchObject({ counted: 15, duplicate: 15, deleted: 30 })
    // A later deletion knows of the lines of the former one, and an index made anew knows of both.
    await world.engine.delete({ olderThan: NEW - DAY_MS })
    await world.close()
    writeFileSync(join(world.data, 'index.snapshot'), '')
    const copy = join(world.root, 'copy')
    mkdirSync(copy)
    copyFileSync(world.log.file('.1.gz'), join(copy, 'access.log.3.gz'))
    appendFileSync(join(copy, 'access.log'), '')
    const engine = await world.open()
    await engine.readOnce([world.log.path, copy])
    expect(engine.overview({ recentLimit: 0 }).totals.rounds).toBe(15)
    expectLedger(engine)
  })

  test('all of it, twice, and with nothing left to delete', async () => {
    const world = await worldOfOldAndNew(2)
    const { engine } = world
    await engine.delete(older)
    forget(world, isOld)
    expect((await engine.delete(older)).result).toEqual({ sessions: 0, rounds: 0, freedBytes: 0 })
    expectSame(engine, world.log.maker.requests)
    await engine.delete({ olderThan: NEW + DAY_MS })
    forget(world, () => true)
    expectSame(engine, world.log.maker.requests)
    world.log.append(3)
    await engine.readOnce(world.paths)
    await world.expectExact()
  })

  test('an index saved before is not taken for that of the new archive', async () => {
    const world = await worldOfOldAndNew(2)
    await world.close()
    const [snapshot, kept] = [join(world.data, 'index.snapshot'), join(world.root, 'kept')]
    copyFileSync(snapshot, kept)
    const engine = await world.open()
    await engine.delete(older)
    forget(world, isOld)
    await world.close()
    copyFileSync(kept, snapshot)
    await world.expectExact()
    expect(world.notices).toEqual([])
  })

  test('the index made anew from the archive is the one in use', async () => {
    const world = await worldOfOldAndNew()
    await world.engine.delete(older)
    forget(world, isOld)
    await world.close()
    writeFileSync(join(world.data, 'index.snapshot'), '')
    await world.readOnce()
    expectSame(world.engine, world.log.maker.requests)
  })

  test('twice in one run, the gaps are still those of deleted requests to an index made anew', async () => {
    const world = await worldOfDays(4)
    await world.engine.delete({ olderThan: NEW + DAY_MS })
    await world.engine.delete({ olderThan: NEW + 2 * DAY_MS })
    forget(world, ({ sessionId }) => dayOf(sessionId) < 2)
    expectSame(world.engine, world.log.maker.requests)
    await world.close()
    rmSync(join(world.data, 'index.snapshot'))
    await world.readOnce()
    // Taken for lost, they would be read from the logs again.
    expect(world.notices).toEqual([])
    expectSame(world.engine, world.log.maker.requests)
  })

  test('prices changed and changed back meanwhile leave the costs of neither', async () => {
    const world = await worldOfDays(30)
    const { engine } = world
    const models = engine.prices().models.flatMap(({ model }) => model ?? [])
    const rates = { cacheRead: null, cacheWrite: null, cacheWriteHour: null, reasoning: null, from: null }
    const deletion = engine.delete({ olderThan: NEW + DAY_MS })
    const reaches = (blocks: number) =>
      until(() => engine.deletion().done >= blocks, `block ${String(blocks)} is written`, setImmediate)
    await reaches(5)
    for (const model of models) engine.setPrice({ model, input: 1e5, output: 1e5, ...rates })
    await reaches(15)
    for (const model of models) engine.resetPrice(model)
    expect(engine.deletion().active).toBe(true)
    await deletion
    await engine.repriced()
    const { costUsd } = engine.overview({ recentLimit: 0 }).totals
    await world.close()
    rmSync(join(world.data, 'index.snapshot'))
    const anew = await world.open()
    expect(anew.overview({ recentLimit: 0 }).totals.costUsd).toBe(costUsd)
  })

  test('what is left of an archive that was replaced before is in nobody’s way', async () => {
    const world = await worldOfOldAndNew(2)
    mkdirSync(join(world.data, 'archive.former'))
    writeFileSync(join(world.data, 'archive.former', '00000001.segment'), '')
    expect(await world.engine.delete(older)).toMatchObject({ error: null, result: { rounds: 10 } })
    expect(readdirSync(world.data)).not.toContain('archive.former')
  })

  test('a search of before has ended, and is not taken for one begun after', async () => {
    const world = await worldOfOldAndNew(2)
    const { engine } = world
    const before = engine.searchStart({ text: 'question', limit: 100 })
    await engine.delete(older)
    expect(engine.searchStart({ text: 'question', limit: 100 })).not.toBe(before)
    await expect(engine.searchNext(before)).rejects.toMatchObject({ code: 'not-found' })
  })

  test('queries are answered meanwhile; what is written meanwhile is read afterwards', async () => {
    const world = await worldOfOldAndNew()
    const { engine } = world
    engine.watch(world.paths)
    const progress: number[] = []
    engine.on('deletion', ({ done }) => {
      progress.push(done)
    })
    const deletion = engine.delete(older)
    world.log.append(2, '', { sessionId: 's3', time: NEW + DAY_MS })
    expect(engine.deletion().active).toBe(true)
    expect(() => {
      engine.startDeletion(older)
    }).toThrow('in progress')
    expect(engine.overview({ recentLimit: 0 }).totals.rounds).toBe(60)
    await deletion
    forget(world, isOld)
    await world.caughtUp()
    await until(() => progress.length > 0, 'progress is told')
    expectSame(engine, world.log.maker.requests)
  })

  test('cancelled, nothing has changed', async () => {
    const world = await worldOfOldAndNew()
    const deletion = world.engine.delete(older)
    world.engine.cancelDeletion()
    expect(await deletion).toMatchObject({ active: false, result: null, error: null })
    expectSame(world.engine, world.log.maker.requests)
    expect(readdirSync(world.data)).not.toContain('archive.next')
    await world.expectExact()
  })

  test('closed meanwhile, nothing has changed, and the next start goes on with it before it reads', async () => {
    const world = await worldOfOldAndNew()
    await world.close()
    const engine = await world.open()
    const told: boolean[] = []
    engine.on('deletion', ({ active }) => told.push(active))
    engine.startDeletion(older)
    await world.close()
    // Whoever shows how far it is has to know that it ended.
    expect(told).toEqual([true, false])
    const reader = await openReader(world)
    expect(reader.overview({ recentLimit: 0 }).totals.rounds).toBe(60)
    expect(reader.notices).toMatchObject([{ code: 'interrupted' }])
    await reader.close()

    const next = await world.open()
    expect(world.notices).toMatchObject([{ code: 'interrupted' }])
    expect(next.deletion().active).toBe(true)
    await next.readOnce(world.paths)
    expect(next.deletion()).toMatchObject({ active: false, result: { sessions: 5, rounds: 30 } })
    forget(world, isOld)
    await world.expectExact()
    expect(world.notices).toHaveLength(1)
  })

  test('cancelled by the user, it is gone on with by nobody', async () => {
    const world = await worldOfOldAndNew()
    const deletion = world.engine.delete(older)
    world.engine.cancelDeletion()
    await deletion
    await world.close()
    const engine = await world.open()
    expect(engine.deletion().active).toBe(false)
    await world.expectExact()
    expect(world.notices).toEqual([])
  })

  test('another one asked for while it is gone on with comes after it', async () => {
    const world = await worldOfDays(4)
    world.engine.startDeletion({ olderThan: NEW + DAY_MS })
    await world.close()
    const engine = await world.open()
    expect(await engine.delete({ olderThan: NEW + 2 * DAY_MS })).toMatchObject({ result: { sessions: 3 } })
    forget(world, ({ sessionId }) => dayOf(sessionId) < 2)
    await world.expectExact()
  })

  test('one that cannot be kept for the next start is not begun', async () => {
    const world = await worldOfOldAndNew()
    mkdirSync(join(world.data, 'deletion.json'))
    writeFileSync(join(world.data, 'deletion.json', 'in the way'), '')
    expect(() => {
      world.engine.startDeletion(older)
    }).toThrow(EngineError)
    expect(world.engine.deletion().active).toBe(false)
    rmSync(join(world.data, 'deletion.json'), { recursive: true })
    expectSame(world.engine, world.log.maker.requests)
  })

  // Windows lets nobody move a folder of which a file is open.
  test.runIf(process.platform !== 'win32')('closed meanwhile where the data folder is gone, none is made', async () => {
    const world = await worldOfOldAndNew()
    world.engine.startDeletion(older)
    renameSync(world.data, `${world.data}.away`)
    await world.close()
    expect(existsSync(world.data)).toBe(false)
    renameSync(`${world.data}.away`, world.data)
    // The lock was away when it was given back.
    rmSync(join(world.data, 'store.lock'))
    forget(world, isOld)
    await world.expectExact()
  })

  test('a damaged block is no reason to lose more: it ends with an error and no effect', async () => {
    const world = await worldOfOldAndNew()
    await world.close()
    const engine = await world.open()
    const segment = join(world.data, 'archive', '00000001.segment')
    const bytes = readFileSync(segment)
    bytes[bytes.length - 20]! ^= 255
    writeFileSync(segment, bytes)
    expect(await engine.delete(older)).toMatchObject({ active: false, result: null, error: { code: 'corrupt' } })
    expect(engine.overview({ recentLimit: 0 }).totals.rounds).toBe(60)
    expect(readdirSync(world.data)).not.toContain('archive.next')
    await world.close()
    // The next start finds the damage, and the log still holds what was lost.
    await world.readOnce()
    expectSame(world.engine, world.log.maker.requests)
  })

  test('another process that reads the store goes on with what is left', async () => {
    const world = await worldOfOldAndNew()
    const reader = await openReader(world, { pollMs: 20 })
    try {
      expectStored(reader.store, reader.conversations, world.log.maker.requests)
      await world.engine.delete(older)
      const seen: number[] = []
      reader.on('changed', ({ revision }) => seen.push(revision))
      await until(() => reader.overview({ recentLimit: 0 }).totals.rounds === 30, 'the reader sees it')
      forget(world, isOld)
      expectStored(reader.store, reader.conversations, world.log.maker.requests)
      world.log.append(1, '', { sessionId: 's1', time: NEW + DAY_MS })
      await world.engine.readOnce(world.paths)
      await until(() => reader.overview({ recentLimit: 0 }).totals.rounds === 31, 'the reader follows on')
      expectStored(reader.store, reader.conversations, world.log.maker.requests)
    } finally {
      await reader.close()
    }
  })
})

// Windows asks for a right of its own to make a link.
describe.runIf(process.platform !== 'win32')('an archive that is a link', () => {
  /** The world's archive, which is moved to `elsewhere` and linked there, through a second link. */
  function linkArchive(world: World): string {
    const [archive, elsewhere] = [join(world.data, 'archive'), join(world.root, 'disk', 'history')]
    mkdirSync(join(world.root, 'disk'))
    renameSync(archive, elsewhere)
    symlinkSync(join('..', 'disk', 'history'), join(world.data, 'linked'))
    symlinkSync('linked', archive)
    return elsewhere
  }

  test('to another folder: what is deleted is deleted there, and the link stays', async () => {
    const world = await worldOfOldAndNew()
    await world.close()
    const elsewhere = linkArchive(world)
    const engine = await world.open()
    expect(await engine.delete(older)).toMatchObject({ error: null, result: { rounds: 30 } })
    const forgotten = forget(world, isOld)
    expectSame(engine, world.log.maker.requests)
    expect(lstatSync(join(world.data, 'archive')).isSymbolicLink()).toBe(true)
    expect(readdirSync(join(world.root, 'disk'))).toEqual(['history'])
    expect(readArchiveId(elsewhere)).not.toBe('')
    const text = archivedText(world)
    for (const { requestId } of forgotten) expect(text).not.toContain(requestId)
    await world.expectExact()
    expect(world.notices).toEqual([])
  })

  test('and leads to nothing between the two renames: the next start finds what is left', async () => {
    const world = await worldOfOldAndNew(2)
    await world.close()
    const elsewhere = linkArchive(world)
    renameSync(elsewhere, `${elsewhere}.former`)
    const reader = await openReader(world)
    expectStored(reader.store, reader.conversations, world.log.maker.requests)
    await reader.close()
    await world.expectExact()
    expect(readdirSync(join(world.root, 'disk'))).toEqual(['history'])
  })

  test('in part, is not deleted from: its other part would stay where it is', async () => {
    const world = await worldOfOldAndNew()
    const segment = join(world.data, 'archive', '00000001.segment')
    renameSync(segment, join(world.root, 'segment'))
    symlinkSync(join(world.root, 'segment'), segment)
    expect(await world.engine.delete(older)).toMatchObject({ result: null, error: { code: 'refused', where: segment } })
    expectSame(world.engine, world.log.maker.requests)
  })
})

describe('a source', () => {
  /** A second log folder whose requests continue the sessions of the first. */
  async function worldOfTwo() {
    const world = newWorld()
    const other = new LogFolder(join(world.root, 'other'), { maker: world.log.maker })
    world.log.append(6)
    const engine = await world.readOnce()
    const ofFirst = new Set(world.log.maker.requests.keys())
    other.append(6)
    await engine.readOnce([other.path])
    return { world, engine, other, ofFirst }
  }

  test('is deleted with what it brought; what builds on it stands alone', async () => {
    const { world, engine, other, ofFirst } = await worldOfTwo()
    expect(engine.selectionSize({ source: world.log.path })).toEqual({ sessions: 3, rounds: 6 })
    await engine.delete({ source: world.log.path })
    forget(world, ({ requestId }) => ofFirst.has(requestId))
    expectSame(engine, world.log.maker.requests)
    expectOrigins(engine)
    expect(engine.storedSources()).toEqual([other.path])
    other.append(3)
    world.paths = [other.path]
    await engine.readOnce(world.paths)
    await world.expectExact()
    await expectSound(world, 9)
  })

  test('requests without a session id stay in the conversation that began in what was deleted', async () => {
    const world = newWorld()
    const other = join(world.root, 'other')
    mkdirSync(other)
    const messages: { role: string; content: string }[] = [{ role: 'system', content: 'You are an agent.' }]
    const round = (number: number, path: string) => {
      messages.push({ role: 'user', content: `question ${String(number)}` })
      const answer = `answer ${String(number)}`
      appendFileSync(path, `${logLine({ model: 'm', messages, answer, input_token: 1, output_token: 1 })}\n`)
      messages.push({ role: 'assistant', content: answer })
    }
    for (let number = 0; number < 3; number += 1) round(number, world.log.file())
    const engine = await world.readOnce()
    for (let number = 3; number < 5; number += 1) round(number, join(other, 'access.log'))
    await engine.readOnce([other])
    const list = () => engine.sessions({ sortBy: 'session', descending: false, offset: 0, limit: 0 }).rows
    const [before] = list()
    expect(before).toMatchObject({ rounds: 5, inferred: true })
    await engine.delete({ source: world.log.path })
    expect(list()).toMatchObject([{ sessionId: before?.sessionId, rounds: 2, inferred: true }])
    expect(engine.sessionInsights(before?.sessionId ?? '').inference).not.toBeNull()
    round(5, join(other, 'access.log'))
    await engine.readOnce([other])
    expect(list()).toMatchObject([{ sessionId: before?.sessionId, rounds: 3 }])
    await expectSound(world, 3)
  })

  test('added again, it is read as new', async () => {
    const { world, engine, other } = await worldOfTwo()
    await engine.delete({ source: world.log.path })
    world.paths = [world.log.path, other.path]
    await engine.readOnce(world.paths)
    await world.expectExact()
  })

  test('lines that another source has too are counted there', async () => {
    const world = newWorld()
    world.log.append(6)
    const copy = join(world.root, 'copy')
    mkdirSync(copy)
    copyFileSync(world.log.file(), join(copy, 'access.log'))
    world.paths = [world.log.path, copy]
    const engine = await world.readOnce()
    world.paths = [copy]
    await engine.readOnce(world.paths)
    expect(engine.sourcesStatus().ledger).toMatchObject({ counted: 6, duplicate: 6 })
    await engine.delete({ source: world.log.path })
    await world.expectExact()
    expect(world.engine.sourcesStatus().ledger).toMatchObject({ lines: 6, counted: 6, duplicate: 0 })
  })

  test('that is still watched is refused', async () => {
    const world = newWorld()
    world.log.append(1)
    await world.follow()
    expect(() => {
      world.engine.startDeletion({ source: world.log.path })
    }).toThrow('still watched')
  })

  test('a log without a single request is forgotten too', async () => {
    const world = newWorld()
    world.log.appendRaw('no json\n')
    const engine = await world.readOnce()
    expect(engine.sourcesStatus().ledger.malformed).toBe(1)
    await engine.readOnce([])
    await engine.delete({ source: world.log.path })
    expect(engine.sourcesStatus().ledger.lines).toBe(0)
    await world.close()
    expect((await world.open()).store.index.files()).toEqual([])
  })

  test('remarks go with the lines they are on', async () => {
    const world = newWorld()
    const other = join(world.root, 'other')
    mkdirSync(other)
    const odd = (question: string) =>
      logLine(
        {
          model: 'm',
          question,
          answer: 'cut [truncated] off',
          input_token: -4,
          messages: [{ role: 'user', content: question }],
        },
        { start_time: undefined },
      )
    const logs = [world.log.file(), join(other, 'access.log')]
    const mended = (id: string) =>
      logLine(
        { model: 'm', session_id: id, input_token: 1 },
        { user_agent: 'PLACE', start_time: 'Sunday noon' },
      ).replace('PLACE', '"a"')
    for (const [number, path] of logs.entries())
      writeFileSync(
        path,
        ['a', 'b'].map((id) => `${odd(id + String(number))}\n${mended(id + String(number))}\n`).join(''),
      )
    const engine = await world.readOnce()
    const before = engine.sourcesStatus().marks
    // Those of lines that were not counted stay, whatever is deleted.
    const { unlogged, cut, leftOut, broken, ...counted } = before
    expect([unlogged, cut, leftOut, broken]).toEqual([0, 0, 0, 0])
    expect(Object.entries(counted).filter(([, count]) => count === 0)).toEqual([])
    await engine.readOnce([other])
    await engine.delete({ source: world.log.path })
    expect(engine.sourcesStatus().marks).toEqual(before)
    expectLedger(engine)
  })
})

describe('kill -9', () => {
  buildChildFirst()

  /** A child that has read 400 requests, half of them old, and a deletion of these that has just begun. */
  async function deleting(world: World) {
    const maker = new LineMaker()
    const lines: string[] = []
    for (let round = 0; round < 40; round += 1) {
      for (let session = 0; session < 10; session += 1) {
        const time = (session % 2 === 0 ? OLD : NEW) + round * 60_000 + session
        lines.push(maker.line({ sessionId: `s${String(session)}`, time }))
      }
    }
    appendFileSync(world.log.file(), lines.map((line) => `${line}\n`).join(''))
    const child = new EngineChild()
    await child.open(world.data, { tuning: { segmentBytes: 20_000 } })
    await child.ask({ kind: 'readOnce', paths: world.paths })
    return { maker, child, done: child.ask({ kind: 'delete', selection: older }) }
  }

  test('at moments all over a deletion: what was agreed to is deleted by the next start', async () => {
    const first = await deleting(newWorld())
    const begun = performance.now()
    await first.done
    const took = performance.now() - begun
    await first.child.kill()
    for (let moment = 0; moment < 12; moment += 1) {
      const world = newWorld()
      const { maker, child, done } = await deleting(world)
      done.catch(() => undefined)
      await new Promise((resolve) => setTimeout(resolve, (moment / 10) * took))
      await child.kill()
      const names = readdirSync(world.data)
      const isDone = names.includes('archive') && readArchiveId(join(world.data, 'archive')) !== ''
      // Killed before it was asked, or after all of it, there is none.
      const isAgreed = names.includes('deletion.json')
      const reader = await openReader(world)
      expect([200, 400]).toContain(reader.overview({ recentLimit: 0 }).totals.rounds)
      await reader.close()

      const engine = await world.open()
      expect(world.notices.length).toBeLessThanOrEqual(1)
      await until(() => !engine.deletion().active, 'the deletion is over')
      if (isDone || isAgreed) {
        for (const request of [...maker.requests.values()].filter(isOld)) maker.forget(request.requestId)
      }
      expectSame(engine, maker.requests)
      const left = readdirSync(world.data).filter((name) => /^(?:archive\.|deletion)/.test(name))
      expect(left).toEqual([])
    }
  })

  test('again and again while it goes on with it: that is given up, and told', async () => {
    const world = newWorld()
    const { maker, child, done } = await deleting(world)
    done.catch(() => undefined)
    const kept = join(world.data, 'deletion.json')
    await until(() => existsSync(kept), 'it has begun')
    const agreed = JSON.parse(readFileSync(kept, 'utf8')) as object
    await child.kill()
    writeFileSync(kept, JSON.stringify({ ...agreed, attempts: 3 }))
    const engine = await world.open()
    expect(engine.deletion().active).toBe(false)
    expect(existsSync(kept)).toBe(false)
    const archive = readArchiveId(join(world.data, 'archive'))
    // Where the kill came after all of it, it is of an archive that is no more.
    expect(world.notices).toMatchObject(archive === '' ? [{ code: 'interrupted', level: 'warning' }] : [])
    expect(engine.overview({ recentLimit: 0 }).totals.rounds).toBe(archive === '' ? maker.requests.size : 200)
  })

  test('exactly between the two renames, a reader has what is left, also while the next writer starts', async () => {
    const world = await worldOfOldAndNew()
    await world.engine.delete(older)
    forget(world, isOld)
    await world.close()
    const archive = join(world.data, 'archive')
    renameSync(archive, join(world.data, 'archive.next'))
    mkdirSync(join(world.data, 'archive.former'))
    const reader = await openReader(world, { pollMs: 20 })
    try {
      const told: unknown[] = []
      reader.on('notice', (notice) => told.push(notice))
      expectStored(reader.store, reader.conversations, world.log.maker.requests)
      expect(reader.store.isReplaced).toBe(false)
      expect(reader.storeSize().archiveBytes).toBeGreaterThan(0)
      await world.readOnce()
      await until(() => reader.store.archive.folder === archive, 'the reader goes on in its place')
      expectStored(reader.store, reader.conversations, world.log.maker.requests)
      expect(told).toEqual([])
    } finally {
      await reader.close()
    }
  })

  // What stands in the data folder after each step of the replacement, and which archive is the one after the next start.
  test.each([
    [['archive', 'archive.next'], 'archive'],
    [['archive.former', 'archive.next'], 'archive.next'],
    [['archive', 'archive.former'], 'archive'],
    [['archive.former'], 'archive.former'],
  ])('between the renames, with %j there', (there, used) => {
    const root = newWorld().root
    for (const name of there) {
      mkdirSync(join(root, name))
      writeFileSync(join(root, name, 'archive.id'), name)
    }
    // Whoever reads before that sees the same.
    expect(readableArchive(root)).toBe(join(root, used))
    recoverArchive(root)
    expect(readArchiveId(join(root, 'archive'))).toBe(used)
    expect(readdirSync(root).filter((name) => name.startsWith('archive'))).toEqual(['archive'])
  })
})
