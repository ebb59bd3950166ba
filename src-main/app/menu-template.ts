import type { MenuItemConstructorOptions } from 'electron'
import type { PageName, Theme } from '../contract/index'
import type { Texts } from './texts'

export interface MenuCommands {
  openLogs(kind: 'folder' | 'file'): void
  openSample(): void
  exportReport(): void
  exportSession(): void
  navigate(to: PageName): void
  setTheme(theme: Theme): void
  showAbout(): void
  openDataFolder(): void
}

export interface MenuState {
  readonly texts: Texts
  readonly theme: Theme
  readonly sessionShown: boolean
  readonly development: boolean
  readonly mac: boolean
}

/** The application's menu as plain data. The ids are fixed: tests and the pages refer to items by them. */
export function menuTemplate(state: MenuState, commands: MenuCommands): MenuItemConstructorOptions[] {
  const { texts, development, mac } = state
  const file: MenuItemConstructorOptions[] = [
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
    { id: 'open-sample', label: texts.openSample, click: () => commands.openSample() },
    { type: 'separator' },
    {
      id: 'export-report',
      label: texts.exportReport,
      accelerator: 'CmdOrCtrl+E',
      click: () => commands.exportReport(),
    },
    {
      id: 'export-session',
      label: texts.exportSession,
      accelerator: 'CmdOrCtrl+Shift+E',
      enabled: state.sessionShown,
      click: () => commands.exportSession(),
    },
    { type: 'separator' },
    mac ? { role: 'close', label: texts.closeWindow } : { id: 'quit', role: 'quit', label: texts.quit },
  ]
  const edit: MenuItemConstructorOptions[] = [
    { role: 'undo', label: texts.undo },
    { role: 'redo', label: texts.redo },
    { type: 'separator' },
    { role: 'cut', label: texts.cut },
    { role: 'copy', label: texts.copy },
    { role: 'paste', label: texts.paste },
    { role: 'selectAll', label: texts.selectAll },
  ]
  const view: MenuItemConstructorOptions[] = [
    page('overview', texts.overview, 1),
    page('sessions', texts.sessions, 2),
    page('insights', texts.insights, 3),
    page('sources', texts.sources, 4),
    { type: 'separator' },
    {
      id: 'theme',
      label: texts.theme,
      submenu: [theme('system', texts.themeSystem), theme('light', texts.themeLight), theme('dark', texts.themeDark)],
    },
    { type: 'separator' },
    { role: 'resetZoom', label: texts.actualSize },
    { role: 'zoomIn', label: texts.zoomIn },
    { role: 'zoomOut', label: texts.zoomOut },
    { type: 'separator' },
    { role: 'togglefullscreen', label: texts.fullScreen },
    ...(development
      ? ([
          { type: 'separator' },
          { role: 'reload', label: texts.reload },
          { role: 'toggleDevTools', label: texts.developerTools },
        ] satisfies MenuItemConstructorOptions[])
      : []),
  ]
  const about: MenuItemConstructorOptions = { id: 'about', label: texts.about, click: () => commands.showAbout() }
  const help: MenuItemConstructorOptions[] = [
    { id: 'open-data-folder', label: texts.openDataFolder, click: () => commands.openDataFolder() },
    ...(mac ? [] : [{ type: 'separator' } as const, about]),
  ]

  return [
    ...(mac ? [macApplicationMenu(texts, about)] : []),
    { id: 'file', label: texts.file, submenu: file },
    { id: 'edit', label: texts.edit, submenu: edit },
    { id: 'view', label: texts.view, submenu: view },
    ...(mac ? [{ role: 'windowMenu' } as const] : []),
    { id: 'help', role: 'help', label: texts.help, submenu: help },
  ]

  function page(to: PageName, label: string, key: number): MenuItemConstructorOptions {
    return { id: `go-${to}`, label, accelerator: `CmdOrCtrl+${key}`, click: () => commands.navigate(to) }
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

function macApplicationMenu(texts: Texts, about: MenuItemConstructorOptions): MenuItemConstructorOptions {
  return {
    label: texts.productName,
    submenu: [
      about,
      { type: 'separator' },
      { role: 'services' },
      { type: 'separator' },
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      { type: 'separator' },
      { id: 'quit', role: 'quit', label: texts.quit },
    ],
  }
}
