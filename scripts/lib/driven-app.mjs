/** The app while Playwright drives it. */

/** @typedef {import('@playwright/test').ElectronApplication} ElectronApplication */

/** ms. A store being written to disk takes a moment; more than this is a hang. */
const closesWithin = 15_000

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
