/** A browser for the tests of "serve": Debian's Chromium, installed when it is missing. */
import { findProgram } from './child.mjs'
import { Interrupted, Stop, say } from './say.mjs'
import { ensurePackages } from './system-libraries.mjs'

const names = ['chromium', 'chromium-browser', 'google-chrome']

/** @returns {string | null} the executable of one that is there */
export function findBrowser() {
  for (const name of names) {
    const path = findProgram(name)
    if (path !== null) return path
  }
  return null
}

/** Where it can't be installed by us (no root, no apt), the tests that need one are skipped, and say so. */
export async function ensureBrowser() {
  if (process.platform !== 'linux' || findBrowser() !== null) return
  if (process.getuid?.() !== 0 || findProgram('apt-get') === null) {
    say('There is no Chromium: the tests of "serve" in a browser are skipped (apt-get install chromium).')
    return
  }
  try {
    await ensurePackages(['chromium'], 'The tests in a browser need')
  } catch (error) {
    if (error instanceof Interrupted || !(error instanceof Stop)) throw error
    say(`The tests of "serve" in a browser are skipped: ${error.message}`)
  }
}
