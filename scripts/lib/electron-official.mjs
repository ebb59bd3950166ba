/** Electron as its makers publish it, in node_modules/electron/dist. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { start } from './child.mjs'
import { withLock } from './lock.mjs'
import { inRoot, userCacheFolder } from './paths.mjs'
import { Interrupted, Stop, diskCause, say, seconds } from './say.mjs'

const folder = inRoot('node_modules', 'electron')

/** For this long a failed download is not tried again, so that the next start does not wait for it. */
const rememberFailureFor = 60 * 60_000

/** How long the download's server may take to answer at all. */
const answerWithin = 8000

/** How long the download may take. */
const downloadWithin = 15 * 60_000

const failureRecord = () => join(userCacheFolder(), 'official-electron-unreachable.json')

/** @returns {string} */
export function officialVersion() {
  const { version } = /** @type {{ version: string }} */ (
    JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  )
  return version
}

/** @returns {string | null} the folder of the executable, when it is there and is the wanted version */
function installedOfficial() {
  const dist = join(folder, 'dist')
  try {
    const installed = readFileSync(join(dist, 'version'), 'utf8').trim().replace(/^v/, '')
    // Written when everything is unpacked.
    return installed === officialVersion() && existsSync(join(folder, 'path.txt')) ? dist : null
  } catch {
    return null
  }
}

/**
 * @returns {Promise<{ dist: string } | { unreachable: string }>}
 */
export async function officialElectron() {
  const present = installedOfficial()
  if (present !== null) return { dist: present }
  const before = recentFailure()
  if (before !== null) return { unreachable: before }
  return withLock(inRoot('.cache', 'electron-download.lock'), async () => {
    const dist = installedOfficial()
    if (dist !== null) return { dist }
    const failure = (await unanswered()) ?? (await download())
    const downloaded = installedOfficial()
    if (downloaded !== null) {
      rmSync(failureRecord(), { force: true })
      return { dist: downloaded }
    }
    const unreachable = failure ?? 'its download is incomplete'
    remember(unreachable)
    return { unreachable }
  })
}

/**
 * Asks the server for a sign of life: an installer that waits for one takes minutes to give up.
 * @returns {Promise<string | null>} what is wrong
 */
async function unanswered() {
  const env = process.env
  // Behind a proxy or with a local store only the installer itself knows the way.
  if (env['HTTPS_PROXY'] ?? env['https_proxy'] ?? env['ELECTRON_GET_USE_PROXY']) return null
  const server =
    env['npm_config_electron_mirror'] ??
    env['ELECTRON_MIRROR'] ??
    'https://github.com/electron/electron/releases/download/'
  try {
    await fetch(server, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(answerWithin) })
    return null
  } catch {
    return `${new URL(server).host} does not answer`
  }
}

/** @returns {Promise<string | null>} what went wrong */
async function download() {
  say(`Downloading Electron ${officialVersion()} …`)
  const began = performance.now()
  const env = { ...process.env }
  if (env['HTTPS_PROXY'] ?? env['https_proxy']) env['ELECTRON_GET_USE_PROXY'] ??= 'true'
  const { code, output, timedOut, interrupted } = await start(process.execPath, [join(folder, 'install.js')], {
    cwd: dirname(folder),
    env,
    output: 'capture',
    timeout: downloadWithin,
  })
  if (interrupted) throw new Interrupted('downloading Electron')
  if (code === 0) {
    say(`Downloaded Electron in ${seconds(began)}.`)
    return null
  }
  if (timedOut) return `its download took more than ${downloadWithin / 60_000} minutes`
  const cause = diskCause(output)
  if (cause !== null) throw new Stop(cause)
  const firstLine = output.split('\n').find((line) => /error|code/i.test(line))
  return firstLine?.trim() ?? `its installer failed (exit code ${code})`
}

/** @returns {string | null} */
function recentFailure() {
  try {
    const { time, version, reason } = /** @type {{ time: number, version: string, reason: string }} */ (
      JSON.parse(readFileSync(failureRecord(), 'utf8'))
    )
    const age = Date.now() - time
    return version === officialVersion() && age >= 0 && age < rememberFailureFor ? reason : null
  } catch {
    return null
  }
}

/** @param {string} reason */
function remember(reason) {
  try {
    mkdirSync(userCacheFolder(), { recursive: true })
    writeFileSync(failureRecord(), JSON.stringify({ time: Date.now(), version: officialVersion(), reason }))
  } catch {
    // Then the next start asks the server again.
  }
}
