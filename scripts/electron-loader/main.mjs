/**
 * Does for the fallback Electron what Electron's own default app does for the official one: takes the folder named on
 * the command line as the application. Packed as resources/default_app.asar by lib/electron-fallback.mjs.
 *
 * A module on purpose: Electron becomes ready only when its main module, with all that it awaits, is loaded, and an
 * application may have to do things before that.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { app as electronApp } from 'electron'

/** Electron leaves these two, made for its default app, out of its types. */
const app = /** @type {typeof electronApp & Record<'setVersion' | 'setAppPath', (value: string) => void>} */ (
  electronApp
)

/** Modules to load before the application, and the application, as Electron's own command line has them. */
function readCommandLine() {
  const args = process.argv.slice(1)
  /** @type {string[]} */
  const preloaded = []
  while (args.length > 0) {
    const arg = String(args.shift())
    if (arg === '-r' || arg === '--require') preloaded.push(String(args.shift()))
    else if (!arg.startsWith('-')) return { preloaded, folder: resolve(arg) }
  }
  throw new Error('Name the application folder on the command line.')
}

async function load() {
  const { preloaded, folder } = readCommandLine()
  Object.defineProperty(process, 'defaultApp', { value: true, enumerable: true })

  /** @type {{ name?: string, productName?: string, version?: string, main?: string }} */
  const {
    name,
    productName,
    version,
    main = 'index.js',
  } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  if (version !== undefined) app.setVersion(version)
  app.name = productName ?? name ?? app.name
  app.setPath('userData', join(app.getPath('appData'), app.name))
  app.setAppPath(folder)

  const requireFromApp = createRequire(join(folder, 'package.json'))
  for (const file of preloaded) requireFromApp(file)
  await import(pathToFileURL(join(folder, main)).href)
}

try {
  await load()
} catch (error) {
  console.error('The application could not be loaded.', error)
  process.exit(1)
}
