import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createPinia, setActivePinia } from 'pinia'
import type { SessionListQuery, Settings } from '@contract'
import { runCommand } from '../../src-renderer/composables/useCommand'
import { chosenColumns, COLUMNS, gridOf } from '../../src-renderer/features/sessions/columns'
import SessionsPage from '../../src-renderer/features/sessions/SessionsPage.vue'
import SessionTable from '../../src-renderer/features/sessions/SessionTable.vue'
import SessionTableRow from '../../src-renderer/features/sessions/SessionTableRow.vue'
import { defaultSettings } from '@shared/default-settings'
import { useAppStore } from '../../src-renderer/stores/app'
import { useSessionsStore } from '../../src-renderer/stores/sessions'
import { aSession, installMonitor, mountApp, type FakeMonitor } from './support'

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
      sessions: () => ({
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
  })

  it('share the room that widths chosen by the user leave', () => {
    const [session, model] = chosenColumns([{ key: 'model', width: 140, shown: true }])
    const grid = gridOf([session!, model!])
    expect(grid.template).toBe('minmax(180px, 5fr) 140px')
    expect(grid.least).toBe(180 + 140 + 8)
  })
})

/** At 800 pixels the list of the usual columns scrolled sideways, and its last one was cut. */
describe('the columns of a narrow window', () => {
  const shownIn = (room: number, stored: Parameters<typeof chosenColumns>[0] = []) =>
    chosenColumns(stored, room).filter((column) => column.shown)

  it('give way, the least telling first, until the others fit', () => {
    expect(shownIn(1000)).toHaveLength(COLUMNS.filter((one) => one.usual).length)
    expect(shownIn(686).map(({ key }) => key)).not.toContain('spark')
    for (const room of [686, 500, 300, 280]) expect(gridOf(shownIn(room)).least).toBeLessThanOrEqual(room)
    expect(shownIn(300).map(({ key }) => key)).toEqual(['session', 'cost'])
    expect(shownIn(10).map(({ key }) => key)).toEqual(['session'])
  })

  it('stay where the user chose them, and give others the way', () => {
    const stored = [{ key: 'spark', width: null, shown: true }]
    const keys = shownIn(686, stored).map(({ key }) => key)
    expect(keys).toContain('spark')
    expect(keys).not.toContain('outputTokens')
    expect(shownIn(100, stored).map(({ key }) => key)).toEqual(['session', 'spark'])
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
      /Session without a question.*inferred.*no model.*≥\s\$0\.50/,
    )
    expect(cells.some((cell) => cell.attributes('title')?.includes('2 unpriced rounds'))).toBe(true)
    expect(wrapper.find('.live').exists()).toBe(true)
  })

  it('says no nought of tokens that were not logged', () => {
    installMonitor({})
    const columns = chosenColumns([]).filter(({ key }) => key === 'inputTokens')
    const textOf = (roundsWithoutUsage: number) =>
      mountApp(SessionTableRow, {
        props: {
          row: aSession({ rounds: 3, inputTokens: 0, roundsWithoutUsage }),
          columns,
          spark: undefined,
          live: false,
          tools: false,
        },
      }).text()
    expect(textOf(3)).toBe('unknown')
    expect(textOf(2)).toBe('0')
  })
})

describe('the list', () => {
  const install = () =>
    installMonitor({
      sessions: (query: SessionListQuery) => ({
        revision: 1,
        total: query.text === 'none' ? 0 : 50,
        rows: Array.from({ length: query.text === 'none' ? 0 : 50 }, (_, index) =>
          aSession({ sessionId: `${query.text ?? 'all'}-${index}` }),
        ),
      }),
      sparks: (ids) => ids.map(() => [1, 2]),
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

  it('asks for what is not on screen yet when no more letters come', async () => {
    const rows = Array.from({ length: 50 }, (_, index) => aSession({ sessionId: `${index}` }))
    const monitor = installMonitor({ sessions: () => ({ revision: 1, total: 500, rows }) })
    const store = useSessionsStore()
    await store.search({ text: 'a' })
    await store.search({ text: 'ab' })
    expect(monitor.countOf('sessions')).toBe(2)
    await vi.advanceTimersByTimeAsync(500)
    expect(monitor.countOf('sessions')).toBe(3)
    expect(monitor.calls.at(-1)?.args[0]).toMatchObject({ text: 'ab', offset: 50 })
  })

  it('asks once for the lines of the rows on screen, and again for those that went on', async () => {
    const monitor = install()
    const store = useSessionsStore()
    await store.refresh()
    store.wantSparks()
    store.wantSparks()
    await vi.advanceTimersByTimeAsync(500)
    expect(monitor.countOf('sparks')).toBe(1)
    expect((monitor.calls.at(-1)?.args[0] as string[]).length).toBe(40)
    expect(store.sparkOf(aSession({ sessionId: 'all-3' }))).toEqual([1, 2])
    store.wantSparks()
    await vi.advanceTimersByTimeAsync(500)
    expect(monitor.countOf('sparks'), 'nothing is new').toBe(1)
  })
})

describe('the table of sessions', () => {
  async function scrolled() {
    const monitor = installMonitor({
      sessions: () => ({
        revision: 1,
        total: 120,
        rows: Array.from({ length: 50 }, (_, index) => aSession({ sessionId: `s${index}` })),
      }),
      sparks: (ids) => ids.map(() => [1, 2]),
    })
    const wrapper = mountApp(SessionTable, { props: {} })
    await useSessionsStore().refresh()
    const table = wrapper.element as HTMLElement
    await wrapper.trigger('keydown', { key: 'ArrowDown' })
    await wrapper.trigger('keydown', { key: 'ArrowDown' })
    table.scrollTop = 1500
    return { monitor, table, change: (part: Partial<Settings>) => changed(monitor, part) }
  }
  const changed = (monitor: FakeMonitor, part: Partial<Settings>): Promise<unknown> => {
    monitor.emit('settings:changed', { ...defaultSettings, ...part })
    return vi.advanceTimersByTimeAsync(100)
  }
  /** How far it is scrolled, and the id of its active row. */
  const place = (table: HTMLElement) => [table.scrollTop, table.getAttribute('aria-activedescendant')]

  it.each([
    ['the theme', { theme: 'dark' }],
    ['a column', { sessions: { ...defaultSettings.sessions, columns: [{ key: 'failed', width: 90, shown: true }] } }],
    ['the same order', { sessionSort: { ...defaultSettings.sessionSort } }],
  ] satisfies [string, Partial<Settings>][])(
    'stays where it is, with its active row, when %s is set',
    async (_name, part) => {
      const { table, change } = await scrolled()
      await useAppStore().start()
      await change(part)
      expect(place(table)).toEqual([1500, 'session-row-1'])
    },
  )

  it('begins at its top, without an active row, when another order is chosen', async () => {
    const { table, change } = await scrolled()
    await useAppStore().start()
    await change({ sessionSort: { sortBy: 'cost', descending: true } })
    expect(place(table)).toEqual([0, null])
  })
})

describe('the page of sessions', () => {
  it('focuses its filter as soon as the filter is there, when "find" comes while the sessions are loading', async () => {
    let answer: () => void = () => undefined
    installMonitor({
      sessions: () =>
        new Promise((resolve) => {
          answer = () => resolve({ revision: 1, total: 1, rows: [aSession()] })
        }) as never,
      sparks: (ids) => ids.map(() => [1, 2]),
    })
    const wrapper = mountApp(SessionsPage, { props: {} })
    const field = () => wrapper.find('[data-testid=sessions-filter]')
    runCommand('find')
    expect(field().exists()).toBe(false)
    answer()
    await vi.advanceTimersByTimeAsync(100)
    expect(document.activeElement).toBe(field().element)
  })
})
