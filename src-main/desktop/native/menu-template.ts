import type { MenuItemConstructorOptions } from 'electron'
import type { PageCommand, PageName, Theme } from '../../contract/index'
import type { Texts } from '../words/texts'

export interface MenuCommands {
  newWindow(): void
  openLogs(kind: 'folder' | 'file'): void
  openRecent(path: string): void
  clearRecent(): void
  openSample(): void
  navigate(to: PageName): void
  /** What only the page on screen can do. */
  page(command: PageCommand): void
  setTheme(theme: Theme): void
  showAbout(): void
  openDataFolder(): void
  openReadme(): void
  checkUpdates(): void
}

export interface MenuState {
  readonly texts: Texts
  readonly theme: Theme
  /** Paths chosen lately, the latest first. */
  readonly recent: readonly string[]
  readonly windowShown: boolean
  readonly sessionShown: boolean
  readonly development: boolean
  readonly mac: boolean
}

/** What only a window can do, and what only one that shows a session can. */
export const windowItems = [
  'back',
  'forward',
  'find',
  'find-next',
  'find-previous',
  'palette',
  'shortcuts',
  'export-report',
  'export-report-csv',
  'export-report-markdown',
  'export-rounds',
] as const
export const sessionItems = ['export-session', 'export-session-markdown'] as const

/** The pages in the order of the sidebar; the first nine have Ctrl+1 to Ctrl+9. */
const pages: readonly Exclude<PageName, 'settings' | 'search' | 'compare'>[] = [
  'overview',
  'sessions',
  'insights',
  'sources',
]

/** The application's menu as plain data. The ids are fixed: tests and the pages refer to items by them. */
export function menuTemplate(state: MenuState, commands: MenuCommands): MenuItemConstructorOptions[] {
  const { texts, development, mac } = state
  const separator: MenuItemConstructorOptions = { type: 'separator' }
  const settings: MenuItemConstructorOptions = {
    id: 'go-settings',
    label: texts.settings,
    accelerator: 'CmdOrCtrl+,',
    click: () => commands.navigate('settings'),
  }
  const about: MenuItemConstructorOptions = { id: 'about', label: texts.about, click: () => commands.showAbout() }
  const checkUpdates: MenuItemConstructorOptions = {
    id: 'check-updates',
    label: texts.checkUpdates,
    click: () => commands.checkUpdates(),
  }
  const quit: MenuItemConstructorOptions = { id: 'quit', role: 'quit', label: texts.quit }

  const file: MenuItemConstructorOptions[] = [
    {
      id: 'new-window',
      label: texts.newWindow,
      accelerator: 'CmdOrCtrl+N',
      click: () => commands.newWindow(),
    },
    separator,
    {
      id: 'open-folder',
      label: texts.openFolder,
      accelerator: 'CmdOrCtrl+O',
      click: () => commands.openLogs('folder'),
    },
    {
      id: 'open-file',
      label: texts.openFile,
      accelerator: 'CmdOrCtrl+Shift+O',
      click: () => commands.openLogs('file'),
    },
    { id: 'open-recent', label: texts.openRecent, submenu: recent() },
    { id: 'open-sample', label: texts.openSample, click: () => commands.openSample() },
    separator,
    {
      id: 'export',
      label: texts.export,
      submenu: [
        command('export-report', texts.exportReport, 'export-report-json', 'CmdOrCtrl+E'),
        command('export-report-csv', texts.exportReportCsv, 'export-report-csv'),
        command('export-report-markdown', texts.exportReportMarkdown, 'export-report-markdown'),
        command('export-rounds', texts.exportRounds, 'export-rounds'),
        separator,
        command('export-session', texts.exportSession, 'export-session-json', 'CmdOrCtrl+Shift+E'),
        command('export-session-markdown', texts.exportSessionMarkdown, 'export-session-markdown'),
      ],
    },
    separator,
    ...(mac ? [] : [settings, separator]),
    { id: 'close-window', role: 'close', label: texts.closeWindow, accelerator: 'CmdOrCtrl+W' },
    ...(mac ? [] : [quit]),
  ]
  const edit: MenuItemConstructorOptions[] = [
    { role: 'undo', label: texts.undo },
    { role: 'redo', label: texts.redo },
    separator,
    { role: 'cut', label: texts.cut },
    { role: 'copy', label: texts.copy },
    { role: 'paste', label: texts.paste },
    { role: 'selectAll', label: texts.selectAll },
    separator,
    command('find', texts.find, 'find', 'CmdOrCtrl+F'),
    command('find-next', texts.findNext, 'find-next', mac ? 'Cmd+G' : 'F3'),
    command('find-previous', texts.findPrevious, 'find-previous', mac ? 'Cmd+Shift+G' : 'Shift+F3'),
  ]
  const view: MenuItemConstructorOptions[] = [
    command('palette', texts.palette, 'palette', 'CmdOrCtrl+K'),
    separator,
    {
      id: 'theme',
      label: texts.theme,
      submenu: [theme('system', texts.themeSystem), theme('light', texts.themeLight), theme('dark', texts.themeDark)],
    },
    separator,
    { role: 'resetZoom', label: texts.actualSize },
    { role: 'zoomIn', label: texts.zoomIn },
    { role: 'zoomOut', label: texts.zoomOut },
    separator,
    { role: 'togglefullscreen', label: texts.fullScreen },
    ...(development
      ? ([
          separator,
          { role: 'reload', label: texts.reload },
          { role: 'toggleDevTools', label: texts.developerTools },
        ] satisfies MenuItemConstructorOptions[])
      : []),
  ]
  const go: MenuItemConstructorOptions[] = [
    command('back', texts.back, 'back', mac ? 'Cmd+[' : 'Alt+Left'),
    command('forward', texts.forward, 'forward', mac ? 'Cmd+]' : 'Alt+Right'),
    separator,
    ...pages.map((to, at) => ({
      id: `go-${to}`,
      label: texts[to],
      accelerator: `CmdOrCtrl+${String(at + 1)}`,
      click: () => commands.navigate(to),
    })),
    {
      id: 'go-search',
      label: texts.search,
      accelerator: 'CmdOrCtrl+Shift+F',
      click: () => commands.navigate('search'),
    },
    { id: 'go-compare', label: texts.compare, click: () => commands.navigate('compare') },
  ]
  const help: MenuItemConstructorOptions[] = [
    command('shortcuts', texts.shortcuts, 'shortcuts', 'F1'),
    { id: 'open-readme', label: texts.openReadme, click: () => commands.openReadme() },
    separator,
    { id: 'open-data-folder', label: texts.openDataFolder, click: () => commands.openDataFolder() },
    ...(mac ? [] : [separator, checkUpdates, about]),
  ]

  return [
    ...(mac ? [macApplicationMenu(texts, [about, checkUpdates], settings, quit)] : []),
    { id: 'file', label: texts.file, submenu: file },
    { id: 'edit', label: texts.edit, submenu: edit },
    { id: 'view', label: texts.view, submenu: view },
    { id: 'go', label: texts.go, submenu: go },
    { id: 'window', role: 'windowMenu', label: texts.window },
    { id: 'help', role: 'help', label: texts.help, submenu: help },
  ]

  function command(id: string, label: string, what: PageCommand, accelerator?: string): MenuItemConstructorOptions {
    const needsSession = (sessionItems as readonly string[]).includes(id)
    return {
      id,
      label,
      ...(accelerator === undefined ? {} : { accelerator }),
      enabled: state.windowShown && (!needsSession || state.sessionShown),
      click: () => commands.page(what),
    }
  }

  function recent(): MenuItemConstructorOptions[] {
    if (state.recent.length === 0) return [{ id: 'no-recent', label: texts.noRecent, enabled: false }]
    return [
      ...state.recent.map((path, at) => ({
        id: `recent-${String(at)}`,
        // A single & would mark the letter after it.
        label: path.replaceAll('&', '&&'),
        click: () => commands.openRecent(path),
      })),
      separator,
      { id: 'clear-recent', label: texts.clearRecent, click: () => commands.clearRecent() },
    ]
  }

  function theme(value: Theme, label: string): MenuItemConstructorOptions {
    return {
      id: `theme-${value}`,
      type: 'radio',
      label,
      checked: state.theme === value,
      click: () => commands.setTheme(value),
    }
  }
}

function macApplicationMenu(
  texts: Texts,
  about: readonly MenuItemConstructorOptions[],
  settings: MenuItemConstructorOptions,
  quit: MenuItemConstructorOptions,
): MenuItemConstructorOptions {
  const separator: MenuItemConstructorOptions = { type: 'separator' }
  return {
    label: texts.productName,
    submenu: [
      ...about,
      separator,
      settings,
      separator,
      { role: 'services' },
      separator,
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      separator,
      quit,
    ],
  }
}
