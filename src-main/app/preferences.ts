import { app, nativeTheme } from 'electron'
import type { Settings } from '../contract/index'
import type { ApplicationMenu } from './menu'
import type { SettingsStore } from './settings-store'
import type { Texts } from './texts'

/** What the settings and the shown session mean outside the page: theme, menu and about box. */
export interface Preferences {
  readonly get: () => Settings
  /** Takes effect everywhere and returns what holds now. */
  readonly change: (change: Partial<Settings>) => Settings
  readonly shownSession: () => string | null
  readonly showSession: (sessionId: string | null) => void
}

export interface PreferencesOptions {
  readonly settings: SettingsStore
  readonly menu: ApplicationMenu
  readonly texts: () => Texts
  readonly development: boolean
  readonly onChanged: (settings: Settings) => void
}

export function createPreferences({ settings, menu, texts, development, onChanged }: PreferencesOptions): Preferences {
  let sessionId: string | null = null
  const get = (): Settings => settings.current().settings

  function showMenu(): void {
    menu.show({
      texts: texts(),
      theme: get().theme,
      sessionShown: sessionId !== null,
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
    showMenu()
  }

  apply()
  return {
    get,
    change(change) {
      settings.update({ settings: { ...get(), ...change } })
      apply()
      onChanged(get())
      return get()
    },
    shownSession: () => sessionId,
    showSession(shown) {
      sessionId = shown
      showMenu()
    },
  }
}
