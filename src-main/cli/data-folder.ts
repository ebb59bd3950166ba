import { homedir } from 'node:os'
import { join } from 'node:path'

/** The app's store (Electron's userData folder of this product, then `store`), so that both see one history. */
export function defaultDataFolder(): string {
  return join(appData(), 'Agent Session Monitor', 'store')
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
