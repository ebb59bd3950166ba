import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import initSqlJs from 'sql.js'
import { describe, expect, test } from 'vitest'
import { Engine } from '../../src-main/engine/engine'
import { MIGRATIONS, SCHEMA_VERSION } from '../../src-main/engine/index/database/migrations/index'
import { readSnapshot, writeSnapshot } from '../../src-main/engine/index/database/snapshot'
import type { Opening } from '../../src-main/contract/index'
import { newWorld, until, type World } from '../fixtures/engine/world'

async function stored(): Promise<World> {
  const world = newWorld()
  world.log.append(6)
  await world.readOnce()
  await world.close()
  return world
}

const snapshotOf = (world: World) => join(world.data, 'index.snapshot')
const aside = (world: World) => readdirSync(world.data).filter((name) => /^index\.snapshot\..+-\d+$/.test(name))

test('without a snapshot the index is made anew from the archive', async () => {
  const world = await stored()
  rmSync(snapshotOf(world))
  rmSync(world.log.file())
  const engine = await world.open()
  expect(engine.store.index.requestCount()).toBe(6)
  expect(world.notices).toEqual([])
  world.log.append(1)
  await world.close()
  await world.expectExact()
})

test('a stale snapshot is brought up to date from the archive', async () => {
  const world = await stored()
  copyFileSync(snapshotOf(world), join(world.root, 'stale'))
  world.log.append(5)
  await world.readOnce()
  await world.close()
  copyFileSync(join(world.root, 'stale'), snapshotOf(world))
  rmSync(world.log.file())
  const engine = await world.open()
  expect(engine.store.index.requestCount()).toBe(11)
  expect(world.notices).toEqual([])
  await world.expectExact()
})

describe('a corrupt snapshot is told, kept aside, and made anew', () => {
  const damages: Record<string, (bytes: Buffer) => Buffer> = {
    'a flipped bit': (bytes) => {
      bytes[bytes.length >> 1]! ^= 1
      return bytes
    },
    'cut off': (bytes) => bytes.subarray(0, bytes.length - 100),
    'cut off within its header': (bytes) => bytes.subarray(0, 10),
    empty: () => Buffer.alloc(0),
    'something else': () => Buffer.from('not a snapshot '.repeat(1000)),
  }
  test.each(Object.entries(damages))('%s', async (_, damage) => {
    const world = await stored()
    writeFileSync(snapshotOf(world), damage(readFileSync(snapshotOf(world))))
    const engine = await world.open()
    expect(engine.store.index.requestCount()).toBe(6)
    expect(world.notices).toMatchObject([{ level: 'warning', code: 'corrupt' }])
    expect(aside(world)).toHaveLength(1)
    await world.expectExact()
  })

  test('SQLite can make nothing of it although its check sum is right', async () => {
    const world = await stored()
    await writeSnapshot(snapshotOf(world), Buffer.from('SQLite format 3\0 and then nonsense '.repeat(200)))
    const engine = await world.open()
    expect(engine.store.index.requestCount()).toBe(6)
    expect(world.notices).toMatchObject([{ code: 'corrupt' }])
    await world.expectExact()
  })
})

/** Changes the saved index with SQL. */
async function edit(world: World, sql: string): Promise<void> {
  const sqlite = await initSqlJs()
  const database = new sqlite.Database(readSnapshot(snapshotOf(world)))
  database.exec(sql)
  await writeSnapshot(snapshotOf(world), database.export())
  database.close()
}

test('an index of a newer schema is kept aside and made anew', async () => {
  const world = await stored()
  await edit(world, `PRAGMA user_version = ${String(SCHEMA_VERSION + 1)}`)
  const engine = await world.open()
  expect(engine.store.index.requestCount()).toBe(6)
  expect(world.notices).toMatchObject([{ level: 'info', code: 'store-newer' }])
  expect(aside(world)).toHaveLength(1)
  await world.expectExact()
})

test('an index of schema 1 is made anew from the archive, silently', async () => {
  const world = await stored()
  const sqlite = await initSqlJs()
  const former = new sqlite.Database()
  former.exec(MIGRATIONS[0]!.sql)
  former.exec('PRAGMA user_version = 1')
  await writeSnapshot(snapshotOf(world), former.export())
  await world.expectExact()
  expect(world.notices).toEqual([])
})

test('an index of schema 4 is made anew from the archive, once: with the whole prompts and the titles it lacks', async () => {
  const world = await stored()
  await edit(
    world,
    `${['session', 'usage'].map((table) => `ALTER TABLE ${table} DROP COLUMN prompt; ALTER TABLE ${table} DROP COLUMN completion`).join('; ')};
     UPDATE session SET title = NULL, title_time = NULL; PRAGMA user_version = 4`,
  )
  const titles = (engine: Engine) =>
    engine.sessions({ sortBy: 'session', descending: false, offset: 0, limit: 0 }).rows.map(({ title }) => title)
  const engine = await world.open()
  expect(titles(engine).every((title) => title !== null)).toBe(true)
  const { totals } = engine.overview({ recentLimit: 0 })
  expect(totals.promptTokens).toBeGreaterThanOrEqual(totals.inputTokens)
  expect(totals.inputTokens).toBeGreaterThan(0)
  await world.close()
  await edit(world, `UPDATE session SET title = 'from the snapshot'`)
  expect(new Set(titles(await world.open()))).toEqual(new Set(['from the snapshot']))
  await world.expectExact()
})

test('an index of schema 0, empty, is brought to the present one and filled from the archive', async () => {
  const world = await stored()
  const sqlite = await initSqlJs()
  await writeSnapshot(snapshotOf(world), new sqlite.Database().export())
  await world.expectExact()
})

test('an index with the costs of other prices is priced anew, not read anew', async () => {
  const world = await stored()
  await edit(
    world,
    `UPDATE meta SET value = 'other prices' WHERE key = 'pricing'; UPDATE session SET title = 'from the snapshot';
     UPDATE request SET cost = cost / 1000; UPDATE session SET cost = (SELECT sum(cost) FROM request WHERE session_id = id);
     UPDATE usage SET cost = (SELECT cost FROM session WHERE id = session_id) WHERE (SELECT count(*) FROM session) > 0`,
  )
  const engine = await world.open()
  // Before it is open as much as a moment allows is priced, and the rest after.
  await engine.repriced()
  expect(engine.overview({ recentLimit: 0 }).totals.costUsd).toBeGreaterThan(0.001)
  await world.expectExact()
})

test('the days are counted anew in another time zone', async () => {
  const world = await stored()
  world.options = { timeZone: 'America/New_York' }
  const engine = await world.open()
  expect(engine.overview({ recentLimit: 0 }).byDate.map(({ date }) => date)).toEqual(['2026-02-01'])
  await world.expectExact()
})

test('what a killed process left of its files is cleared away', async () => {
  const world = await stored()
  writeFileSync(`${snapshotOf(world)}.999999999.tmp`, 'half a snapshot')
  writeFileSync(join(world.data, 'store.lock.999999999.123'), 'half a lock')
  await world.open()
  expect(readdirSync(world.data).sort()).toEqual(['archive', 'index.snapshot', 'store.lock'])
})

test('an index made anew is told while that goes on, and saved while the program runs, not only at its end', async () => {
  const world = await stored()
  rmSync(snapshotOf(world))
  const told: Opening[] = []
  const options = { dataFolder: world.data, timeZone: 'UTC', tuning: { snapshotRequests: 5 } }
  const engine = await Engine.open(options, (opening) => told.push(opening))
  try {
    expect(told.length).toBeGreaterThan(0)
    expect(told.every(({ what, share }) => what === 'index' && share > 0 && share <= 1)).toBe(true)
    expect(told.at(-1)?.share).toBe(1)
    engine.watch(world.paths)
    await until(() => existsSync(snapshotOf(world)), 'the index is saved')
  } finally {
    await engine.close()
  }
})
