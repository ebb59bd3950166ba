import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'

/**
 * The app's store (in Electron's userData folder of this product, or where its settings say), so that both see one
 * history.
 */
export function defaultDataFolder(): string {
  const { dataFolder } = appSettings()
  return typeof dataFolder === 'string' && isAbsolute(dataFolder) ? dataFolder : join(appFolder(), 'store')
}

/** The zone whose days count in a store: the app's, as its settings say, has the app's; any other, this computer's. */
export function timeZoneOf(dataFolder: string): string {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone
  if (resolve(dataFolder) !== resolve(defaultDataFolder())) return own
  const { settings } = appSettings()
  const zone = isObject(settings) ? settings['timeZone'] : undefined
  if (typeof zone !== 'string' || zone === 'system') return own
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone
  } catch {
    return own
  }
}

/** What the app's settings file holds; nothing where it can't be read: the app says so when it is started. */
function appSettings(): Readonly<Record<string, unknown>> {
  try {
    const file: unknown = JSON.parse(readFileSync(join(appFolder(), 'settings.json'), 'utf8'))
    return isObject(file) ? file : {}
  } catch {
    return {}
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

function appFolder(): string {
  return join(appData(), 'Agent Session Monitor')
}

function appData(): string {
  switch (process.platform) {
    case 'darwin':
      return join(homedir(), 'Library', 'Application Support')
    case 'win32':
      return process.env.APPDATA ?? join(homedir(), 'AppData', 'Roaming')
    default:
      return process.env.XDG_CONFIG_HOME ?? join(homedir(), '.config')
  }
}
