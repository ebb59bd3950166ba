/**
 * Does for the fallback Electron what Electron's own default app does for the official one: takes the folder named on
 * the command line as the application. Packed as resources/default_app.asar by lib/electron-fallback.mjs.
 */
'use strict'

const { app } = require('electron')
const { readFileSync } = require('node:fs')
const { createRequire } = require('node:module')
const { join, resolve } = require('node:path')
const { pathToFileURL } = require('node:url')

/** Modules to load before the application, and the application, as Electron's own command line has them. */
function readCommandLine() {
  const args = process.argv.slice(1)
  const preloaded = []
  for (let i = 0; i < args.length; i += 1) {
    if (args[i] === '-r' || args[i] === '--require') preloaded.push(args[(i += 1)])
    else if (!args[i].startsWith('-')) return { preloaded, folder: resolve(args[i]) }
  }
  return { preloaded, folder: null }
}

async function load() {
  const { preloaded, folder } = readCommandLine()
  if (folder === null) throw new Error('Name the application folder on the command line.')
  Object.defineProperty(process, 'defaultApp', { value: true, enumerable: true })

  const {
    name,
    productName,
    version,
    main = 'index.js',
  } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  if (version) app.setVersion(version)
  app.name = productName ?? name ?? app.name
  app.setPath('userData', join(app.getPath('appData'), app.name))
  app.setAppPath(folder)

  const requireFromApp = createRequire(join(folder, 'package.json'))
  for (const file of preloaded) requireFromApp(file)
  await import(pathToFileURL(join(folder, main)).href)
}

load().catch((error) => {
  console.error('The application could not be loaded.', error)
  process.exit(1)
})
