import { appendFileSync, readFileSync, renameSync, truncateSync, writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import type { Engine } from '../../src-main/engine/engine'
import { expectLedger, expectOrigins, expectSame } from '../fixtures/engine/expect-same'
import { otherLine } from '../fixtures/engine/log-writer'
import { newWorld, row, until } from '../fixtures/engine/world'

row('a rotation is compressed after it was read', async ({ world, log, event }) => {
  log.append(4)
  log.rotate()
  log.append(2)
  await event(() => {
    log.gzip('.1')
    log.append(1)
  })
  await world.expectExact()
  expectOrigins(world.engine)
})

row('a rotation is compressed before it was read to its end', async ({ log, event }) => {
  log.append(4)
  await event(() => {
    log.append(3)
    log.rotate()
    log.gzip('.1')
    log.append(1)
  })
})

row('compressed rotations move on: .1.gz becomes .2.gz', async ({ world, log, event }) => {
  log.append(4)
  for (let turn = 0; turn < 3; turn += 1) {
    await event(() => {
      log.rotate()
      log.gzip('.1')
      log.append(2)
    })
  }
  await world.expectExact()
  expectOrigins(world.engine)
})

row('date-named compressed rotations, and the log itself as .gz', async ({ log, event }) => {
  writeFileSync(log.file('-20260129.gz'), gzipSync(log.maker.lines(3)))
  writeFileSync(log.file('-20260130-1769731200.gz'), gzipSync(log.maker.lines(3)))
  writeFileSync(log.file('.gz'), gzipSync(log.maker.lines(2)))
  log.append(2)
  await event(() => {
    log.append(1)
  })
})

row('a compressed file of several members', async ({ log, event }) => {
  const text = Buffer.from(log.maker.lines(6))
  // Members cut anywhere, in the middle of lines too, as `cat a.gz b.gz` and parallel compressors make them.
  const cuts = [0, 1, 700, 701, 3000, text.length]
  const members = cuts.slice(1).map((cut, index) => gzipSync(text.subarray(cuts[index], cut)))
  writeFileSync(log.file('.1.gz'), Buffer.concat(members))
  await event(() => {
    log.append(1)
  })
})

row('a compressed file padded with zeros', async ({ world, log, event }) => {
  writeFileSync(log.file('.1.gz'), Buffer.concat([gzipSync(log.maker.lines(3)), Buffer.alloc(512)]))
  await event(() => {
    log.append(1)
  })
  await world.expectExact()
  expect(world.engine.sourcesStatus().sources[0]?.files.map((file) => file.error)).toEqual([null, null])
})

row('a compressed file found while it is still being written', async ({ world, log, event }) => {
  log.append(2)
  const whole = gzipSync(log.maker.lines(8, { padTo: 500 }))
  const ids = [...log.maker.requests.keys()].slice(2)
  const requests = ids.map((id) => log.maker.requests.get(id)!)
  for (const id of ids) log.maker.forget(id)
  writeFileSync(log.file('.1.gz'), whole.subarray(0, 400))
  await event(() => {
    appendFileSync(log.file(), '')
  })
  for (const request of requests) log.maker.requests.set(request.requestId, request)
  appendFileSync(log.file('.1.gz'), whole.subarray(400))
  await world.expectExact()
})

describe('damaged compressed files are told, and what is before the damage is read', () => {
  const damages: Record<string, (bytes: Buffer) => Buffer> = {
    'cut off': (bytes) => bytes.subarray(0, bytes.length - 20),
    'cut off within the last check sum': (bytes) => bytes.subarray(0, bytes.length - 3),
    'not compressed at all': () => Buffer.from('this is plain text\n'.repeat(10)),
    'a flipped byte in the middle': (bytes) => {
      bytes[bytes.length >> 1]! ^= 0x10
      return bytes
    },
    'a wrong check sum': (bytes) => {
      bytes[bytes.length - 6]! ^= 0x01
      return bytes
    },
  }
  test.each(Object.entries(damages))('%s', async (_, damage) => {
    const world = newWorld()
    const { log } = world
    const text = log.maker.lines(20)
    log.append(3)
    writeFileSync(log.file('.1.gz'), damage(gzipSync(text)))
    const engine = await world.readOnce()
    const error = engine.sourcesStatus().sources[0]?.files.find((file) => file.compressed)?.error
    expect(error?.code).toBe('unreadable')
    expect(error?.hint).toBeTruthy()
    expect(engine.store.index.requestCount()).toBeGreaterThanOrEqual(3)
    // The mended file is read by itself.
    writeFileSync(log.file('.1.gz'), gzipSync(text))
    log.touch('.1.gz')
    await engine.readOnce(world.paths)
    expectSame(engine, log.maker.requests)
    expect(engine.sourcesStatus().sources[0]?.files.map((file) => file.error)).toEqual([null, null])
  })

  test('after a start too, and nothing counts otherwise than before', async () => {
    const world = newWorld()
    const { log } = world
    log.append(3)
    const whole = gzipSync(log.maker.lines(200, { padTo: 500 }))
    writeFileSync(log.file('.1.gz'), whole.subarray(0, whole.length - 20))
    const told = (engine: Engine) => {
      const { ledger, sources } = engine.sourcesStatus()
      return { ledger, errors: sources[0]?.files.map((file) => file.error?.code) }
    }
    const before = told(await world.readOnce())
    expect(before.errors).toContain('unreadable')
    expect(before.ledger.counted).toBeGreaterThan(50)
    for (let start = 0; start < 2; start += 1) {
      await world.close()
      expect(told(await world.readOnce())).toEqual(before)
    }
    expectLedger(world.engine)
  })

  test('the second of two members is damaged: the first one is read whole', async () => {
    const world = newWorld()
    const { log } = world
    const first = gzipSync(log.maker.lines(5))
    const second = gzipSync(Array.from({ length: 50 }, (_, number) => `${otherLine(number)}\n`).join(''))
    second[0] = 0x77
    writeFileSync(log.file('.1.gz'), Buffer.concat([first, second]))
    const engine = await world.readOnce()
    expectSame(engine, log.maker.requests)
    expect(engine.sourcesStatus().sources[0]?.files[0]?.error?.code).toBe('unreadable')
  })

  test('zeros where a member should be do not end the file silently', async () => {
    const world = newWorld()
    const { log } = world
    writeFileSync(
      log.file('.1.gz'),
      Buffer.concat([gzipSync(log.maker.lines(2)), Buffer.alloc(100), gzipSync(`${otherLine(1)}\n`)]),
    )
    const engine = await world.readOnce()
    expect(engine.sourcesStatus().sources[0]?.files[0]?.error?.code).toBe('unreadable')
  })
})

test('a compressed bomb is refused at the stated limit, with words', async () => {
  const world = newWorld()
  const { log } = world
  log.append(2)
  const bomb = gzipSync(Buffer.alloc(100 * 1024 * 1024), { level: 9 })
  writeFileSync(log.file('.1.gz'), bomb)
  const engine = await world.readOnce()
  const error = engine.sourcesStatus().sources[0]?.files.find((file) => file.compressed)?.error
  expect(error?.message).toMatch(/unpacks to more than \d+ times its size/)
  expectSame(engine, log.maker.requests)
})

test('a compressed file that another one took the name of before it was opened is not taken for it', async () => {
  // A scan saw .1.gz; before it was opened, rotation made it .2.gz and put another one in its place.
  const world = newWorld()
  const { log } = world
  writeFileSync(log.file('.1.gz'), gzipSync(log.maker.lines(30)))
  const engine = await world.open()
  const reading = engine.readOnce(world.paths)
  renameSync(log.file('.1.gz'), log.file('.2.gz'))
  writeFileSync(log.file('.1.gz'), gzipSync(log.maker.lines(5)))
  await reading
  await engine.readOnce(world.paths)
  expectSame(engine, log.maker.requests)
  expectOrigins(engine)
})

test('a stop in the middle of a compressed file', async () => {
  const world = newWorld()
  const { log } = world
  writeFileSync(log.file('.1.gz'), gzipSync(log.maker.longLines(300)))
  await world.follow()
  await until(() => world.engine.store.index.requestCount() > 0, 'reading began')
  await world.close()
  const engine = await world.open()
  expect(engine.store.index.requestCount()).toBeLessThan(300)
  expect(engine.sourcesStatus().ledger.malformed).toBe(0)
  expectLedger(engine)
  await world.close()
  await world.expectExact()
})

test('a compressed file that shrank is read anew', async () => {
  const world = newWorld()
  const { log } = world
  writeFileSync(log.file('.1.gz'), gzipSync(log.maker.lines(5)))
  const engine = await world.readOnce()
  const kept = readFileSync(log.file('.1.gz'))
  truncateSync(log.file('.1.gz'), 100)
  await engine.readOnce(world.paths)
  writeFileSync(log.file('.1.gz'), kept)
  log.touch('.1.gz')
  await engine.readOnce(world.paths)
  expectSame(engine, log.maker.requests)
})
