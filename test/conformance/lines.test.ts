import { appendFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { expectLedger, expectOrigins, expectSame } from '../fixtures/engine/expect-same'
import { LineMaker, otherLine } from '../fixtures/engine/log-writer'
import { newWorld, row } from '../fixtures/engine/world'

test('a line cut at every byte, every byte of a multi-byte character included', async () => {
  const world = newWorld()
  const { log } = world
  const engine = await world.open()
  const line = Buffer.from(
    `${new LineMaker({ prefix: 'cut' }).line({ messages: [{ role: 'user', content: '多字节🙂' }] })}\n`,
  )
  expect(line.length).toBeGreaterThan(line.toString().length)
  for (let cut = 0; cut <= line.length; cut += 1) {
    // A log of its own for each cut, all requests different.
    const own = Buffer.from(`${log.maker.line({ messages: [{ role: 'user', content: '多字节🙂' }] })}\n`)
    const path = log.file(`.${String(cut + 1)}`)
    writeFileSync(path, own.subarray(0, cut))
    if (cut % 197 === 0) await engine.readOnce(world.paths)
    appendFileSync(path, own.subarray(cut))
  }
  await engine.readOnce(world.paths)
  expectSame(engine, log.maker.requests)
  expect(engine.sourcesStatus().ledger).toMatchObject({ lines: line.length + 1, malformed: 0, blank: 0 })
})

test('a file read after every few bytes of it', async () => {
  const world = newWorld()
  const { log } = world
  const engine = await world.open()
  const text = Buffer.from(log.maker.lines(2, { messages: [{ role: 'user', content: '多🙂' }] }))
  for (let at = 0; at < text.length; at += 7) {
    log.appendRaw(text.subarray(at, at + 7))
    await engine.readOnce(world.paths)
  }
  expectSame(engine, log.maker.requests)
  expect(engine.sourcesStatus().ledger).toMatchObject({ lines: 2, malformed: 0, blank: 0 })
})

row('the last line has no line break and gets it later', async ({ world, log, event }) => {
  log.append(2)
  log.appendRaw(log.maker.line())
  await event(() => {
    log.appendRaw('\n')
    log.append(1)
  })
  await world.expectExact()
  expect(world.engine.sourcesStatus().ledger).toMatchObject({ lines: 4, blank: 0, malformed: 0 })
})

row('the last line has no line break, and CR LF comes in two pieces', async ({ world, log, event }) => {
  log.appendRaw(log.maker.line())
  await event(() => {
    log.appendRaw('\r')
  })
  await event(() => {
    log.appendRaw('\n')
    log.append(1)
  })
  await world.expectExact()
  expect(world.engine.sourcesStatus().ledger).toMatchObject({ lines: 2, blank: 0, malformed: 0 })
})

row('a line in three pieces', async ({ world, log, event }) => {
  log.append(1)
  const line = `${log.maker.line()}\n`
  const [id, request] = [...log.maker.requests].at(-1)!
  log.maker.forget(id)
  log.appendRaw(line.slice(0, 50))
  await event(() => {
    log.appendRaw(line.slice(50, 400))
  })
  await event(() => {
    log.maker.requests.set(id, request)
    log.appendRaw(line.slice(400))
  })
  await world.expectExact()
  expectOrigins(world.engine)
})

row('CR LF line ends', async ({ world, log, event }) => {
  log.appendRaw(log.maker.lines(3).replaceAll('\n', '\r\n'))
  await event(() => {
    log.appendRaw(log.maker.lines(3).replaceAll('\n', '\r\n'))
  })
  await world.expectExact()
  expect(world.engine.sourcesStatus().ledger).toMatchObject({ lines: 6, malformed: 0 })
  expectOrigins(world.engine)
})

row('a byte-order mark at the start', async ({ log, event }) => {
  log.appendRaw(`\ufeff${log.maker.lines(2)}`)
  await event(() => {
    log.append(1)
  })
})

row('runs of NUL bytes', async ({ world, log, event }) => {
  log.append(1)
  log.appendRaw(Buffer.alloc(700_000))
  log.append(1)
  log.appendRaw(Buffer.concat([Buffer.alloc(100), Buffer.from('\n')]))
  await event(() => {
    log.appendRaw(Buffer.alloc(3000))
    log.append(1)
  })
  await world.expectExact()
  expect(world.engine.sourcesStatus().ledger).toMatchObject({ lines: 4, counted: 3, blank: 1 })
})

test('invalid UTF-8 costs the characters it hits, not the line', async () => {
  const world = newWorld()
  const { log } = world
  const line = Buffer.from(`${log.maker.line({ messages: [{ role: 'user', content: 'BROKEN' }] })}\n`)
  const at = line.indexOf('BROKEN')
  line[at] = 0xff
  line[at + 1] = 0xc3
  log.appendRaw(line)
  log.append(1)
  const engine = await world.readOnce()
  expect(engine.sourcesStatus().ledger).toMatchObject({ lines: 2, counted: 2 })
  const rounds = engine.sessionRounds({ sessionId: [...log.maker.requests.values()][0]!.sessionId, from: 1, limit: 1 })
  expect(rounds.rounds[0]?.newMessages[0]?.parts[0]).toMatchObject({ text: '\ufffd\ufffdOKEN' })
})

test('every class of line is told apart and counted', async () => {
  const world = newWorld()
  const { log } = world
  log.append(2)
  log.appendRaw(`${otherLine(1)}\n{"path":"/x"}\n\n   \nno json\n[1,2]\n{"ai_log":"{broken"}\n{"ai_log":"{}"}\n`)
  log.appendRaw(`${log.maker.line()}\n`.repeat(3))
  const engine = await world.readOnce()
  expect(engine.sourcesStatus().ledger).toEqual({
    lines: 13,
    counted: 3,
    duplicate: 2,
    notLlm: 3,
    malformed: 3,
    blank: 2,
    tooLong: 0,
    filtered: 0,
    deleted: 0,
  })
  expectSame(engine, log.maker.requests)
})

test('100 MB in one line', async () => {
  const world = newWorld()
  const { log } = world
  log.append(1)
  const messages = [{ role: 'user', content: 'long text '.repeat(10_000_000) }]
  log.append(1, '', { messages })
  log.append(1)
  const engine = await world.readOnce()
  expectLedger(engine)
  expect(engine.sourcesStatus().ledger).toMatchObject({ lines: 3, counted: 3 })
  const { sessionId } = [...log.maker.requests.values()][1]!
  const { rounds } = engine.sessionRounds({ sessionId, from: 1, limit: 1 })
  const part = rounds[0]?.newMessages[0]?.parts[0]
  // Compared by hand: printing a difference of 100 MB would take longer than all else.
  expect(part?.kind === 'text' && part.text === messages[0]!.content).toBe(true)
})

test('100 MB without a line break, followed while they arrive', async () => {
  const world = newWorld()
  const { log } = world
  log.append(1)
  await world.follow()
  const piece = Buffer.alloc(10 * 1024 * 1024, 'x')
  for (let count = 0; count < 10; count += 1) log.appendRaw(piece)
  log.appendRaw('\n')
  log.append(1)
  await world.caughtUp()
  expect(world.engine.sourcesStatus().ledger).toMatchObject({ lines: 3, counted: 2, malformed: 1 })
  expectSame(world.engine, log.maker.requests)
})

row('empty files', async ({ log, event }) => {
  writeFileSync(log.file(), '')
  writeFileSync(log.file('.1'), '')
  await event(() => {
    log.append(2)
  })
})

test('nesting deeper than the program can write back is malformed, and what follows is read', async () => {
  const world = newWorld()
  const { log } = world
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
  const ai = (body: string) => JSON.stringify({ ai_log: `{"model":"m","session_id":"s",${body}}`, request_id: 'deep' })
  log.append(1)
  log.appendRaw(
    `${ai(`"messages":${deep}`)}\n${ai(`"custom":${deep}`)}\n{"ai_log":"{\\"model\\":\\"m\\"}","x":${deep}}\n`,
  )
  log.append(1)
  const engine = await world.readOnce()
  expect(engine.sourcesStatus().ledger).toMatchObject({ lines: 5, counted: 2, malformed: 3 })
  await world.expectExact()
})

test('names that hold NUL bytes or halves of characters', async () => {
  const world = newWorld()
  const { log } = world
  const line = (model: string, session: string, id: string) =>
    `${JSON.stringify({ ai_log: JSON.stringify({ model, session_id: session, consumer: model }), request_id: id })}\n`
  const names = ['a\0b', 'a\0c', 'a', '\ud800', '\ud801', '\udc00x', '\ufffd']
  log.appendRaw(names.map((name, index) => line(name, name, String(index))).join(''))
  await world.readOnce()
  await world.close()
  log.appendRaw(names.map((name, index) => line(name, name, `again ${String(index)}`)).join(''))
  const engine = await world.readOnce()
  expect(engine.sourcesStatus().ledger).toMatchObject({ lines: 14, counted: 14 })
  const { rows } = engine.sessions({ sortBy: 'session', descending: false, offset: 0, limit: 0 })
  expect(rows.reduce((sum, { rounds }) => sum + rounds, 0)).toBe(14)
  for (const { sessionId, rounds } of rows) expect(engine.sessionHeader(sessionId).rounds).toBe(rounds)
})

test('lines without a time get the time of the line before them, in the file before where it is the first', async () => {
  const world = newWorld()
  const { log } = world
  const untimed = (id: string) => `{"ai_log":"{\\"model\\":\\"m\\",\\"session_id\\":\\"t\\"}","request_id":"${id}"}\n`
  const time = Date.UTC(2026, 0, 5)
  log.append(1, '.1', { time })
  log.appendRaw(untimed('a'), '.1')
  log.appendRaw(untimed('b'))
  const engine = await world.readOnce()
  const { rounds } = engine.sessionRounds({ sessionId: 't', from: 1, limit: 9 })
  expect(rounds.map((round) => [round.requestId, round.time, round.timeInferred])).toEqual([
    ['a', time, true],
    ['b', time, true],
  ])
})
