/** node_modules as package-lock.json has it. */
import { readFileSync, rmSync } from 'node:fs'
import { npm } from './child.mjs'
import { withLock } from './lock.mjs'
import { inRoot, root } from './paths.mjs'
import { Interrupted, Stop, knownCause, say, seconds } from './say.mjs'

/** @typedef {Record<string, { version?: string, optional?: boolean, link?: boolean }>} Packages */

/** @param {string} path @returns {Packages | null} */
function packagesOf(path) {
  try {
    return /** @type {{ packages: Packages }} */ (JSON.parse(readFileSync(path, 'utf8'))).packages
  } catch {
    return null
  }
}

/**
 * npm writes this record last, and only when all of it is there; an install that was interrupted leaves none.
 */
const record = inRoot('node_modules', '.package-lock.json')

export function isInstalled() {
  const installed = packagesOf(record)
  const wanted = packagesOf(inRoot('package-lock.json'))
  if (installed === null || wanted === null) return false
  const isWanted = /** @param {string} name */ (name) => name !== '' && wanted[name]?.optional !== true
  return (
    Object.keys(wanted).every((name) => !isWanted(name) || installed[name]?.version === wanted[name]?.version) &&
    Object.keys(installed).every((name) => wanted[name]?.version === installed[name]?.version)
  )
}

export async function ensureInstalled() {
  if (isInstalled()) return
  const lock = inRoot('.cache', 'install.lock')
  await withLock(lock, install, () => say('Another command is installing the packages; waiting for it.'))
}

async function install() {
  if (isInstalled()) return
  say('Installing the packages (npm ci) …')
  const began = performance.now()
  rmSync(record, { force: true })
  const { code, output, interrupted } = await npm(
    // An unreachable registry must be told in seconds: npm's own patience is minutes.
    [
      'ci',
      '--include=dev',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
      '--fetch-retries=2',
      '--fetch-retry-mintimeout=1000',
      '--fetch-retry-maxtimeout=5000',
    ],
    { cwd: root, output: 'capture' },
  ).catch((/** @type {unknown} */ error) => {
    throw new Stop(
      `npm could not be started (${String(error)}): install npm, which comes with Node, and run the command again.`,
    )
  })
  if (code === 0 && isInstalled()) {
    say(`Installed the packages in ${seconds(began)}.`)
    return
  }
  if (interrupted) throw new Interrupted('installing the packages')
  const cause = knownCause(output)
  if (cause === null) process.stderr.write(output)
  throw new Stop(cause ?? `npm ci failed (exit code ${code}); what it said is above.`)
}
