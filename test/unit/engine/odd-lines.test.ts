import { appendFileSync, mkdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { findSession } from '../../../src-main/engine/index/queries/sessions'
import { roundRows } from '../../../src-main/engine/index/queries/rounds'
import { newWorld, type World } from '../../fixtures/engine/world'
import { exportTo } from '../../fixtures/open-engine'

/** A log line around the text of `ai_log`, which is written as it stands. */
const lineOf = (id: number, escapedLog: string) =>
  `{"ai_log":"${escapedLog}","request_id":"r${String(id)}","start_time":"2026-02-01T10:00:0${String(id)}Z"}\n`
const escaped = (text: string) => JSON.stringify(text).slice(1, -1)

function write(world: World, ...lines: string[]): void {
  mkdirSync(dirname(world.log.file()), { recursive: true })
  appendFileSync(world.log.file(), lines.join(''))
}

function classes(world: World) {
  return world.engine.sourcesStatus().sources.flatMap((source) => source.files.map((file) => file.ledger))[0]
}

/** What the rounds of a session sent. */
function sent(world: World, session: string) {
  const { store, conversations } = world.engine
  const found = findSession(store.index, session)!
  return roundRows(store.index, found.id, 1, 0).map(({ seq }) => conversations.messages(seq)?.messages)
}

// They were counted from the splitter's look at the line, and could not be decoded when the index was made anew: the
// store did not open any more.
test.each([
  ['a raw tab between messages', '[1,\t2]'],
  ['raw quotes', '["a"]'],
  ['a raw control character', '[\u0001]'],
])('messages with %s are no JSON text: malformed, and the store still opens', async (_, messages) => {
  const world = newWorld()
  write(world, lineOf(1, `{\\"a\\":1,\\"messages\\":${messages},\\"model\\":\\"m\\",\\"session_id\\":\\"s\\"}`))
  await world.readOnce()
  expect(classes(world)).toMatchObject({ lines: 1, malformed: 1, counted: 0 })
  await world.close()
  rmSync(join(world.data, 'index.snapshot'), { force: true })
  await world.open()
})

test('whether a line is malformed does not depend on what was sent before it', async () => {
  const world = newWorld()
  const log = (messages: string) =>
    `{\\"a\\":1,\\"messages\\":${messages},\\"model\\":\\"m\\",\\"session_id\\":\\"s\\"}`
  write(world, lineOf(1, log('[{\\"a\\":1}]')), lineOf(2, log('[{\\"a\\":1},\t5]')))
  await world.readOnce()
  expect(classes(world)).toMatchObject({ lines: 2, malformed: 1, counted: 1 })
})

// Their JSON overflowed the stack of whoever showed or exported the session.
test.each(['tool_calls', 'input_token_details', 'messages'])('%s nested too deep, as text, stay text', async (key) => {
  const world = newWorld()
  const deep = `[{"function":{"name":"f","arguments":${'['.repeat(100_000)}${']'.repeat(100_000)}}}]`
  write(world, lineOf(1, escaped(JSON.stringify({ model: 'm', session_id: 's', [key]: deep }))))
  await world.readOnce()
  const [round] = world.engine.sessionRounds({ sessionId: 's', from: 1, limit: 10 }).rounds
  if (key === 'tool_calls') expect(round?.toolCallsText).toBe(deep)
  if (key === 'messages') expect(round?.messagesText).toBe(deep)
  await exportTo(world.engine, { what: 'session', format: 'json', sessionId: 's' }, join(world.root, 'session.json'))
})

// The search for the messages' ends took the line break's escape for a quote and counted commas within the texts: the
// second request was told with a message that it did not send.
test('a history logged with line breaks between its messages is read back exactly when it forks', async () => {
  const world = newWorld()
  const message = (content: string) => ({ role: 'user', content })
  const first = [message('here, look: if (x) {\nfoo()'), message('two'), message('three'), message('four')]
  const second = [...first.slice(0, 2), message('other')]
  for (const [at, messages] of [first, second].entries()) {
    const raw = JSON.stringify(messages).replace('[', '[\n')
    write(world, lineOf(at + 1, escaped(`{"a":1,"messages":${raw},"model":"m","session_id":"s"}`)))
  }
  await world.readOnce()
  expect(sent(world, 's')).toEqual([first, second])
})

// They were handed over as arguments of one call: the session did not open, and every search of the store failed.
test('a message of very many parts and calls is shown, searched and exported', async () => {
  const world = newWorld()
  const parts = Array.from({ length: 200_000 }, () => 'x')
  const calls = parts.map(() => ({ id: 'c', function: { name: 'f', arguments: '{}' } }))
  const messages = [
    { role: 'user', content: parts },
    { role: 'assistant', content: 'needle '.repeat(3), tool_calls: calls },
  ]
  const answer = '` '.repeat(200_000)
  write(world, lineOf(1, escaped(JSON.stringify({ model: 'm', session_id: 's', messages, answer }))))
  await world.readOnce()
  const [round] = world.engine.sessionRounds({ sessionId: 's', from: 1, limit: 10 }).rounds
  expect(round?.newMessages.map((message) => message.parts.length)).toEqual([200_000, 200_001])
  const search = world.engine.searchStart({ text: 'needle', limit: 10 })
  const hits = []
  for (;;) {
    const page = await world.engine.searchNext(search)
    hits.push(...page.hits)
    if (page.done) break
  }
  expect(hits).toHaveLength(1)
  await exportTo(world.engine, { what: 'session', format: 'markdown', sessionId: 's' }, join(world.root, 'session.md'))
})
