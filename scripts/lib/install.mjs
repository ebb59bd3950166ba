/** node_modules as package-lock.json has it. */
import { readFileSync, rmSync } from 'node:fs'
import { npm } from './child.mjs'
import { withLock } from './lock.mjs'
import { inRoot, root } from './paths.mjs'
import { requireSpace } from './space.mjs'
import { Interrupted, npmCause, npmFailure, persistently, registryProblems, say, seconds } from './say.mjs'

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

/** What node_modules takes, generously. */
const bytesNeeded = 600_000_000

function isInstalled() {
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
  await withLock(
    lock,
    () => persistently(install),
    () => say('Another command is installing the packages; waiting for it.'),
  )
}

async function install() {
  if (isInstalled()) return
  requireSpace(root, bytesNeeded, 'The packages')
  say('Installing the packages (npm ci) …')
  const began = performance.now()
  rmSync(record, { force: true })
  const unreachable = await registryUnreachable()
  const { code, output, interrupted } = await npm(
    [
      'ci',
      '--include=dev',
      '--no-audit',
      '--no-fund',
      '--loglevel=warn',
      // What was installed before on this machine may all be in npm's cache.
      ...(unreachable === null ? [] : ['--offline']),
    ],
    { cwd: root, output: 'capture' },
  )
  // npm takes a file it could not write for a warning.
  const incomplete = /TAR_ENTRY_ERROR/.test(output)
  if (code === 0 && !incomplete && isInstalled()) {
    say(`Installed the packages in ${seconds(began)}.`)
    return
  }
  rmSync(record, { force: true })
  if (interrupted) throw new Interrupted('installing the packages')
  const cause = /ENOTCACHED/.test(output) ? unreachable : npmCause(output)
  if (cause === null) process.stderr.write(output)
  throw npmFailure(cause, `npm ci failed (exit code ${code}); what it said is above.`)
}

/**
 * Asked first, because without its registry npm ci tries every package again and again for minutes.
 * @returns {Promise<string | null>} the sentence for the user
 */
async function registryUnreachable() {
  const { code, output, interrupted } = await npm(
    ['ping', '--loglevel=error', '--fetch-retries=1', '--fetch-retry-mintimeout=1000', '--fetch-timeout=15000'],
    { cwd: root, output: 'capture' },
  )
  if (interrupted) throw new Interrupted('installing the packages')
  const cause = code === 0 ? null : npmCause(output)
  return cause === registryProblems.unreachable ? cause : null
}
