import type { MenuItemConstructorOptions } from 'electron'
import { describe, expect, test } from 'vitest'
import { menuTemplate } from '../../../../src-main/desktop/native/menu-template'
import type { MenuCommands, MenuState } from '../../../../src-main/desktop/native/menu-template'
import { preferredLocale, textsFor } from '../../../../src-main/desktop/words/texts'

const state: MenuState = {
  texts: textsFor('en', 'en'),
  theme: 'dark',
  recent: [],
  windowShown: true,
  sessionShown: false,
  development: false,
  mac: false,
}

function recorder(): { commands: MenuCommands; called: string[] } {
  const called: string[] = []
  const note =
    (name: string) =>
    (...args: unknown[]): void =>
      void called.push([name, ...args].join(' '))
  return {
    called,
    commands: {
      newWindow: note('newWindow'),
      openLogs: note('openLogs'),
      openRecent: note('openRecent'),
      clearRecent: note('clearRecent'),
      openSample: note('openSample'),
      navigate: note('navigate'),
      page: note('page'),
      setTheme: note('setTheme'),
      showAbout: note('showAbout'),
      openDataFolder: note('openDataFolder'),
      openReadme: note('openReadme'),
      checkUpdates: note('checkUpdates'),
    },
  }
}

function items(template: readonly MenuItemConstructorOptions[]): MenuItemConstructorOptions[] {
  return template.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? items(item.submenu) : [])])
}

const flat = (changes: Partial<MenuState> = {}, commands = recorder().commands) =>
  items(menuTemplate({ ...state, ...changes }, commands))

const click = (item: MenuItemConstructorOptions | undefined): void => {
  ;(item?.click as (() => void) | undefined)?.()
}

describe('menu', () => {
  test.each([
    ['open-folder', 'openLogs folder', 'CmdOrCtrl+O'],
    ['open-file', 'openLogs file', 'CmdOrCtrl+Shift+O'],
    ['open-sample', 'openSample', undefined],
    ['new-window', 'newWindow', 'CmdOrCtrl+N'],
    ['export-report', 'page export-report-json', 'CmdOrCtrl+E'],
    ['export-report-csv', 'page export-report-csv', undefined],
    ['export-report-markdown', 'page export-report-markdown', undefined],
    ['export-rounds', 'page export-rounds', undefined],
    ['export-session', 'page export-session-json', 'CmdOrCtrl+Shift+E'],
    ['export-session-markdown', 'page export-session-markdown', undefined],
    ['find', 'page find', 'CmdOrCtrl+F'],
    ['find-next', 'page find-next', 'F3'],
    ['find-previous', 'page find-previous', 'Shift+F3'],
    ['back', 'page back', 'Alt+Left'],
    ['forward', 'page forward', 'Alt+Right'],
    ['palette', 'page palette', 'CmdOrCtrl+K'],
    ['shortcuts', 'page shortcuts', 'F1'],
    ['go-settings', 'navigate settings', 'CmdOrCtrl+,'],
    ['open-readme', 'openReadme', undefined],
    ['go-overview', 'navigate overview', 'CmdOrCtrl+1'],
    ['go-sessions', 'navigate sessions', 'CmdOrCtrl+2'],
    ['go-insights', 'navigate insights', 'CmdOrCtrl+3'],
    ['go-sources', 'navigate sources', 'CmdOrCtrl+4'],
    ['go-search', 'navigate search', 'CmdOrCtrl+Shift+F'],
    ['go-compare', 'navigate compare', undefined],
    ['theme-light', 'setTheme light', undefined],
    ['open-data-folder', 'openDataFolder', undefined],
    ['check-updates', 'checkUpdates', undefined],
    ['about', 'showAbout', undefined],
  ])('%s calls %s', (id, expected, accelerator) => {
    const { commands, called } = recorder()
    const item = flat({}, commands).find((candidate) => candidate.id === id)
    click(item)
    expect(called).toEqual([expected])
    expect(item?.accelerator).toBe(accelerator)
  })

  const enabled = (id: string, changes: Partial<MenuState>) => flat(changes).find((item) => item.id === id)?.enabled

  test('a session can be exported only while one is shown', () => {
    for (const id of ['export-session', 'export-session-markdown']) {
      expect(enabled(id, { sessionShown: false })).toBe(false)
      expect(enabled(id, { sessionShown: true })).toBe(true)
      expect(enabled(id, { sessionShown: true, windowShown: false })).toBe(false)
    }
  })

  test('what a page does can be chosen only while there is one', () => {
    for (const id of ['find', 'back', 'export-report', 'export-rounds', 'shortcuts']) {
      expect(enabled(id, {})).toBe(true)
      expect(enabled(id, { windowShown: false })).toBe(false)
    }
  })

  test('lists the paths chosen lately, an & of a name as it is, and can forget them', () => {
    const { commands, called } = recorder()
    const all = flat({ recent: ['/logs/a&b', '/logs/c'] }, commands)
    const paths = all.filter(({ id }) => id?.startsWith('recent-'))
    expect(paths.map(({ label }) => label)).toEqual(['/logs/a&&b', '/logs/c'])
    click(paths[0])
    click(all.find(({ id }) => id === 'clear-recent'))
    expect(called).toEqual(['openRecent /logs/a&b', 'clearRecent'])
    expect(enabled('no-recent', {})).toBe(false)
  })

  test('the theme in use is the one that is checked', () => {
    const checked = flat().filter((item) => item.checked === true)
    expect(checked.map(({ id }) => id)).toEqual(['theme-dark'])
  })

  test('reload and the developer tools are for development only', () => {
    const roles = (development: boolean) => flat({ development }).map(({ role }) => role)
    expect(roles(true)).toEqual(expect.arrayContaining(['reload', 'toggleDevTools']))
    expect(roles(false)).not.toContain('reload')
    expect(roles(false)).not.toContain('toggleDevTools')
  })

  test.each([true, false])('has quit, about and the edit commands once on every system (mac: %s)', (mac) => {
    const all = flat({ mac })
    for (const id of ['quit', 'about', 'go-settings', 'close-window'])
      expect(all.filter((item) => item.id === id)).toHaveLength(1)
    expect(all.filter((item) => item.role === 'copy')).toHaveLength(1)
  })

  test('no accelerator means two things', () => {
    const accelerators = flat({ development: true }).flatMap(({ accelerator }) => accelerator ?? [])
    expect(new Set(accelerators).size).toBe(accelerators.length)
  })

  test('passes over what is no language tag', () => {
    expect(preferredLocale(['c', '', 'zh-Hans-CN', 'en'])).toBe('zh-Hans-CN')
    expect(preferredLocale(['c'])).toBe('en')
  })

  test('speaks the language of the setting, else of the system', () => {
    expect(textsFor('zh', 'en-US').openFolder).toBe('打开日志文件夹…')
    expect(textsFor('en', 'zh-CN').openFolder).toBe('Open Log Folder…')
    expect(textsFor('system', 'zh-Hans-CN')).toBe(textsFor('zh', 'en'))
    expect(textsFor('system', 'de-DE')).toBe(textsFor('en', 'zh'))
    expect(flat({ texts: textsFor('zh', 'en') }).find(({ id }) => id === 'open-folder')?.label).toBe('打开日志文件夹…')
  })
})
