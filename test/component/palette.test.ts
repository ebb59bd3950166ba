import { flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { nextTick } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import type { SourcesStatus } from '@contract'
import CommandPalette from '../../src-renderer/features/palette/CommandPalette.vue'
import { paletteActions } from '../../src-renderer/features/palette/actions'
import { matchItems, matchText } from '../../src-renderer/features/palette/match'
import { usePalette } from '../../src-renderer/features/palette/usePalette'
import { SETTINGS_SECTIONS } from '../../src-renderer/features/settings/sections'
import { en } from '../../src-renderer/i18n/en'
import { zh } from '../../src-renderer/i18n/zh'
import { aHeader, aSession, installMonitor, mountApp } from './support'

describe('matching what is typed', () => {
  const found = (text: string, typed: string): string | null => {
    const match = matchText(text, typed)
    return match === null ? null : match.marks.map((at) => text[at]).join('')
  }

  it('finds words in any order and case, and by their beginnings', () => {
    expect(found('Export this session…', 'SESSION export')).toBe('Exportsession')
    expect(found('Export this session…', 'exse')).toBe('Exse')
    expect(found('Insights: Cache', 'ic')).toBe('IC')
    expect(found('Insights: Cache', 'sights')).toBe('sights')
    expect(found('命令面板', '面板')).toBe('面板')
    expect(found('Sessions', 'sns')).toBeNull()
    expect(found('Sessions', 'sessions now')).toBeNull()
  })

  it('puts first what begins so, then words, then parts, and knows other names', () => {
    const items = ['Resume reading', 'Sources', 'Open sources', 'Settings'].map((title) => ({ title, names: ['来源'] }))
    expect(matchItems(items, 'sources').map(({ item }) => item.title)).toEqual(['Sources', 'Open sources'])
    expect(matchItems(items, '来源')).toHaveLength(4)
    expect(matchItems(items, 'su').map(({ item }) => item.title)).toEqual(['Resume reading'])
  })

  it('takes no longer for a text made to take long', () => {
    // Every way to find it tried out, this would not end.
    expect(matchText('a '.repeat(400), `${'a'.repeat(19)}b`)).toBeNull()
  })
})

describe('the actions', () => {
  const sourceOf = (path: string, state: 'following' | 'paused') => ({ path, state })
  function actions(states: readonly ('following' | 'paused')[], readOnly = false) {
    const done: string[] = []
    const note =
      (what: string) =>
      (...args: unknown[]): number =>
        done.push([what, ...args].join(' '))
    const sources = states.map((state, at) => sourceOf(`/logs/${String(at)}`, state))
    const all = paletteActions({
      router: createRouter({
        history: createMemoryHistory(),
        routes: [
          { path: '/', component: { render: () => null } },
          { path: '/settings/:section?', name: 'settings', component: { render: () => null } },
        ],
      }),
      say: (_, key) => key,
      language: 'en',
      readOnly,
      sources: { sources } as unknown as SourcesStatus,
      setTheme: note('theme'),
      setLanguage: note('language'),
      chooseLogs: note('choose'),
      openSample: note('sample'),
      setPaused: note('paused'),
      setAllPaused: note('all paused'),
      command: note('command'),
      newWindow: note('window'),
      openDataFolder: note('data folder'),
      checkUpdates: note('check updates'),
      copy: note('copy'),
      linkOf: (id) => id,
    })
    const ids = all.map(({ id }) => id)
    return { ids, done, run: (id: string) => all.find((action) => action.id === id)?.run() }
  }

  it('pause and resume all sources where there are several, as far as there are any to', () => {
    const both = (states: readonly ('following' | 'paused')[]) =>
      actions(states).ids.filter((id) => id === 'sources:pause' || id === 'sources:resume')
    expect(both(['following', 'following'])).toEqual(['sources:pause'])
    expect(both(['following', 'paused'])).toEqual(['sources:pause', 'sources:resume'])
    expect(both(['paused', 'paused'])).toEqual(['sources:resume'])
    expect(both(['paused'])).toEqual([])
    const { run, done } = actions(['following', 'paused'])
    run('sources:pause')
    run('sources:resume')
    expect(done).toEqual(['all paused true', 'all paused false'])
  })

  it('reach every section of the settings, and do what the menu does', () => {
    const { ids, run, done } = actions([])
    for (const { name } of SETTINGS_SECTIONS) expect(ids).toContain(`settings:${name}`)
    for (const id of ['export:csv', 'export:markdown', 'export:rounds', 'shortcuts', 'window:new', 'open:data']) run(id)
    expect(done).toEqual([
      'command export-report-csv',
      'command export-report-markdown',
      'command export-rounds',
      'command shortcuts',
      'window',
      'data folder',
    ])
  })

  it('look for a newer version where the answer is shown', async () => {
    const { run, done } = actions([])
    await run('updates:check')
    expect(done).toEqual(['check updates'])
    expect(actions([], true).ids).not.toContain('updates:check')
  })

  it('leave out in a browser what only the application can do', () => {
    const { ids } = actions(['following', 'paused'], true)
    const missing = ['window:new', 'open:data', 'sources:pause', 'settings:budgets', 'insights:budgets']
    expect(ids.filter((id) => missing.includes(id))).toEqual([])
    for (const id of ['export:report', 'export:csv', 'export:markdown', 'export:rounds']) expect(ids).toContain(id)
  })
})

describe('the palette', () => {
  const { open } = usePalette()
  let app: ReturnType<typeof mountApp>
  const press = (target: EventTarget, key: string, more: KeyboardEventInit = {}) =>
    target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more }))
  const input = () => document.querySelector<HTMLInputElement>('[data-testid=palette-text]')
  const ids = () => [...document.querySelectorAll('[data-option]')].map((one) => one.getAttribute('data-option'))
  const active = () => document.querySelector('[role=option][aria-selected=true]')?.getAttribute('data-option')
  const type = async (text: string): Promise<void> => {
    const field = input()
    if (field === null) throw new Error('The palette is closed.')
    field.value = text
    field.dispatchEvent(new Event('input'))
    await nextTick()
    await vi.advanceTimersByTimeAsync(100)
    await flushPromises()
  }
  const monitor = () =>
    installMonitor({
      sessions: (query) => ({
        revision: 1,
        total: 1,
        rows: query.text === 'kraken' ? [aSession({ sessionId: 'deep:1', title: 'Where is the kraken?' })] : [],
      }),
      sessionHeader: (sessionId) => aHeader({ sessionId, title: `About ${sessionId}` }),
    })

  beforeEach(() => {
    vi.useFakeTimers()
    localStorage.clear()
  })
  afterEach(() => {
    open.value = false
    app.unmount()
    vi.useRealTimers()
  })

  async function show(): Promise<void> {
    app = mountApp(CommandPalette, { props: {} })
    press(window, 'k', { ctrlKey: true })
    await nextTick()
    await flushPromises()
  }

  it('opens and closes by its key, and lists pages and actions', async () => {
    monitor()
    await show()
    expect(input()?.getAttribute('role')).toBe('combobox')
    expect(ids()).toEqual(expect.arrayContaining(['page:overview', 'page:sources', 'open:folder', 'theme:dark']))
    // A page that is not there is not offered.
    expect(ids()).not.toContain('page:search')
    press(window, 'k', { ctrlKey: true })
    await nextTick()
    expect(input()).toBeNull()
  })

  it('is gone through by arrows, Home and End, and says which option is active', async () => {
    monitor()
    await show()
    const all = ids()
    expect(active()).toBe(all[0])
    press(input() as HTMLInputElement, 'ArrowDown')
    await nextTick()
    expect(active()).toBe(all[1])
    expect(document.getElementById(input()?.getAttribute('aria-activedescendant') ?? '')?.dataset['option']).toBe(
      all[1],
    )
    press(input() as HTMLInputElement, 'End')
    await nextTick()
    expect(active()).toBe(all.at(-1))
    press(input() as HTMLInputElement, 'ArrowDown')
    await nextTick()
    expect(active()).toBe(all[0])
    press(input() as HTMLInputElement, 'ArrowUp')
    press(input() as HTMLInputElement, 'Home')
    await nextTick()
    expect(active()).toBe(all[0])
  })

  it('finds names of the other language too', async () => {
    monitor()
    await show()
    await type(zh.nav.sources)
    expect(ids()).toContain('page:sources')
    expect(document.querySelector('[data-option="page:sources"] .title')?.textContent).toBe(en.nav.sources)
    await type(en.nav.sources)
    expect(ids()[0]).toBe('page:sources')
  })

  it('finds sessions, asks once for what was typed fast, and remembers what was opened', async () => {
    const { countOf } = monitor()
    await show()
    const field = input() as HTMLInputElement
    for (const text of ['k', 'kr', 'kra']) {
      field.value = text
      field.dispatchEvent(new Event('input'))
      await nextTick()
    }
    const before = countOf('sessions')
    await type('kraken')
    expect(countOf('sessions')).toBe(before + 1)
    expect(ids()).toEqual(['session:deep:1'])
    press(field, 'Enter')
    await nextTick()
    await flushPromises()
    expect(input()).toBeNull()
    expect(app.vm.$router.currentRoute.value.params['id']).toBe('deep:1')
    press(window, 'k', { ctrlKey: true })
    await nextTick()
    await flushPromises()
    expect(ids()[0]).toBe('session:deep:1')
    // On a session's page its own actions are there.
    expect(ids()).toEqual(expect.arrayContaining(['session:export', 'session:link']))
  })

  it('waits with Enter for the sessions that were asked for', async () => {
    monitor()
    await show()
    const field = input() as HTMLInputElement
    field.value = 'kraken'
    field.dispatchEvent(new Event('input'))
    await nextTick()
    press(field, 'Enter')
    await vi.advanceTimersByTimeAsync(200)
    await flushPromises()
    expect(app.vm.$router.currentRoute.value.params['id']).toBe('deep:1')
  })
})
