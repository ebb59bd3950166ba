/** The app while Playwright drives it. */
import { inRoot, root } from './paths.mjs'
import { sandboxSwitches } from './sandbox.mjs'

/** @typedef {import('@playwright/test').ElectronApplication} ElectronApplication */

/**
 * Playwright gives this module to the Electron it finds itself; ours is told to it, so we do. It holds the app back
 * until Playwright listens: attached in the middle of a window's first navigation, Playwright waits for ever.
 */
const holdUntilAttached = inRoot('node_modules', 'playwright-core', 'lib', 'server', 'electron', 'loader.js')

/** ms; more than this is a hang. A busy machine takes its time. */
const startsWithin = 120_000

/** ms. Of a packaged app, which may hang at its start (below): it is tried again then. */
const packagedStartsWithin = 60_000

/** A packaged app takes no such module; there the race is lost about once in a hundred starts on a busy machine. */
const packagedAttempts = 3

/**
 * @param {object} options
 * @param {{ executable: string, dist: string }} options.electron
 * @param {readonly string[]} [options.args] the app's own
 * @param {string} [options.application] folder of the app; the built one where absent
 * @param {string} [options.packaged] executable of a packaged app, instead
 * @param {Record<string, string>} [options.env]
 * @returns {Promise<ElectronApplication>}
 */
export async function launchApp({ electron, args = [], application = root, packaged, env }) {
  const { _electron } = await import('@playwright/test')
  const own = packaged === undefined ? ['-r', holdUntilAttached, application, ...args] : args
  const options = {
    executablePath: packaged ?? electron.executable,
    args: [...sandboxSwitches(electron.dist), ...own],
    cwd: root,
    // Else Playwright switches the sandbox off; where that is needed, we do.
    chromiumSandbox: true,
    timeout: packaged === undefined ? startsWithin : packagedStartsWithin,
    ...(env !== undefined && { env }),
  }
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await _electron.launch(options)
    } catch (error) {
      const isRace = packaged !== undefined && error instanceof Error && error.name === 'TimeoutError'
      if (!isRace || attempt === packagedAttempts) throw error
    }
  }
}

/** ms. A store being written to disk takes a moment, on a busy machine some more; more than this is a hang. */
const closesWithin = 120_000

/**
 * Quits the app as a user does; ends it by force when it hangs.
 * @param {ElectronApplication} app
 */
export async function closeApp(app) {
  const child = app.process()
  const timer = setTimeout(() => child.kill('SIGKILL'), closesWithin)
  try {
    await app.close()
  } finally {
    clearTimeout(timer)
  }
}

/**
 * Collects what the app prints.
 * @param {ElectronApplication} app
 * @returns {() => string} its end so far
 */
export function keepOutput(app) {
  let text = ''
  const { stdout, stderr } = app.process()
  for (const stream of [stdout, stderr]) {
    stream?.on('data', (/** @type {Buffer} */ piece) => {
      text = (text + piece.toString()).slice(-4000)
    })
  }
  return () => text
}
