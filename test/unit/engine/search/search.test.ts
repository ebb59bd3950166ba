import { describe, expect, it } from 'vitest'
import type { SearchHit, SearchQuery } from '../../../../src-main/contract/index'
import type { Engine } from '../../../../src-main/engine/engine'
import { Needle } from '../../../../src-main/engine/search/needle'
import { Search } from '../../../../src-main/engine/search/search'
import { logLine } from '../../../fixtures/log-line'
import { engineOver } from '../../../fixtures/open-engine'

const at = (second: number) => ({ start_time: new Date(Date.UTC(2026, 1, 1, 10, 0, second)).toISOString() })
const user = (content: string) => ({ role: 'user', content })
const assistant = (content: string) => ({ role: 'assistant', content })

const QUESTION = 'Where is the Umbrella? 雨伞在哪里'
const LINES = [
  logLine(
    { session_id: 's1', model: 'm1', messages: [user(QUESTION)], question: QUESTION, answer: 'In the hall.' },
    at(1),
  ),
  // Re-sends the first question and answer: found where they were stored first.
  logLine(
    {
      session_id: 's1',
      model: 'm2',
      messages: [user(QUESTION), assistant('In the hall.'), user('Thanks')],
      question: 'Thanks',
      answer: 'Any time.',
      tool_calls: [
        { id: 'call_77', type: 'function', function: { name: 'find_umbrella', arguments: '{"say":"line \\"one\\""}' } },
      ],
    },
    at(2),
  ),
  logLine({ session_id: 's2', model: 'm1', messages: [user('umbrella of mine')], answer: 'ok' }, at(3)),
]

async function searchAll(
  engine: Engine,
  query: Partial<SearchQuery> & { text: string },
  budgetMs = 1000,
): Promise<SearchHit[]> {
  const search = new Search(engine.store, { limit: 100, ...query })
  const hits: SearchHit[] = []
  for (;;) {
    const page = await search.next(budgetMs)
    hits.push(...page.hits)
    if (page.done) return hits
  }
}

const places = (hits: readonly SearchHit[]) => hits.map((hit) => [hit.sessionId, hit.round, hit.role, hit.kind])

describe('the search', () => {
  it('finds a text once, in the session and round that brought it, whatever its case', async () => {
    const engine = await engineOver(LINES)
    expect(places(await searchAll(engine, { text: 'UMBRELLA' }))).toEqual([
      ['s1', 1, 'user', 'text'],
      ['s1', 2, 'assistant', 'tool_call'],
      ['s2', 1, 'user', 'text'],
    ])
    expect(places(await searchAll(engine, { text: 'in the hall' }))).toEqual([['s1', 1, 'assistant', 'text']])
  })

  it('finds a question where it was asked, not where the gateway repeats it while tools are called', async () => {
    const call = (id: string) => ({ id, type: 'function', function: { name: 'look', arguments: '{}' } })
    const asked = [user('Where is the parrot?')]
    const looked = (id: string) => [
      { role: 'assistant', content: null, tool_calls: [call(id)] },
      { role: 'tool', tool_call_id: id, content: 'permission denied' },
    ]
    const round = (second: number, messages: unknown[], ai: object) =>
      logLine({ session_id: 's1', model: 'm1', messages, question: 'Where is the parrot?', ...ai }, at(second))
    const engine = await engineOver([
      round(1, asked, { tool_calls: [call('c0')] }),
      round(2, [...asked, ...looked('c0')], { tool_calls: [call('c0')] }),
      round(3, [...asked, ...looked('c0'), ...looked('c0')], { answer: 'I may not look.' }),
    ])
    for (const order of ['newest', 'oldest'] as const) {
      expect(places(await searchAll(engine, { text: 'parrot', order })), order).toEqual([['s1', 1, 'user', 'text']])
      const rounds = async (text: string) => (await searchAll(engine, { text, order })).map((hit) => hit.round).sort()
      expect(await rounds('permission'), order).toEqual([2, 3])
      expect(await rounds('c0'), order).toEqual([1, 2])
    }
  })

  it('finds a question once where each request sends nothing but its own', async () => {
    const round = (second: number, question: string) =>
      logLine({ session_id: 's1', model: 'm1', messages: [user(question)], question, answer: 'ok' }, at(second))
    const engine = await engineOver([round(1, 'One parrot?'), round(2, 'Two parrots?'), round(3, 'Three parrots?')])
    for (const order of ['newest', 'oldest'] as const) {
      expect(places(await searchAll(engine, { text: 'two p', order })), order).toEqual([['s1', 2, 'user', 'text']])
    }
  })

  it('finds Chinese text, escaped text of arguments, and ids', async () => {
    const engine = await engineOver(LINES)
    expect(places(await searchAll(engine, { text: '雨伞' }))).toEqual([['s1', 1, 'user', 'text']])
    expect(places(await searchAll(engine, { text: 'line "one"' }))).toEqual([['s1', 2, 'assistant', 'tool_call']])
    expect(places(await searchAll(engine, { text: 'call_77' }))).toEqual([['s1', 2, 'id', 'id']])
    expect(places(await searchAll(engine, { text: 's2' }))).toEqual([['s2', 1, 'id', 'id']])
  })

  it('keeps to role, model, time and session', async () => {
    const engine = await engineOver(LINES)
    const sessions = async (query: Partial<SearchQuery>) =>
      (await searchAll(engine, { text: 'umbrella', ...query })).map((hit) => `${hit.sessionId}#${hit.round}`)
    expect(await sessions({ roles: ['user'] })).toEqual(['s1#1', 's2#1'])
    expect(await sessions({ models: ['m2'] })).toEqual(['s1#2'])
    expect(await sessions({ from: Date.UTC(2026, 1, 1, 10, 0, 2) })).toEqual(['s1#2', 's2#1'])
    expect(await sessions({ to: Date.UTC(2026, 1, 1, 10, 0, 2) })).toEqual(['s1#1'])
    expect(await sessions({ sessionId: 's2' })).toEqual(['s2#1'])
  })

  it('says where in the snippet the text is, and ends at its limit', async () => {
    const engine = await engineOver(LINES)
    const [hit] = await searchAll(engine, { text: 'umbrella' })
    expect(hit?.snippet.slice(hit.at, hit.at + hit.length)).toBe('Umbrella')
    const search = new Search(engine.store, { text: 'umbrella', limit: 1 })
    expect(await search.next(Infinity)).toMatchObject({ done: true, limited: true, hits: [{ sessionId: 's1' }] })
  })

  it('goes on in slices to the same end', async () => {
    const engine = await engineOver(LINES)
    expect(await searchAll(engine, { text: 'umbrella' }, 0)).toEqual(await searchAll(engine, { text: 'umbrella' }))
  })
})

describe('the search from the newest back', () => {
  const newest = { order: 'newest' } as const

  it('tells what was read last first, and an answer in the round that gave it', async () => {
    const engine = await engineOver(LINES)
    expect(places(await searchAll(engine, { ...newest, text: 'UMBRELLA' }))).toEqual([
      ['s2', 1, 'user', 'text'],
      ['s1', 2, 'assistant', 'tool_call'],
      ['s1', 1, 'user', 'text'],
    ])
    expect(places(await searchAll(engine, { ...newest, text: 'in the hall' }))).toEqual([
      ['s1', 1, 'assistant', 'text'],
    ])
    // Where the round that gave it is not searched, the one that sent it again tells it.
    expect(places(await searchAll(engine, { ...newest, text: 'in the hall', models: ['m2'] }))).toEqual([
      ['s1', 2, 'assistant', 'text'],
    ])
  })

  it('begins with the sessions whose id holds the text, the latest first, at their latest round', async () => {
    const engine = await engineOver(LINES)
    const ids = async (query: Partial<SearchQuery>) =>
      places(await searchAll(engine, { ...newest, text: 'S', ...query }))
    expect((await ids({})).slice(0, 2)).toEqual([
      ['s2', 1, 'id', 'id'],
      ['s1', 2, 'id', 'id'],
    ])
    expect((await ids({ models: ['m1'] })).slice(0, 2)).toEqual([
      ['s2', 1, 'id', 'id'],
      ['s1', 1, 'id', 'id'],
    ])
    expect(await ids({ roles: ['system'] })).toEqual([])
    expect(await ids({ limit: 1 })).toEqual([['s2', 1, 'id', 'id']])
  })

  it('goes on in slices to the same end', async () => {
    const engine = await engineOver(LINES)
    expect(await searchAll(engine, { ...newest, text: 'umbrella' }, 0)).toEqual(
      await searchAll(engine, { ...newest, text: 'umbrella' }),
    )
  })
})

it('a search keeps to consumer, status and source, and finds chat, request and trace ids', async () => {
  const engine = await engineOver([
    logLine(
      { session_id: 's1', consumer: 'team-a', chat_id: 'chatcmpl-77', question: 'umbrella' },
      { ...at(1), request_id: 'req-1', trace_id: 'trace-1' },
    ),
    logLine({ session_id: 's2', question: 'umbrella' }, { ...at(2), response_code: '500' }),
  ])
  const rounds = async (query: Partial<SearchQuery>) =>
    (await searchAll(engine, { text: 'umbrella', ...query })).map((hit) => hit.sessionId)
  expect(await rounds({ consumers: ['team-a'] })).toEqual(['s1'])
  expect(await rounds({ consumers: [null] })).toEqual(['s2'])
  expect(await rounds({ statuses: ['error'] })).toEqual(['s2'])
  expect(await rounds({ statuses: [] })).toEqual([])
  const [source = ''] = engine.storedSources()
  expect(await rounds({ sources: [source] })).toEqual(['s1', 's2'])
  expect(await rounds({ sources: ['/elsewhere'] })).toEqual([])
  for (const id of ['chatcmpl-77', 'req-1', 'trace-1']) {
    expect(places(await searchAll(engine, { text: id }))).toEqual([['s1', 1, 'id', 'id']])
  }
})

it('searches that are cancelled, or too many, end', async () => {
  const engine = await engineOver(LINES)
  const query = { text: 'umbrella', limit: 10 }
  const first = engine.searchStart(query)
  engine.searchCancel(first)
  await expect(engine.searchNext(first)).rejects.toThrow('ended')
  const second = engine.searchStart(query)
  for (let count = 0; count < 8; count += 1) engine.searchStart(query)
  await expect(engine.searchNext(second)).rejects.toThrow('ended')
  // What was found so far is not told as all there is.
  const third = engine.searchStart(query)
  const asked = engine.searchNext(third)
  engine.searchCancel(third)
  await expect(asked).rejects.toThrow('ended')
})

describe('the needle', () => {
  it('never rules out a line that holds the text, however it is escaped', () => {
    const raw = (text: string) => Buffer.from(text)
    expect(new Needle('Hello').maybeIn(raw('say hELLo there'))).toBe(true)
    expect(new Needle('Hello').maybeIn(raw('say \\\\u0048ello'))).toBe(true)
    expect(new Needle('Hello').maybeIn(raw('say nothing \\u003c'))).toBe(false)
    expect(new Needle('雨伞').maybeIn(raw('雨伞'))).toBe(true)
    expect(new Needle('雨伞').maybeIn(raw('\\\\u96e8\\\\u4f1e'))).toBe(true)
    expect(new Needle('雨伞').maybeIn(raw('no'))).toBe(false)
    expect(new Needle('"!').maybeIn(raw('anything'))).toBe(true)
  })

  it('finds the place also where lower-casing changes lengths, and letters with their place', () => {
    expect(new Needle('stadt').findIn('İİİ Stadt')).toEqual({ at: 4, length: 5 })
    expect(new Needle('İstanbul').findIn('in İSTANBUL')).toEqual({ at: 3, length: 8 })
    // Lower-cased by itself its last letter is another one than in the middle of the word.
    for (const text of ['ΟΔΟΣ', 'οδος', 'οδοσ']) {
      expect(new Needle(text).findIn('η ΟΔΟΣΑ')).toEqual({ at: 2, length: 4 })
      expect(new Needle(text).findIn('η οδός, η ΟΔΟΣ.')).toEqual({ at: 10, length: 4 })
    }
    expect(new Needle('x').findIn('abc')).toBeNull()
  })
})
