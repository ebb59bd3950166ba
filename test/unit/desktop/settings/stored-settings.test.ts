import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  defaultStoredSettings,
  noLaterEntries,
  readSettings,
  writeSettings,
} from '../../../../src-main/desktop/settings/stored-settings'
import type { ReadSettings, StoredSettings } from '../../../../src-main/desktop/settings/stored-settings'

const logs = resolve('/var/log/higress')

const stored: StoredSettings = {
  sources: [logs, resolve('/srv/other.log')],
  sourceOptions: [{ path: logs, paused: true, sessionKey: 'agent:' }],
  settings: {
    theme: 'dark',
    language: 'zh',
    overview: {
      range: 'custom',
      from: '2026-01-01',
      to: '2026-01-31',
      filter: { models: ['gpt-4o', null], statuses: ['error'] },
      bucket: 'week',
      measure: 'tokens',
      stack: 'model',
    },
    sessions: {
      columns: [{ key: 'cost', width: 120, shown: true }],
      saved: [{ name: 'Failed', text: 'agent', filter: { statuses: ['error'] } }],
    },
    reader: { markdown: false, chart: true },
    currency: { code: 'CNY', usdRate: 7.1 },
    retention: { days: 90 },
    sessionSort: { sortBy: 'cost', descending: false },
    timeZone: 'Asia/Kathmandu',
    notifications: false,
    keepRunning: true,
    updates: { address: 'https://example.org/releases/', daily: true },
  },
  removing: resolve('/srv/gone'),
  recent: [logs],
  dataFolder: resolve('/srv/history'),
  toldTray: true,
  windows: [
    { bounds: { x: 10, y: 20, width: 900, height: 700 }, maximized: false, route: '/sessions' },
    { bounds: { x: -1200, y: 20, width: 1000, height: 700 }, maximized: true, route: '/session/a%2Fb' },
  ],
  budgets: [
    { id: 'b', period: 'month', unit: 'usd', limit: 20.5, scope: { kind: 'model', name: 'gpt-4o' } },
    { id: 'c', period: 'day', unit: 'tokens', limit: 1000, scope: { kind: 'all' } },
  ],
  toldBudgets: ['b 20.5 usd 2026-02-01 0.8'],
  updateChecked: 1_770_000_000_000,
  toldUpdate: '0.2.0',
}

/** What was read beside what a later version wrote, of which there is nothing here. */
const read = (text: string): Omit<ReadSettings, 'later'> => {
  const { later, ...known } = readSettings(text)
  expect(later).toEqual(noLaterEntries)
  return known
}

describe('the settings file', () => {
  test('gives back what was written', () => {
    expect(read(writeSettings(stored))).toEqual({ stored, damaged: [] })
  })

  test.each(['', 'not json', '[]', 'null', '"text"', '{"settings":'])('%j is damaged as a whole', (text) => {
    expect(read(text)).toEqual({ stored: defaultStoredSettings, damaged: ['file'] })
  })

  test('a budget of a model is kept however long the log names it, and so is what was told of it', () => {
    const name = '\u0001'.repeat(10_000)
    const scope = { kind: 'model', name } as const
    const budgets = [{ id: 'b', period: 'month', unit: 'usd', limit: 20.5, scope }] as const
    const long = { ...stored, budgets, toldBudgets: [`b 20.5 usd month ${JSON.stringify(scope)} 2026-02-01 0.8`] }
    expect(read(writeSettings(long))).toEqual({ stored: long, damaged: [] })
  })

  test('a mark that an editor put before it is no damage', () => {
    expect(read(`\ufeff${writeSettings(stored)}`)).toEqual({ stored, damaged: [] })
  })

  test('an empty object is a file of an early version, not a damaged one', () => {
    expect(read('{}')).toEqual({ stored: defaultStoredSettings, damaged: [] })
  })

  test('the window of an early version is the one that opens', () => {
    const placed = { bounds: { x: 1, y: 2, width: 900, height: 700 }, maximized: true }
    expect(read(JSON.stringify({ window: placed }))).toEqual({
      stored: { ...defaultStoredSettings, windows: [{ ...placed, route: '' }] },
      damaged: [],
    })
  })

  test.each(['https://example.org/', 'overview', '/over view', '/\u202e', '/'.repeat(9000)])(
    'a window on %j, which is no route, is not opened',
    (route) => {
      const windows = [{ bounds: { x: 1, y: 2, width: 900, height: 700 }, maximized: false, route }]
      expect(readSettings(JSON.stringify({ windows })).stored.windows).toEqual([])
    },
  )

  test.each(['Mars/Olympus', '', 'UTC\0'])(
    'a time zone that the calendar does not know, %j, is the system’s',
    (zone) => {
      const read = readSettings(JSON.stringify({ settings: { timeZone: zone } }))
      expect(read.stored.settings.timeZone).toBe('system')
      expect(read.damaged).toEqual(['timeZone'])
    },
  )

  test.each(['http://example.org/', 'file:///srv/', 'https://user@example.org/', 'https://[', 7])(
    'an address of releases that is none, %j, is not asked',
    (address) => {
      const read = readSettings(JSON.stringify({ settings: { updates: { address, daily: true } } }))
      expect(read.stored.settings.updates).toEqual({ address: '', daily: false })
      expect(read.damaged).toEqual(['updates'])
    },
  )

  test('entries of a later version are not used, and are there when the file is written', () => {
    const later = {
      ...stored,
      version: 7,
      prices: { gpt: 1 },
      settings: {
        ...stored.settings,
        fontSize: 12,
        updates: { ...stored.settings.updates, channel: 'beta', mirrors: ['a'] },
        sessions: { ...stored.settings.sessions, saved: [{ ...stored.settings.sessions.saved[0], colour: 'red' }] },
      },
      sourceOptions: [{ ...stored.sourceOptions[0], speed: 3 }],
    }
    const read = readSettings(JSON.stringify(later))
    expect(read).toMatchObject({ stored, damaged: [] })
    expect(read.stored).toEqual(stored)
    const changed = { ...read.stored, settings: { ...read.stored.settings, theme: 'light' as const } }
    const written = JSON.parse(writeSettings(changed, read.later)) as typeof later
    expect(written).toMatchObject({
      version: 1,
      prices: { gpt: 1 },
      settings: {
        fontSize: 12,
        theme: 'light',
        updates: { ...stored.settings.updates, channel: 'beta', mirrors: ['a'] },
      },
    })
    // And read again by this version they change nothing.
    expect(readSettings(JSON.stringify(written))).toEqual({ ...read, stored: changed })
  })

  test('a value of a known entry that can’t be used is not written back, nor is what an early version called otherwise', () => {
    const text = JSON.stringify({
      ...stored,
      recent: 'everything',
      window: null,
      settings: { ...stored.settings, theme: 'purple', retention: { days: -1, soon: true } },
    })
    const read = readSettings(text)
    expect(read.damaged).toEqual(['recent', 'theme', 'retention'])
    expect(read.later).toEqual(noLaterEntries)
    expect(writeSettings(read.stored, read.later)).not.toMatch(/purple|everything|soon|window"/)
  })

  test('one damaged entry does not cost the others', () => {
    const text = JSON.stringify({
      ...stored,
      settings: { ...stored.settings, theme: 'purple' },
      windows: [{ bounds: 1 }],
    })
    expect(read(text)).toEqual({
      stored: { ...stored, settings: { ...stored.settings, theme: 'system' }, windows: [] },
      damaged: ['theme', 'windows'],
    })
  })

  test.each([
    ['relative', 'logs/access.log'],
    ['not text', 7],
    ['with a NUL', `${logs}\0`],
    ['longer than any path', `/${'a'.repeat(5000)}`],
  ])('a source that is %s is left out', (_what, source) => {
    expect(read(JSON.stringify({ sources: [source, logs] }))).toEqual({
      stored: { ...defaultStoredSettings, sources: [logs] },
      damaged: ['sources'],
    })
  })

  test('a source is there once', () => {
    expect(readSettings(JSON.stringify({ sources: [logs, logs] })).stored.sources).toEqual([logs])
  })

  test('a name of every object is no entry', () => {
    const named = readSettings(
      '{"__proto__":{"theme":"dark"},"settings":{"constructor":1,"__proto__":{"theme":"dark"}}}',
    )
    expect(named).toMatchObject({ stored: defaultStoredSettings, damaged: [] })
    expect(JSON.parse(writeSettings(named.stored, named.later))).toMatchObject({ settings: { theme: 'system' } })
  })
})
