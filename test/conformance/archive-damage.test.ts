import { copyFileSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { encodeBlockSync } from '../../src-main/engine/archive/block'
import { FrameWriter } from '../../src-main/engine/archive/frame'
import { Archive } from '../../src-main/engine/archive/archive'
import type { BlockPlace } from '../../src-main/engine/archive/position'
import type { Damage } from '../../src-main/engine/archive/recovery'
import type { ArchiveRecord } from '../../src-main/engine/archive/records'
import { ARCHIVE_VERSION } from '../../src-main/engine/archive/segment'
import { expectLedger, expectSame } from '../fixtures/engine/expect-same'
import { newWorld, type World } from '../fixtures/engine/world'
import { exportTo } from '../fixtures/open-engine'

/** A store of several blocks: the log is read after each of `turns` appends. */
async function storeOf(turns: number, options: { readonly perTurn?: number; readonly segmentBytes?: number } = {}) {
  const world = newWorld()
  if (options.segmentBytes !== undefined) world.options = { tuning: { segmentBytes: options.segmentBytes } }
  const engine = await world.open()
  for (let turn = 0; turn < turns; turn += 1) {
    world.log.append(options.perTurn ?? 2)
    await engine.readOnce(world.paths)
  }
  await world.close()
  return world
}

function segments(world: World): string[] {
  const folder = join(world.data, 'archive')
  return readdirSync(folder)
    .filter((name) => name.endsWith('.segment'))
    .sort()
    .map((name) => join(folder, name))
}

const scratch: string[] = []

/** A folder in memory where that can be had: thousands of synced writes take long on a disk. */
function scratchFolder(): string {
  for (const parent of ['/dev/shm', tmpdir()]) {
    try {
      const folder = mkdtempSync(join(parent, 'asm-archive-'))
      scratch.push(folder)
      return folder
    } catch {
      // Not there, or not to be written to.
    }
  }
  throw new Error('There is no folder to write to.')
}

afterAll(() => {
  for (const folder of scratch) rmSync(folder, { recursive: true, force: true })
})

interface Replayed {
  readonly blocks: { readonly place: BlockPlace; readonly records: readonly ArchiveRecord[] }[]
  readonly damages: readonly Damage[]
  readonly archive: Archive
}

function replay(folder: string, writable = true): Replayed {
  const blocks: Replayed['blocks'] = []
  const archive = new Archive(folder, { writable })
  const damages = archive.replay(null, (records, place) => blocks.push({ records, place }))
  return { blocks, damages, archive }
}

function flip(path: string, offset: number): void {
  const bytes = readFileSync(path)
  bytes[offset]! ^= 0x20
  writeFileSync(path, bytes)
}

function dropSnapshot(world: World): void {
  rmSync(join(world.data, 'index.snapshot'), { force: true })
}

test('a last block torn at any of its bytes is cut off, the blocks before it are whole, and writing goes on', async () => {
  const world = await storeOf(3)
  const [path] = segments(world)
  const whole = readFileSync(path!)
  const { blocks, archive } = replay(join(world.data, 'archive'))
  archive.close()
  const last = blocks.at(-1)!
  expect(blocks.length).toBeGreaterThan(2)
  const folder = scratchFolder()
  // As text: comparing thousands of times what is equal has to be quick.
  const before = JSON.stringify(blocks.slice(0, -1))
  for (let length = last.place.offset; length < whole.length; length += 1) {
    writeFileSync(join(folder, '00000001.segment'), whole.subarray(0, length))
    const torn = replay(folder)
    expect(JSON.stringify(torn.blocks)).toBe(before)
    expect(torn.damages.map(({ kind }) => kind)).toEqual(length === last.place.offset ? [] : ['torn'])
    const writer = new FrameWriter()
    for (const record of last.records) writer.add(record)
    const content = { ...writer.take(), firstSeq: last.place.firstSeq }
    torn.archive.append(encodeBlockSync(content), content.requests)
    torn.archive.close()
    expect(readFileSync(join(folder, '00000001.segment')).equals(whole)).toBe(true)
  }
})

test('a flipped bit anywhere in a block in the middle: that block is lost and told, the others are whole', async () => {
  const world = await storeOf(3)
  const [path] = segments(world)
  const whole = readFileSync(path!)
  const { blocks, archive } = replay(join(world.data, 'archive'), false)
  archive.close()
  const { offset } = blocks[1]!.place
  const next = blocks[2]!.place.offset
  const folder = scratchFolder()
  const others = JSON.stringify(blocks.filter((_, index) => index !== 1))
  for (let at = offset; at < next; at += 1) {
    const bytes = Buffer.from(whole)
    bytes[at]! ^= 1 << (at % 8)
    writeFileSync(join(folder, '00000001.segment'), bytes)
    const read = replay(folder, false)
    expect(JSON.stringify(read.blocks)).toBe(others)
    expect(read.damages).toMatchObject([{ kind: 'damaged', offset, bytes: next - offset }])
    read.archive.close()
  }
})

describe('a damaged block', () => {
  test.each([
    ['in the middle', 1],
    ['at the start', 0],
    ['at the end', -1],
  ])('%s: what the logs still hold comes back, with whole conversations', async (_, index) => {
    const world = await storeOf(5, { perTurn: 4 })
    const { blocks, archive } = replay(join(world.data, 'archive'), false)
    archive.close()
    dropSnapshot(world)
    flip(segments(world)[0]!, blocks.at(index)!.place.offset + 60)
    const engine = await world.open()
    expect(world.notices).toMatchObject([{ code: 'corrupt', level: 'error' }])
    expect(engine.store.index.requestCount()).toBeLessThan(20)
    await engine.readOnce(world.paths)
    expectSame(engine, world.log.maker.requests)
    await world.expectExact()
    // And once more from the archive alone, damage and mending both in it.
    await world.close()
    dropSnapshot(world)
    await world.expectExact()
  })

  test('is mended although the program is closed before the logs were there again', async () => {
    const world = await storeOf(4, { perTurn: 3 })
    const { blocks, archive } = replay(join(world.data, 'archive'), false)
    archive.close()
    dropSnapshot(world)
    flip(segments(world)[0]!, blocks[1]!.place.offset + 60)
    await world.open()
    await world.close()
    await world.expectExact()
  })

  test('of which the log is gone: the rest is right, the loss is told, nothing is doubled', async () => {
    const world = await storeOf(3, { perTurn: 3 })
    const { blocks, archive } = replay(join(world.data, 'archive'), false)
    archive.close()
    dropSnapshot(world)
    flip(segments(world)[0]!, blocks[1]!.place.offset + 60)
    rmSync(world.log.file())
    world.log.append(2)
    const engine = await world.readOnce()
    expect(world.notices).toMatchObject([{ code: 'corrupt', level: 'error' }])
    expect(engine.store.index.requestCount()).toBe(3 * 3 - 3 + 2)
    expectLedger(engine)
    const { rows } = engine.sessions({ sortBy: 'session', descending: false, offset: 0, limit: 0 })
    for (const { sessionId, rounds } of rows) {
      expect(engine.sessionRounds({ sessionId, from: 1, limit: 500 }).rounds.length).toBe(rounds)
      await exportTo(engine, { what: 'session', format: 'json', sessionId }, join(world.root, 'session.json'))
      const shown = readFileSync(join(world.root, 'session.json'), 'utf8')
      expect(JSON.parse(shown)).toMatchObject({ messages_count: rounds })
    }
  })

  test('that a snapshot hides: told when it is asked for, mended at the next start', async () => {
    const world = await storeOf(4, { perTurn: 3 })
    const { blocks, archive } = replay(join(world.data, 'archive'), false)
    archive.close()
    flip(segments(world)[0]!, blocks[1]!.place.offset + 60)
    const engine = await world.open()
    expect(world.notices).toEqual([])
    const { rows } = engine.sessions({ sortBy: 'session', descending: false, offset: 0, limit: 0 })
    expect(rows.reduce((sum, { rounds }) => sum + rounds, 0)).toBe(12)
    let told = 0
    for (const { sessionId } of rows) {
      try {
        engine.sessionRounds({ sessionId, from: 1, limit: 500 })
      } catch (error) {
        expect(error).toMatchObject({ code: 'corrupt' })
        told += 1
      }
    }
    expect(told).toBeGreaterThan(0)
    await world.close()
    await world.expectExact()
  })

  test('is not asked for by requests that follow: their histories are kept whole once more', async () => {
    const world = await storeOf(3, { perTurn: 3 })
    const { blocks, archive } = replay(join(world.data, 'archive'), false)
    archive.close()
    flip(segments(world)[0]!, blocks.at(-1)!.place.offset + 60)
    world.log.append(6)
    await world.readOnce()
    await world.close()
    dropSnapshot(world)
    await world.expectExact()
  })
})

test('a segment that is gone is told, and its requests are read again', async () => {
  const world = await storeOf(6, { perTurn: 3, segmentBytes: 1024 })
  expect(segments(world).length).toBeGreaterThan(3)
  dropSnapshot(world)
  rmSync(segments(world)[1]!)
  await world.readOnce()
  expect(world.notices).toMatchObject([{ code: 'corrupt', message: /missing from the archive/ }])
  await world.expectExact()
})

test('an archive that lost its end is told, although the saved index knows more', async () => {
  const world = await storeOf(4, { perTurn: 3 })
  const { blocks, archive } = replay(join(world.data, 'archive'), false)
  archive.close()
  const [path] = segments(world)
  writeFileSync(path!, readFileSync(path!).subarray(0, blocks.at(-1)!.place.offset))
  await world.readOnce()
  expect(world.notices).toMatchObject([{ code: 'corrupt', message: /archive ends before/ }])
  await world.expectExact()
})

test('zeros at the end, as a loss of power leaves them, are cut off', async () => {
  const world = await storeOf(3)
  dropSnapshot(world)
  const [path] = segments(world)
  writeFileSync(path!, Buffer.concat([readFileSync(path!), Buffer.alloc(5000)]))
  const before = statSync(path!).size
  await world.readOnce()
  expect(world.notices).toMatchObject([{ level: 'info' }])
  expect(statSync(path!).size).toBeLessThan(before)
  await world.expectExact()
})

test('a damaged end is kept aside before it is cut off', async () => {
  const world = await storeOf(3)
  dropSnapshot(world)
  const { blocks, archive } = replay(join(world.data, 'archive'), false)
  archive.close()
  flip(segments(world)[0]!, blocks.at(-1)!.place.offset)
  await world.readOnce()
  expect(readdirSync(join(world.data, 'archive')).filter((name) => name.includes('.damaged-'))).toHaveLength(1)
  await world.expectExact()
})

test('an archive of a newer version is refused and left as it is', async () => {
  const world = await storeOf(2)
  const [path] = segments(world)
  const bytes = readFileSync(path!)
  bytes.writeUInt32LE(ARCHIVE_VERSION + 1, 12)
  writeFileSync(path!, bytes)
  await expect(world.open()).rejects.toMatchObject({ code: 'store-newer' })
  dropSnapshot(world)
  await expect(world.open()).rejects.toMatchObject({ code: 'store-newer' })
  expect(readFileSync(path!).equals(bytes)).toBe(true)
  // Nobody holds the store after the refusal.
  bytes.writeUInt32LE(ARCHIVE_VERSION, 12)
  writeFileSync(path!, bytes)
  await world.expectExact()
})

test('a damaged segment header costs nothing', async () => {
  const world = await storeOf(3)
  dropSnapshot(world)
  flip(segments(world)[0]!, 2)
  await world.expectExact()
})

test('a crash while a segment was begun leaves a file without a whole header', async () => {
  for (const length of [0, 7, 15]) {
    const world = await storeOf(2)
    dropSnapshot(world)
    const [path] = segments(world)
    writeFileSync(path!.replace('00000001', '00000002'), readFileSync(path!).subarray(0, length))
    await world.readOnce()
    world.log.append(2)
    await world.expectExact()
    await world.close()
    dropSnapshot(world)
    await world.expectExact()
  }
})

test('a store copied elsewhere while nobody wrote is the same store', async () => {
  const world = await storeOf(2)
  cpSync(world.data, `${world.data}-copy`, { recursive: true })
  rmSync(world.data, { recursive: true })
  cpSync(`${world.data}-copy`, world.data, { recursive: true })
  copyFileSync(segments(world)[0]!, join(world.root, 'copy'))
  await world.expectExact()
})
