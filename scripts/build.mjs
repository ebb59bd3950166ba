/** npm run build: builds what changed since the last time. */
import './lib/node-version.mjs'
import { ensureBuilt } from './lib/build.mjs'
import { ensureInstalled } from './lib/install.mjs'
import { run, say } from './lib/say.mjs'

await run(async () => {
  await ensureInstalled()
  await ensureBuilt()
  say('out/ is up to date.')
})
