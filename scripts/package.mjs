/** npm run package: installers for this system; with --dir the unpacked app only. */
import './lib/node-version.mjs'
import { ensureBuilt } from './lib/build.mjs'
import { findElectron, sayElectron } from './lib/electron.mjs'
import { ensureInstalled } from './lib/install.mjs'
import { electronBuilder } from './lib/package.mjs'
import { run, say } from './lib/say.mjs'

await run(async () => {
  await ensureInstalled()
  const electron = await findElectron()
  sayElectron(electron)
  await ensureBuilt()
  await electronBuilder(electron, process.argv.slice(2))
  say('The result is in dist/.')
})
