/** What Electron needs from a Linux system: shared libraries and, without a screen, a virtual one and fonts. */
import { existsSync } from 'node:fs'
import { findProgram, start } from './child.mjs'
import { hasDisplay } from './display.mjs'
import { Interrupted, Passing, Stop, persistently, say, seconds } from './say.mjs'

/** Debian's and Ubuntu's names; newer releases append t64 to some of them. */
const libraryPackages = [
  'libasound2',
  'libatk-bridge2.0-0',
  'libatk1.0-0',
  'libcups2',
  'libdrm2',
  'libgbm1',
  'libgtk-3-0',
  'libnss3',
  'libxcomposite1',
  'libxdamage1',
  'libxfixes3',
  'libxkbcommon0',
  'libxrandr2',
]

const screenPackages = ['xvfb']

/** Without these a virtual screen shows Chinese text and emoji as boxes. */
const fontPackages = ['fonts-noto-cjk', 'fonts-noto-color-emoji']

/**
 * @param {string} electron its executable
 */
export async function ensureSystemLibraries(electron) {
  if (process.platform !== 'linux') return
  const wanted = await missingPackages(electron)
  if (wanted.length === 0) {
    await offerFonts()
    return
  }
  await ensurePackages([...wanted, ...(await missingFonts())], 'Electron needs')
  const missing = await missingLibraries(electron)
  if (missing.length > 0)
    throw new Stop(
      `Electron still misses ${missing.join(', ')}: install the packages that hold these and run the command again.`,
    )
}

/**
 * Installs packages where that is possible; otherwise says the command that does.
 * @param {readonly string[]} wanted Debian's names
 * @param {string} who as it begins a sentence: "Electron needs"
 */
export async function ensurePackages(wanted, who) {
  if (findProgram('apt-get') === null) {
    throw new Stop(
      `${who} what Debian calls ${wanted.join(', ')}: install these with your system's package manager and run the command again.`,
    )
  }
  if (process.getuid?.() !== 0) {
    throw new Stop(
      `${who} some system packages; install them with this command and run yours again:\n  sudo apt-get install ${(await exactNames(wanted)).join(' ')}`,
    )
  }
  await persistently(() => aptInstall(wanted))
}

/** @param {string} electron */
async function missingPackages(electron) {
  const packages = (await missingLibraries(electron)).length > 0 ? [...libraryPackages] : []
  if (!hasDisplay() && findProgram('Xvfb') === null) packages.push(...screenPackages)
  return packages
}

/** Of a virtual screen; who has a real one sees to them. @returns {Promise<string[]>} */
async function missingFonts() {
  return hasDisplay() || findProgram('dpkg-query') === null ? [] : notInstalled(fontPackages)
}

/** Nothing but the looks depends on them. */
async function offerFonts() {
  const missing = await missingFonts()
  if (missing.length === 0) return
  try {
    await ensurePackages(missing, 'Chinese text and emoji need')
  } catch (error) {
    if (error instanceof Interrupted || !(error instanceof Stop)) throw error
    say(`Chinese text and emoji will show as boxes: ${missing.join(', ')} could not be installed.`)
  }
}

/** @param {string} electron @returns {Promise<string[]>} */
async function missingLibraries(electron) {
  if (findProgram('ldd') === null) return []
  const { output } = await start('ldd', [electron], { output: 'capture' })
  return [...output.matchAll(/^\s*(\S+) => not found/gm)].map((match) => String(match[1]))
}

/** @param {readonly string[]} packages */
async function notInstalled(packages) {
  const { output } = await start('dpkg-query', ['-W', '-f', '${Package} ${db:Status-Status}\n', ...packages], {
    output: 'capture',
  })
  return packages.filter((name) => !new RegExp(`^${name} installed$`, 'm').test(output))
}

/** @param {readonly string[]} packages */
async function aptInstall(packages) {
  const began = performance.now()
  say(`Installing system packages with apt-get: ${packages.join(' ')} …`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const patience = ['-o', 'DPkg::Lock::Timeout=300', '-o', 'Acquire::Retries=2', '-o', 'Acquire::http::Timeout=30']
  const run = /** @param {string[]} args */ async (args) => {
    const outcome = await start('apt-get', [...patience, ...args], { env, output: 'capture' })
    if (outcome.interrupted) throw new Interrupted('installing system packages')
    return outcome
  }
  const update = await run(['update', '-qq'])
  const names = await exactNames(packages)
  const install = await run(['install', '-y', '-qq', '--no-install-recommends', ...names])
  if (install.code !== 0) {
    process.stderr.write(update.code === 0 ? install.output : update.output + install.output)
    throw new Passing(
      `apt-get could not install the system packages (what it said is above): try "apt-get install ${names.join(' ')}" yourself and run the command again.`,
    )
  }
  say(`Installed them in ${seconds(began)}.`)
}

/**
 * The names this release has the packages under.
 * @param {readonly string[]} packages
 */
async function exactNames(packages) {
  if (!existsSync('/usr/bin/apt-cache')) return [...packages]
  const candidates = packages.flatMap((name) => [name, `${name}t64`])
  const { output } = await start('apt-cache', ['policy', ...candidates], {
    output: 'capture',
    env: { ...process.env, LC_ALL: 'C' },
  })
  const available = new Set(
    [...output.matchAll(/^(\S+):\n {2}Installed: .*\n {2}Candidate: (.*)$/gm)]
      .filter((match) => match[2] !== '(none)')
      .map((match) => match[1]),
  )
  return packages.map((name) => (!available.has(name) && available.has(`${name}t64`) ? `${name}t64` : name))
}
