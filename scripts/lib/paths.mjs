/** Where things lie. */
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The repository. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

/** @param {...string} parts */
export const inRoot = (...parts) => join(root, ...parts)

/** What is worth keeping between two clones: the fallback Electron. */
export function userCacheFolder() {
  const name = 'agent-session-monitor'
  if (process.platform === 'win32')
    return join(process.env['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local'), name, 'Cache')
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', name)
  return join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), name)
}
