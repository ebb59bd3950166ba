import { appendFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Engine } from '../../../../src-main/engine/engine'
import { logLine, type LineFields } from '../../../fixtures/log-line'
import { engineOver, temporaryFolder } from '../../../fixtures/open-engine'
import { pairwise, unnamedLog } from '../../../fixtures/unnamed-log.mjs'

/** Request id → session, as the engine put them. */
function grouping(engine: Engine): Map<string, string> {
  const found = new Map<string, string>()
  const { rows } = engine.sessions({ sortBy: 'firstTime', descending: false, offset: 0, limit: 0 })
  for (const { sessionId, rounds } of rows) {
    for (const round of engine.sessionRounds({ sessionId, from: 1, limit: rounds }).rounds)
      found.set(round.requestId ?? '', sessionId)
  }
  return found
}

/** The requests of each session by their ids, in order of time; sessions by their first request. */
function sessionsOf(engine: Engine): string[] {
  const sessions = new Map<string, string[]>()
  for (const [request, session] of grouping(engine)) sessions.set(session, [...(sessions.get(session) ?? []), request])
  return [...sessions.values()].map((requests) => requests.join(' ')).sort()
}

const system = { role: 'system', content: 'You are a careful assistant who answers in full sentences.' }
const user = (content: string) => ({ role: 'user', content })
const said = (content: string) => ({ role: 'assistant', content })

let minute = 0
function request(id: string, messages: readonly object[], answer: string, ai: LineFields = {}, outer: LineFields = {}) {
  minute += 1
  const time = new Date(Date.UTC(2026, 1, 1, 10, minute)).toISOString()
  return logLine(
    { consumer: 'team', model: 'gpt-4o', messages, answer, ...ai },
    { request_id: id, start_time: time, ...outer },
  )
}

describe('requests without session ids', () => {
  it('are put together again: precision ≥ 0.999, recall ≥ 0.98', async () => {
    const figures = pairwise(grouping(await engineOver(unnamedLog())))
    expect(figures.requests).toBeGreaterThan(1000)
    expect(figures.precision).toBeGreaterThanOrEqual(0.999)
    expect(figures.recall).toBeGreaterThanOrEqual(0.98)
  })

  const opening = [system, user('Fix the build.')]

  it('of parallel copies of one opening are told apart by the answer each received', async () => {
    const lines = [
      request('a1', opening, 'Which build do you mean, please?'),
      request('b1', opening, 'I shall look at the log of it.'),
      request('b2', [...opening, said('I shall look at the log of it.'), user('Go on.')], 'Done.'),
      request('a2', [...opening, said('Which build do you mean, please?'), user('The last.')], 'Done.'),
    ]
    expect(sessionsOf(await engineOver(lines))).toEqual(['a1 a2', 'b1 b2'])
  })

  it('start a session of their own where two conversations are equally likely', async () => {
    const answer = 'Hello, how can I help you today?'
    const lines = [
      request('a1', opening, answer),
      request('b1', opening, answer),
      request('x2', [...opening, said(answer), user('Go on.')], 'Done.'),
    ]
    expect(sessionsOf(await engineOver(lines))).toEqual(['a1', 'b1', 'x2'])
  })

  it('of several consumers are never put together', async () => {
    const answer = 'I shall look at the log of it.'
    const lines = [
      request('a1', opening, answer, { consumer: 'red' }),
      request('b2', [...opening, said(answer), user('Go on.')], 'Done.', { consumer: 'blue' }),
    ]
    expect(sessionsOf(await engineOver(lines))).toEqual(['a1', 'b2'])
  })

  it('that only share a prompt with examples stay apart', async () => {
    const prompt = [
      system,
      user('Cat?'),
      said('An animal, and a small one.'),
      user('Oak?'),
      said('A plant, and a big one.'),
    ]
    const lines = ['Dog?', 'Elm?', 'Ant?'].map((question) => request(question, [...prompt, user(question)], 'Well.'))
    expect(sessionsOf(await engineOver(lines))).toHaveLength(3)
  })

  const long = [...opening, said('First I read the log of the build.'), user('And then?')]

  it('that fork, compact or edit a history stay in their conversation', async () => {
    const longer = [...long, said('Then I compare it with the last good one.'), user('What is different there?')]
    const lines = [
      request('1', opening, 'First I read the log of the build.'),
      request('2', long, 'Then I compare it with the last good one.'),
      request('3', longer, 'A library was updated, and its interface is another.'),
      request('fork', [...long.slice(0, 3), user('Rather not. Ask the team.')], 'They are asleep.'),
      request(
        'compacted',
        [
          system,
          user('What was said so far, in short: the build broke.'),
          ...longer.slice(-2),
          said('A library was updated, and its interface is another.'),
          user('Go on.'),
        ],
        'Now it builds again.',
      ),
    ]
    expect(sessionsOf(await engineOver(lines))).toEqual(['1 2 3 fork compacted'])
  })

  it('never join two logged ids', async () => {
    const lines = [
      request('a', opening, 'First I read the log of the build.', { session_id: 'A' }),
      request('b', long, 'Then I compare it.', { session_id: 'B' }),
      request('c', [...long, said('Then I compare it.'), user('Go on.')], 'Done.'),
    ]
    expect(sessionsOf(await engineOver(lines))).toEqual(['a', 'b', 'c'])
  })

  it('say on what grounds they were joined', async () => {
    const engine = await engineOver([
      request('1', opening, 'First I read the log of the build.'),
      request('2', long, 'Then I compare it with the last good one.'),
    ])
    expect(engine.conversations.frame(2).inferred).toMatchObject({ previous: 1, confidence: 99, messages: 2 })
  })

  it('are stored without the history sent before, and come back to the byte', async () => {
    const lines: string[] = []
    let messages: object[] = opening
    for (let round = 0; round < 40; round += 1) {
      const answer = `Round ${String(round)}: ${'so it was told and written '.repeat(20)}`
      lines.push(request(String(round), messages, answer))
      messages = [...messages, said(answer), user(`And after ${String(round)}?`)]
    }
    const engine = await engineOver(lines)
    const stored = lines.reduce((sum, _, at) => sum + engine.conversations.frame(at + 1).stored.length, 0)
    expect(stored).toBeLessThan(0.15 * lines.join('').length)
    for (const [at, line] of lines.entries()) expect(engine.conversations.line(at + 1)?.toString()).toBe(line)
  })
})

// Their ends were handed over as arguments of one call, which takes some 120,000: reading ended there for good.
describe('a request that sends more messages than a call takes arguments', () => {
  it('is read, and so is what comes after it', async () => {
    const first = [user('Count.')]
    const many = [...first, said('One.'), ...Array.from({ length: 200_000 }, () => 1)] as object[]
    const engine = await engineOver([
      request('1', first, 'One.'),
      request('2', many, 'Two.'),
      request('3', [], 'Three.'),
    ])
    expect(engine.sourcesStatus().ledger.counted).toBe(3)
  })
})

describe('after a restart', () => {
  async function readTwice(first: readonly string[], second: readonly string[], between: (store: string) => void) {
    const folder = temporaryFolder()
    const log = join(folder, 'access.log')
    const store = join(folder, 'store')
    const open = () => Engine.open({ dataFolder: store, timeZone: 'UTC' })
    const text = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('')
    writeFileSync(log, text(first))
    const before = await open()
    await before.readOnce([log])
    await before.close()
    between(store)
    appendFileSync(log, text(second))
    const after = await open()
    await after.readOnce([log])
    const found = grouping(after)
    await after.close()
    return found
  }

  it('conversations go on where they were', async () => {
    const lines = unnamedLog({ seed: 11 })
    const half = Math.floor(lines.length / 2)
    const found = await readTwice(lines.slice(0, half), lines.slice(half), () => undefined)
    const { precision, recall } = pairwise(found)
    expect(precision).toBeGreaterThanOrEqual(0.999)
    expect(recall).toBeGreaterThanOrEqual(0.98)
  })

  it('an index made anew from the archive has the same sessions', async () => {
    const lines = unnamedLog({ seed: 12 })
    const grown = grouping(await engineOver(lines))
    const anew = await readTwice(lines, [], (store) => {
      for (const name of readdirSync(store))
        if (name.startsWith('index') && statSync(join(store, name)).isFile()) rmSync(join(store, name))
    })
    expect(anew).toEqual(grown)
  })

  // What was passed over of a line counted, which another conversation had sent: sessions were called by a later message.
  it('an index made anew has the same titles where the gateway logs no question', async () => {
    const opening = [system, user('Fix the build.')]
    const answer = 'Hello, how can I help you today?'
    const lines = [
      request('a1', opening, answer),
      request('b1', opening, answer),
      request('x2', [...opening, said(answer), user('Go on.')], 'Done.'),
      request('y2', [...opening, said('I never said that to anybody.'), user('Else.')], 'Done.'),
    ]
    const folder = temporaryFolder()
    const log = join(folder, 'access.log')
    const store = join(folder, 'store')
    writeFileSync(log, lines.map((line) => `${line}\n`).join(''))
    for (const when of ['grown', 'anew']) {
      const engine = await Engine.open({ dataFolder: store, timeZone: 'UTC' })
      await engine.readOnce([log])
      const { rows } = engine.sessions({ sortBy: 'firstTime', descending: false, offset: 0, limit: 0 })
      await engine.close()
      expect(
        rows.map(({ title }) => title),
        when,
      ).toEqual(lines.map(() => 'Fix the build.'))
      rmSync(join(store, 'index.snapshot'))
    }
  })
})
