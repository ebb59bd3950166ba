import { ok } from '../../shared/result'
import type { Settings } from '../../contract/index'
import { nothing, settingsChange } from '../schemas/arguments'
import type { Handlers } from '../handler'

export interface SettingsAccess {
  get(): Settings
  /** Takes effect everywhere (menu, theme, other windows) and returns what holds now. */
  change(change: Partial<Settings>): Settings
}

export function settingsHandlers(settings: SettingsAccess): Handlers<'settings:get' | 'settings:set'> {
  return {
    'settings:get': { args: nothing, run: () => ok(settings.get()) },
    'settings:set': { args: settingsChange, run: (change) => ok(settings.change(change)) },
  }
}
