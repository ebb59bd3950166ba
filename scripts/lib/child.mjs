/** Starting other programs, and ending them with us. */
import { spawn } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { constants as os } from 'node:os'
import { delimiter, join } from 'node:path'
import process from 'node:process'
import { Stop, errorCode } from './say.mjs'

/**
 * The terminal tells us of a Ctrl+C, and npm, which runs us, tells us again: within this many ms it is the same one.
 * (Passed on twice, Chromium would take the second for impatience and not close in order.)
 */
const sameSignalWithin = 1000

/** @type {readonly NodeJS.Signals[]} */
const passedOn = process.platform === 'win32' ? ['SIGINT', 'SIGTERM'] : ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT']

/**
 * @typedef {object} Outcome
 * @property {number} code exit code; as a shell counts, 128 + signal when it was ended by one
 * @property {NodeJS.Signals | null} signal
 * @property {string} output what it printed, where that was captured
 * @property {boolean} timedOut
 * @property {boolean} interrupted whether we were told to end while it ran
 */

/**
 * Runs a program to its end. It gets a process group of its own, so that only we pass signals on to it (and to all it
 * started), and we wait for it to end.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {object} [options]
 * @param {string} [options.cwd]
 * @param {NodeJS.ProcessEnv} [options.env]
 * @param {'inherit' | 'capture' | 2} [options.output] 2 sends its stdout to our stderr
 * @param {boolean} [options.shell]
 * @param {number} [options.timeout] ms
 * @returns {Promise<Outcome>}
 */
export function start(command, args, options = {}) {
  const { output = 'inherit', timeout, ...rest } = options
  const asGroup = process.platform !== 'win32'
  return new Promise((resolve, reject) => {
    const capture = output === 'capture'
    const child = spawn(command, args, {
      ...rest,
      windowsHide: true,
      detached: asGroup,
      stdio: ['ignore', capture ? 'pipe' : output, capture ? 'pipe' : 'inherit'],
    })
    let text = ''
    let timedOut = false
    let interrupted = false
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8')
      stream?.on('data', (/** @type {string} */ piece) => {
        text = (text + piece).slice(-200_000)
      })
    }
    const kill = /** @param {NodeJS.Signals} signal */ (signal) => {
      if (!asGroup || child.pid === undefined) child.kill(signal)
      else if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid, signal)
    }
    let lastPassedOn = -Infinity
    const passOn = /** @param {NodeJS.Signals} signal */ (signal) => {
      interrupted = true
      if (performance.now() - lastPassedOn > sameSignalWithin) kill(signal)
      lastPassedOn = performance.now()
    }
    for (const signal of passedOn) process.on(signal, passOn)
    const timer =
      timeout === undefined
        ? undefined
        : setTimeout(() => {
            timedOut = true
            kill('SIGKILL')
          }, timeout)
    const settle = () => {
      clearTimeout(timer)
      for (const signal of passedOn) process.off(signal, passOn)
    }
    child.on('error', (error) => {
      settle()
      reject(error)
    })
    child.on('close', (code, signal) => {
      settle()
      const number = signal === null ? 1 : 128 + os.signals[signal]
      resolve({ code: code ?? number, signal, output: text, timedOut, interrupted })
    })
  })
}

/** @param {string} name @returns {string | null} */
export function findProgram(name) {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = join(folder, name)
    try {
      accessSync(path, constants.X_OK)
      return path
    } catch {
      // Not in this folder.
    }
  }
  return null
}

/**
 * Runs npm: the one that runs us, else the one on the PATH.
 * @param {readonly string[]} args
 * @param {Parameters<typeof start>[2]} [options]
 */
export async function npm(args, options = {}) {
  const runner = process.env['npm_execpath']
  if (runner !== undefined && /npm-cli\.c?js$/.test(runner)) return start(process.execPath, [runner, ...args], options)
  try {
    return await start('npm', args, { ...options, shell: process.platform === 'win32' })
  } catch (error) {
    throw errorCode(error) === 'ENOENT'
      ? new Stop('There is no npm: install it (it comes with Node) and run the command again.')
      : error
  }
}
