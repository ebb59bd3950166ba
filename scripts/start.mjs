/** npm start: prepares what is missing and opens the app; without a display, shows what it does on a virtual one. */
import './lib/node-version.mjs'
import { appSwitches } from './lib/arguments.mjs'
import { start } from './lib/child.mjs'
import { hasDisplay, withDisplay } from './lib/display.mjs'
import { inRoot, root } from './lib/paths.mjs'
import { prepareApp } from './lib/prepare.mjs'
import { noSandboxReason, sandboxSwitches } from './lib/sandbox.mjs'
import { run, say } from './lib/say.mjs'

await run(async () => {
  const switches = appSwitches(process.argv.slice(2))
  const electron = await prepareApp()

  if (!hasDisplay()) {
    say('There is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set): running the app on a virtual one.')
    const demo = [inRoot('scripts', 'demo.mjs'), ...switches]
    const { code } = await withDisplay((env) => start(process.execPath, demo, { cwd: root, env }))
    return code
  }

  const unsandboxed = noSandboxReason(electron.dist)
  if (unsandboxed !== null) say(`Starting without Chromium's sandbox: ${unsandboxed}.`)
  const { code } = await start(electron.executable, [...sandboxSwitches(electron.dist), root, ...switches], {
    cwd: root,
  })
  return code
})
