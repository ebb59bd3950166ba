/** out/: what changed is built, the rest is left as it is. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { start } from './child.mjs'
import { ensureInstalled } from './install.mjs'
import { withLock } from './lock.mjs'
import { inRoot, root } from './paths.mjs'
import { Interrupted, Stop, diskCause, say, seconds } from './say.mjs'

/** @typedef {'main' | 'preload' | 'renderer'} Part */

/** @type {readonly Part[]} */
const allParts = ['main', 'preload', 'renderer']

const common = ['electron.vite.config.ts', 'package.json', 'package-lock.json', 'tsconfig.base.json']

/** Beside the bundles, so that whoever deletes them deletes it too. @param {Part} part */
const stampOf = (part) => inRoot('out', part, '.built-from')

/** @type {Record<Part, { inputs: readonly string[], result: string }>} */
const parts = {
  main: { inputs: ['src-main', 'resources'], result: 'main.js' },
  preload: { inputs: ['src-main/preload', 'src-main/contract'], result: 'preload.cjs' },
  renderer: {
    inputs: ['src-renderer', 'src-main/contract', 'src-main/shared', 'tsconfig.web.json'],
    result: 'index.html',
  },
}

/**
 * A short text that changes when one of the files does. Looks at times and sizes only: it is asked before every command.
 * @param {readonly string[]} inputs files and folders, relative to the repository
 */
export function fingerprint(inputs) {
  const hash = createHash('sha256')
  /** @param {string} path */
  const add = (path) => {
    const stat = statSync(join(root, path), { throwIfNoEntry: false })
    if (stat === undefined) hash.update(`${path} absent\n`)
    else if (stat.isDirectory()) {
      for (const name of readdirSync(join(root, path)).sort()) add(`${path}/${name}`)
    } else hash.update(`${path} ${stat.size} ${stat.mtimeMs}\n`)
  }
  inputs.forEach(add)
  return hash.digest('hex')
}

/** @param {Part} part */
const wantedStamp = (part) => fingerprint([...common, ...parts[part].inputs])

/** @param {Part} part */
function isBuilt(part) {
  try {
    return (
      readFileSync(stampOf(part), 'utf8') === wantedStamp(part) && existsSync(inRoot('out', part, parts[part].result))
    )
  } catch {
    return false
  }
}

/** @param {readonly Part[]} [needed] */
export async function ensureBuilt(needed = allParts) {
  if (needed.every(isBuilt)) return
  await ensureInstalled()
  await withLock(
    inRoot('.cache', 'build.lock'),
    () => build(needed.filter((part) => !isBuilt(part))),
    () => say('Another command is building; waiting for it.'),
  )
}

/** @param {readonly Part[]} stale */
async function build(stale) {
  if (stale.length === 0) return
  const began = performance.now()
  say(`Building ${stale.join(', ')} …`)
  // Taken before: what changes during the build is built again the next time.
  const stamps = new Map(stale.map((part) => [part, wantedStamp(part)]))
  for (const part of stale) rmSync(stampOf(part), { force: true })
  const { code, output, interrupted } = await start(
    process.execPath,
    [inRoot('node_modules', 'electron-vite', 'bin', 'electron-vite.js'), 'build', '--logLevel', 'warn'],
    {
      cwd: root,
      env: { ...process.env, BUILD_PARTS: stale.join(','), NODE_ENV: 'production' },
      output: 'capture',
    },
  )
  if (interrupted) throw new Interrupted('building')
  if (code !== 0) {
    process.stderr.write(output)
    throw new Stop(diskCause(output) ?? `The build failed (exit code ${code}); what it said is above.`)
  }
  for (const [part, stamp] of stamps) {
    mkdirSync(inRoot('out', part), { recursive: true })
    writeFileSync(stampOf(part), stamp)
  }
  say(`Built in ${seconds(began)}.`)
}
