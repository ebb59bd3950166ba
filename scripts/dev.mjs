/** npm run dev: the app from its sources, reloaded when they change. */
import './lib/node-version.mjs'
import { appSwitches } from './lib/arguments.mjs'
import { start } from './lib/child.mjs'
import { withDisplay } from './lib/display.mjs'
import { inRoot, root } from './lib/paths.mjs'
import { prepareElectron } from './lib/prepare.mjs'
import { noSandboxReason } from './lib/sandbox.mjs'
import { run } from './lib/say.mjs'

await run(async () => {
  const switches = appSwitches(process.argv.slice(2))
  const electron = await prepareElectron()
  const vite = [inRoot('node_modules', 'electron-vite', 'bin', 'electron-vite.js'), 'dev', '--watch', '--', ...switches]
  const { code, interrupted } = await withDisplay((env) =>
    start(process.execPath, vite, {
      cwd: root,
      env: {
        ...env,
        ELECTRON_EXEC_PATH: electron.executable,
        ...(noSandboxReason(electron.dist) !== null && { NO_SANDBOX: '1' }),
      },
    }),
  )
  // Ctrl+C is how one ends it.
  return interrupted ? 0 : code
})
