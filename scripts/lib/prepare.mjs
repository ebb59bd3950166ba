/** Everything the app needs before it can be run, each thing only if it is missing. */
import { ensureBuilt } from './build.mjs'
import { findElectron, sayElectron } from './electron.mjs'
import { ensureInstalled } from './install.mjs'
import { ensureSystemLibraries } from './system-libraries.mjs'

/** Packages, Electron and what it needs from the system. */
export async function prepareElectron() {
  await ensureInstalled()
  const electron = await findElectron()
  sayElectron(electron)
  await ensureSystemLibraries(electron.executable)
  return electron
}

/** The same and the build: the app can be started. */
export async function prepareApp() {
  const electron = await prepareElectron()
  await ensureBuilt()
  return electron
}
