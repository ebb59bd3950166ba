/** The packaged app, by electron-builder. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fingerprint } from './build.mjs'
import { start } from './child.mjs'
import { officialVersion } from './electron-official.mjs'
import { inRoot, root } from './paths.mjs'
import { Interrupted, Stop, diskCause } from './say.mjs'

/** @typedef {import('./electron.mjs').Electron} Electron */

/**
 * @param {Electron} electron
 * @param {readonly string[]} args electron-builder's
 * @param {'inherit' | 'capture'} [output]
 */
export async function electronBuilder(electron, args, output = 'inherit') {
  const onlyFolder = args.includes('--dir')
  if (electron.kind !== 'official' && !onlyFolder) {
    throw new Stop(
      `Installers are built on the official Electron ${officialVersion()}, and this is ${electron.version}; "npm run package -- --dir" builds the unpacked app on what there is.`,
    )
  }
  // For installers, which may be for other systems than this, electron-builder fetches the official one itself.
  const version = /^\d/.test(electron.version) ? [`-c.electronVersion=${electron.version}`] : []
  const distribution = onlyFolder ? [`-c.electronDist=${electron.dist}`, ...version] : []
  const builder = inRoot('node_modules', 'electron-builder', 'cli.js')
  const {
    code,
    output: text,
    interrupted,
  } = await start(process.execPath, [builder, '--publish', 'never', ...args, ...distribution], { cwd: root, output })
  if (interrupted) throw new Interrupted('packaging')
  if (code !== 0) {
    process.stderr.write(text)
    throw new Stop(diskCause(text) ?? `electron-builder failed (exit code ${code}); what it said is above.`)
  }
}

const testOutput = 'dist/test'

/** The executable of the app that `ensurePackagedForTest` packages. */
export function packagedExecutable() {
  switch (process.platform) {
    case 'darwin': {
      const folder = process.arch === 'arm64' ? 'mac-arm64' : 'mac'
      return inRoot(testOutput, folder, 'Agent Session Monitor.app', 'Contents', 'MacOS', 'Agent Session Monitor')
    }
    case 'win32':
      return inRoot(testOutput, 'win-unpacked', 'Agent Session Monitor.exe')
    default:
      return inRoot(testOutput, 'linux-unpacked', 'agent-session-monitor')
  }
}

const inputs = ['out', 'resources', 'electron-builder.yml', 'package.json', 'scripts/lib/package.mjs']

/**
 * The unpacked app as it is released, but for the fuse by which Playwright attaches.
 * @param {Electron} electron
 * @returns {Promise<boolean>} whether there was something to do
 */
export async function ensurePackagedForTest(electron) {
  const stamp = inRoot(testOutput, '.packaged-from')
  const wanted = `${fingerprint(inputs)} ${electron.version} ${electron.dist}`
  if (existsSync(packagedExecutable()) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return false
  rmSync(stamp, { force: true })
  const forTest = [`-c.directories.output=${testOutput}`, '-c.electronFuses.enableNodeCliInspectArguments=true']
  await electronBuilder(electron, ['--dir', ...forTest], 'capture')
  mkdirSync(dirname(stamp), { recursive: true })
  writeFileSync(stamp, wanted)
  return true
}
