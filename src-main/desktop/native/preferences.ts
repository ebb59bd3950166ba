import { app, nativeTheme } from 'electron'
import type { Settings } from '../../contract/index'
import type { ApplicationMenu } from './menu'
import type { SettingsStore } from '../settings/settings-store'
import type { Texts } from '../words/texts'

/** What the settings and the window in use mean outside the pages: theme, menu and about box. */
export interface Preferences {
  readonly get: () => Settings
  /** Takes effect everywhere and returns what holds now. */
  readonly change: (change: Partial<Settings>) => Settings
  /** The menu is for another window, or for what has changed in it. */
  readonly refreshMenu: () => void
}

export interface PreferencesOptions {
  readonly settings: SettingsStore
  readonly menu: ApplicationMenu
  readonly texts: () => Texts
  readonly development: boolean
  /** What the menu needs to know of the window in use. */
  readonly shown: () => { readonly window: boolean; readonly session: boolean }
  readonly onChanged: (settings: Settings, before: Settings) => void
}

export function createPreferences(options: PreferencesOptions): Preferences {
  const { settings, menu, texts, development, shown, onChanged } = options
  const get = (): Settings => settings.current().settings

  function refreshMenu(): void {
    const { window, session } = shown()
    menu.show({
      texts: texts(),
      theme: get().theme,
      recent: settings.current().recent,
      windowShown: window,
      sessionShown: session,
      development,
      mac: process.platform === 'darwin',
    })
  }

  function apply(): void {
    nativeTheme.themeSource = get().theme
    app.setAboutPanelOptions({
      applicationName: texts().productName,
      applicationVersion: app.getVersion(),
      copyright: texts().aboutText,
    })
    refreshMenu()
  }

  apply()
  return {
    get,
    change(change) {
      const before = get()
      settings.update({ settings: { ...before, ...change } })
      apply()
      onChanged(get(), before)
      return get()
    },
    refreshMenu,
  }
}
