/** Which Electron runs the app in development and in tests. */
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fallbackElectron, fallbackExists } from './electron-fallback.mjs'
import { officialElectron, officialVersion } from './electron-official.mjs'
import { Stop, say } from './say.mjs'

/**
 * @typedef {object} Electron
 * @property {'override' | 'official' | 'fallback'} kind
 * @property {string} dist its folder
 * @property {string} executable
 * @property {string} version
 * @property {string} why this one, where that needs saying
 */

const executableIn = /** @param {string} dist */ (dist) =>
  join(
    dist,
    { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' }[
      /** @type {string} */ (process.platform)
    ] ?? 'electron',
  )

/**
 * Finds an Electron, fetching one where none is there. In this order: the folder in ELECTRON_OVERRIDE_DIST_PATH, the
 * official download, the fallback.
 * @returns {Promise<Electron>}
 */
export async function findElectron() {
  const override = process.env['ELECTRON_OVERRIDE_DIST_PATH']
  if (override) return overridden(resolve(override))

  const official = await officialElectron()
  if ('dist' in official) return found('official', official.dist, officialVersion())

  const missing = `Electron ${officialVersion()} could not be downloaded (${official.unreachable})`
  if (!fallbackExists) {
    throw new Stop(
      `${missing}: check the network, or set ELECTRON_OVERRIDE_DIST_PATH to the folder of an Electron, and run the command again.`,
    )
  }
  const { dist, version } = await fallbackElectron()
  return found(
    'fallback',
    dist,
    version,
    `, because the official ${officialVersion()} could not be downloaded (${official.unreachable})`,
  )
}

/** @param {Electron} electron */
export function sayElectron({ kind, dist, version, why }) {
  const origin = {
    override: `from ELECTRON_OVERRIDE_DIST_PATH (${dist})`,
    official: 'the official download',
    fallback: 'the development fallback',
  }[kind]
  say(`Using Electron ${version}, ${origin}${why}.`)
}

/** @param {string} dist @returns {Electron} */
function overridden(dist) {
  const executable = executableIn(dist)
  if (!existsSync(executable)) {
    throw new Stop(
      `ELECTRON_OVERRIDE_DIST_PATH is ${dist}, but there is no ${executable}: name the folder of an unpacked Electron.`,
    )
  }
  let version = 'of unknown version'
  try {
    version = readFileSync(join(dist, 'version'), 'utf8').trim().replace(/^v/, '')
  } catch {
    // Only shown.
  }
  return found('override', dist, version)
}

/**
 * @param {Electron['kind']} kind
 * @param {string} dist
 * @param {string} version
 * @param {string} [why]
 * @returns {Electron}
 */
const found = (kind, dist, version, why = '') => ({ kind, dist, executable: executableIn(dist), version, why })
