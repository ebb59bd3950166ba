import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createPinia, setActivePinia } from 'pinia'
import type { SessionListQuery } from '@contract'
import { chosenColumns, COLUMNS, gridOf, storedColumns } from '../../src-renderer/features/sessions/columns'
import SessionTableRow from '../../src-renderer/features/sessions/SessionTableRow.vue'
import { useSessionsStore } from '../../src-renderer/stores/sessions'
import { aSession, installMonitor, mountApp } from './support'

beforeEach(() => {
  vi.useFakeTimers()
  setActivePinia(createPinia())
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
  document.body.innerHTML = ''
})

describe('the list asked for again', () => {
  it('keeps the rows that say what they said, so that only the others are rendered again', async () => {
    let rounds = 3
    installMonitor({
      'sessions:list': () => ({
        revision: 1,
        total: 2,
        rows: [aSession({ sessionId: 'a' }), aSession({ sessionId: 'b', rounds })],
      }),
    })
    const store = useSessionsStore()
    await store.refresh()
    const before = [store.rowAt(0), store.rowAt(1)]
    rounds = 4
    await store.refresh()
    expect(store.rowAt(0)).toBe(before[0])
    expect(store.rowAt(1)).not.toBe(before[1])
    expect(store.rowAt(1)?.rounds).toBe(4)
  })
})

describe('the columns', () => {
  it('are the usual ones until others are chosen, and always name the session', () => {
    const usual = chosenColumns([]).filter((column) => column.shown)
    expect(usual.map(({ key }) => key)).toEqual(COLUMNS.filter((one) => one.usual).map(({ key }) => key))
    const chosen = chosenColumns([
      { key: 'session', width: null, shown: false },
      { key: 'failed', width: 90, shown: true },
      { key: 'cost', width: null, shown: false },
      { key: 'of a later version', width: null, shown: true },
    ])
    const shown = chosen.filter((column) => column.shown).map(({ key }) => key)
    expect(shown).toContain('session')
    expect(shown).toContain('failed')
    expect(shown).not.toContain('cost')
    expect(chosenColumns(storedColumns(chosen))).toEqual(chosen)
  })

  it('share the room that widths chosen by the user leave', () => {
    const [session, model] = chosenColumns([{ key: 'model', width: 140, shown: true }])
    const grid = gridOf([session!, model!])
    expect(grid.template).toBe('minmax(188px, 5fr) 140px')
    expect(grid.least).toBe(188 + 140 + 8)
  })
})

describe('a row', () => {
  it('says what is not known, in the columns it is given', () => {
    installMonitor({})
    const columns = chosenColumns([]).filter(({ key }) => ['session', 'model', 'cost', 'failed'].includes(key))
    const wrapper = mountApp(SessionTableRow, {
      props: {
        row: aSession({ costUsd: 0.5, unpricedRounds: 2, model: null, title: null, inferred: true }),
        columns,
        spark: undefined,
        live: true,
        tools: true,
      },
    })
    const cells = wrapper.findAll('[role=gridcell]')
    expect(cells).toHaveLength(columns.length)
    expect(cells.map((cell) => cell.text()).join(' ')).toMatch(
      /Session without a question.*inferred.*no model.*\$0\.50\s\+\s\?/,
    )
    expect(cells.some((cell) => cell.attributes('title')?.includes('2 rounds'))).toBe(true)
    expect(wrapper.find('.live').exists()).toBe(true)
  })
})

describe('the list', () => {
  const install = () =>
    installMonitor({
      'sessions:list': (query: SessionListQuery) => ({
        revision: 1,
        total: query.text === 'none' ? 0 : 50,
        rows: Array.from({ length: query.text === 'none' ? 0 : 50 }, (_, index) =>
          aSession({ sessionId: `${query.text ?? 'all'}-${index}` }),
        ),
      }),
      'sessions:sparks': (ids) => ids.map(() => [1, 2]),
    })

  it('asks with what is typed and chosen, and drops the answer to what was typed before', async () => {
    const monitor = install()
    const store = useSessionsStore()
    await store.refresh()
    const first = store.search({ text: 'a' })
    const second = store.search({ text: 'ab', filter: { models: ['o3'] } })
    await Promise.all([first, second])
    expect(store.rowAt(0)?.sessionId).toBe('ab-0')
    expect(monitor.calls.at(-1)?.args[0]).toMatchObject({ text: 'ab', filter: { models: ['o3'] }, offset: 0 })
    await store.search({ text: '', filter: {} })
    expect(monitor.calls.at(-1)?.args[0]).not.toHaveProperty('filter')
  })

  it('asks once for the lines of the rows on screen, and again for those that went on', async () => {
    const monitor = install()
    const store = useSessionsStore()
    await store.refresh()
    store.wantSparks()
    store.wantSparks()
    await vi.advanceTimersByTimeAsync(500)
    expect(monitor.countOf('sessions:sparks')).toBe(1)
    expect((monitor.calls.at(-1)?.args[0] as string[]).length).toBe(40)
    expect(store.sparkOf(aSession({ sessionId: 'all-3' }))).toEqual([1, 2])
    store.wantSparks()
    await vi.advanceTimersByTimeAsync(500)
    expect(monitor.countOf('sessions:sparks'), 'nothing is new').toBe(1)
  })
})
