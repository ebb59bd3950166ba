import { appendFileSync, mkdirSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { LogFolder } from '../../fixtures/engine/log-writer'
import { newWorld, until } from '../../fixtures/engine/world'
import { logLine } from '../../fixtures/log-line'

test('a paused source is read no further; resumed, it goes on where it was', async () => {
  const world = newWorld()
  appendFileSync(world.log.file(), world.log.maker.longLines(200))
  const { size } = statSync(world.log.file())
  const other = new LogFolder(join(world.root, 'other'), { maker: world.log.maker })
  world.paths = [world.log.path, other.path]
  const engine = await world.open()
  engine.watch(world.paths)
  await until(() => engine.progress().bytesDone > 0, 'reading began')
  engine.watch([{ path: world.log.path, paused: true }, other.path])
  await until(() => !engine.progress().active, 'reading ended')
  const [source] = engine.sourcesStatus().sources
  expect(source?.state).toBe('paused')
  const readBytes = source?.files[0]?.readBytes ?? 0
  expect(readBytes).toBeGreaterThan(0)
  expect(readBytes).toBeLessThan(size)
  world.log.append(3)
  other.append(1)
  const before = engine.store.index.requestCount()
  await until(() => engine.store.index.requestCount() > before, 'another source is looked at and read')
  expect(engine.sourcesStatus().sources[0]?.files[0]?.readBytes).toBe(readBytes)
  engine.watch(world.paths)
  await until(() => engine.store.index.requestCount() === world.log.maker.requests.size, 'all is read')
  await world.expectExact()
})

test('one source is read while another is paused', async () => {
  const world = newWorld()
  world.log.append(5)
  const other = join(world.root, 'other')
  mkdirSync(other)
  writeFileSync(join(other, 'access.log'), `${logLine({ model: 'm', session_id: 'x' })}\n`)
  const engine = await world.open()
  engine.watch([{ path: world.log.path, paused: true }, other])
  await until(() => engine.store.index.requestCount() === 1, 'the other source is read')
  expect(engine.sourcesStatus().sources.map(({ state }) => state)).toEqual(['paused', 'following'])
})

test('the session key leaves out all other requests, and the ledger counts them', async () => {
  const world = newWorld()
  const engine = await world.open()
  const line = (id: string | undefined) => logLine({ model: 'm', session_id: id, question: 'hush' })
  writeFileSync(world.log.file(), ['agent:1', 'chat:1', undefined, 'agent:2'].map((id) => `${line(id)}\n`).join(''))
  engine.watch([{ path: world.log.path, sessionKey: 'agent:' }])
  // What is read is stored a moment later.
  await until(() => engine.store.index.requestCount() === 2, 'all that counts is stored')
  const { ledger } = engine.sourcesStatus()
  expect(ledger).toMatchObject({ lines: 4, counted: 2, filtered: 2 })
  const { rows } = engine.sessions({ sortBy: 'session', descending: false, offset: 0, limit: 0 })
  expect(rows.map(({ sessionId }) => sessionId)).toEqual(['agent:1', 'agent:2'])
})

test('of several logs, the one written to last is read first, each in its own order', async () => {
  const world = newWorld()
  const paths: string[] = []
  for (const [name, day] of [
    ['a', 3],
    ['b', 5],
    ['c', 4],
  ] as const) {
    const folder = join(world.root, name)
    mkdirSync(folder)
    for (const [file, hour] of [
      ['access.log.1', 1],
      ['access.log', 2],
    ] as const) {
      const path = join(folder, file)
      writeFileSync(path, `${logLine({ model: 'm', session_id: `${name}${String(hour)}` })}\n`)
      const time = new Date(Date.UTC(2026, 1, day, hour))
      utimesSync(path, time, time)
    }
    paths.push(folder)
  }
  world.paths = paths
  const engine = await world.readOnce()
  const order = engine.store.index.sql.all(
    'SELECT key FROM request JOIN session ON session.id = session_id ORDER BY seq',
  )
  expect(order.map(([key]) => key)).toEqual(['b1', 'b2', 'c1', 'c2', 'a1', 'a2'])
})
