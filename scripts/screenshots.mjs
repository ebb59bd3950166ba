/**
 * npm run screenshots: makes the README's pictures anew, with the real app on the sample log. Linux only: it asks for the
 * run without a display.
 */
import './lib/node-version.mjs'
import { copyFileSync, mkdirSync } from 'node:fs'
import { start } from './lib/child.mjs'
import { inRoot, root } from './lib/paths.mjs'
import { run, say } from './lib/say.mjs'

const pictures = ['overview.png', 'session.png']

await run(async () => {
  const env = { ...process.env }
  delete env['DISPLAY']
  delete env['WAYLAND_DISPLAY']
  const { code } = await start(process.execPath, [inRoot('scripts', 'start.mjs')], { cwd: root, env })
  if (code !== 0) return code
  mkdirSync(inRoot('resources', 'screenshots'), { recursive: true })
  for (const name of pictures) {
    copyFileSync(inRoot('demo-output', name), inRoot('resources', 'screenshots', name))
    say(`Saved resources/screenshots/${name}.`)
  }
  return 0
})
