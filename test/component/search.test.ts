import { flushPromises } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { SearchHit, SearchPage, SearchQuery } from '@contract'
import { api, MonitorError } from '../../src-renderer/api'
import { nearestRange, rangesOf } from '../../src-renderer/features/conversation/find-marks'
import { hitRows, stepRow } from '../../src-renderer/features/search/hit-rows'
import { useSearchStore } from '../../src-renderer/stores/search'
import { fromAddress, NO_SEARCH, searchQuery, toAddress, type SearchView } from '../../src-renderer/stores/search-query'
import { installMonitor } from './support'

const hit = (sessionId: string, round = 1, change: Partial<SearchHit> = {}): SearchHit => ({
  sessionId,
  inferred: false,
  title: null,
  round,
  seq: round,
  time: 0,
  model: null,
  role: 'user',
  kind: 'text',
  snippet: 'an umbrella',
  at: 3,
  length: 8,
  ...change,
})
const page = (hits: readonly SearchHit[], done = false): SearchPage => ({
  hits,
  scannedRequests: done ? 10 : 5,
  totalRequests: 10,
  done,
  limited: false,
  unreadableBlocks: 0,
})
const of = (text: string): SearchView => ({ ...NO_SEARCH, text })

describe('the search', () => {
  beforeEach(() => setActivePinia(createPinia()))

  /** An engine that answers when it is told to. */
  function slowMonitor() {
    const queries: SearchQuery[] = []
    const waiting = new Map<number, (page: SearchPage) => void>()
    const cancelled: number[] = []
    const fake = installMonitor({
      searchStart: (query) => queries.push(query),
      searchNext: (id) => new Promise<SearchPage>((resolve) => waiting.set(id, resolve)) as never,
      searchCancel: (id) => void cancelled.push(id),
    })
    const answer = async (id: number, what: SearchPage) => {
      waiting.get(id)?.(what)
      await flushPromises()
    }
    return { fake, queries, cancelled, answer }
  }

  it('shows hits as they come, and how far it is', async () => {
    const { queries, answer } = slowMonitor()
    const store = useSearchStore()
    void store.search(of(' umbrella '))
    await flushPromises()
    expect(queries).toEqual([{ text: 'umbrella', order: 'newest', limit: 1000 }])
    await answer(1, page([hit('a')]))
    expect([store.hits.length, store.busy, store.progress]).toEqual([1, true, 0.5])
    await answer(1, page([hit('b')], true))
    expect([store.hits.length, store.busy, store.found]).toEqual([2, false, 'umbrella'])
  })

  it('ends when typing goes on, and drops what comes late; what was found stays until there is something else', async () => {
    const { queries, cancelled, answer } = slowMonitor()
    const store = useSearchStore()
    void store.search(of('umb'))
    await flushPromises()
    await answer(1, page([hit('a')]))
    store.stop()
    expect(cancelled).toEqual([1])
    void store.search(of('umbrella'))
    await flushPromises()
    await answer(1, page([hit('late')], true))
    expect([store.hits.map((one) => one.sessionId), store.stale, store.busy]).toEqual([['a'], true, true])
    await answer(2, page([], true))
    expect([store.hits, store.stale, store.busy]).toEqual([[], false, false])
    void store.search(of('umbrella'))
    expect(queries).toHaveLength(2)
    void store.search(of('   '))
    await flushPromises()
    expect([store.hits, store.busy, queries.length]).toEqual([[], false, 2])
  })

  it('begins anew where it was ended by a deletion, and not for ever', async () => {
    const { queries, answer } = slowMonitor()
    const store = useSearchStore()
    void store.search(of('umb'))
    await flushPromises()
    const ended = new MonitorError({ code: 'not-found', message: 'This search has ended.' })
    const call = vi.spyOn(api, 'call').mockRejectedValueOnce(ended)
    await answer(1, page([hit('deleted')]))
    expect([queries.length, store.error, store.busy]).toEqual([2, null, true])
    await answer(2, page([hit('kept')], true))
    expect([store.hits.map(({ sessionId }) => sessionId), store.busy]).toEqual([['kept'], false])

    call.mockResolvedValueOnce(3).mockRejectedValueOnce(ended).mockResolvedValueOnce(4).mockRejectedValueOnce(ended)
    await store.run()
    expect([store.error?.code, store.busy]).toEqual(['not-found', false])
    call.mockRestore()
  })

  it('tells a failure, and can be tried again', async () => {
    const fake = installMonitor({})
    const store = useSearchStore()
    await store.search(of('umbrella'))
    expect([store.error?.code, store.busy]).toEqual(['refused', false])
    await store.run()
    expect(fake.countOf('searchStart')).toBe(2)
  })
})

it('an address says what is searched for, whatever the names hold', () => {
  const view: SearchView = {
    text: 'a&b=雨伞 #1',
    roles: ['user', 'id'],
    filter: { models: [null, 'gpt?'], consumers: ['x'], sources: ['/var/log'], statuses: ['cut-off'] },
    range: { range: 'custom', from: '2026-01-01', to: '2026-01-31' },
  }
  expect(fromAddress(toAddress(view) as never)).toEqual(view)
  expect(fromAddress(toAddress(NO_SEARCH) as never)).toEqual(NO_SEARCH)
  expect(fromAddress({ q: 'x', status: 'broken', range: 'ever', role: ['god'] })).toMatchObject({
    roles: [],
    range: { range: 'all' },
  })
  expect(searchQuery(view, 0)).toMatchObject({ roles: ['user', 'id'], models: [null, 'gpt?'], statuses: ['cut-off'] })
})

it('hits are grouped by session, of many only the first are shown, and arrows pass headings over', () => {
  const hits = [hit('a', 9), hit('b', 3), ...[8, 7, 6, 5].map((round) => hit('a', round))]
  const kinds = (opened: string[] = []) => hitRows(hits, new Set(opened)).map((row) => row.kind)
  expect(kinds()).toEqual(['session', 'hit', 'hit', 'hit', 'more', 'session', 'hit'])
  expect(kinds(['la'])).toEqual(['session', 'hit', 'hit', 'hit', 'hit', 'hit', 'more', 'session', 'hit'])
  const rows = hitRows(hits, new Set())
  expect([
    stepRow(rows, -1, 1),
    stepRow(rows, 4, 1),
    stepRow(rows, 6, 1),
    stepRow(rows, 6, -1),
    stepRow(rows, 1, -1),
  ]).toEqual([1, 6, 6, 4, 1])
  // A logged id and an inferred one may read alike.
  expect(hitRows([hit('a'), hit('a', 1, { inferred: true })], new Set()).map((row) => row.kind)).toEqual([
    'session',
    'hit',
    'session',
    'hit',
  ])
})

it('of several places the one with the snippet’s surroundings is gone to', () => {
  const root = document.createElement('div')
  root.className = 'untrusted'
  root.innerHTML = '<p>one umbrella here</p><p>another\numbrella there</p>'
  const ranges = rangesOf(root, 'umbrella')
  const near = nearestRange(ranges, { snippet: 'another umbrella there', at: 8 })
  expect(near).toBe(ranges[1])
  expect(nearestRange([], { snippet: 'x', at: 0 })).toBeUndefined()
})
