/** How the scripts talk: short lines about what happens, one sentence when it can't go on. */

/** Ends the command with a sentence for the user instead of a stack. */
export class Stop extends Error {
  exitCode = 1
}

/** Ctrl+C and its like: nothing is wrong, nothing is finished. */
export class Interrupted extends Stop {
  /** @param {string} what */
  constructor(what) {
    super(`Interrupted while ${what}: run the command again to go on.`)
    this.exitCode = 130
  }
}

/** The network or a mirror failed, which may pass. */
export class Passing extends Stop {}

const ATTEMPTS = 3

/**
 * Does what depends on the network, up to three times: a moment without it must not cost all that comes after. For what
 * is fetched only, never for what is tested.
 * @template T
 * @param {() => Promise<T>} body
 * @returns {Promise<T>}
 */
export async function persistently(body) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await body()
    } catch (error) {
      if (!(error instanceof Passing) || attempt === ATTEMPTS) throw error
      say(`${error.message}\nTrying again …`)
      await new Promise((resolve) => setTimeout(resolve, attempt * 5000))
    }
  }
}

let toStderr = false

/** For commands whose stdout belongs to somebody else. */
export function sayOnStderr() {
  toStderr = true
}

/** @param {string} text */
export function say(text) {
  ;(toStderr ? process.stderr : process.stdout).write(`${text}\n`)
}

/** @param {number} since a value of `performance.now()` */
export function seconds(since) {
  const passed = (performance.now() - since) / 1000
  return passed < 10 ? `${passed.toFixed(1)} s` : `${Math.round(passed)} s`
}

/** @param {unknown} error */
export function errorCode(error) {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null
}

const diskProblems = {
  full: 'There is no space left on the disk: free about 2 GB and run the command again.',
  quota: 'The disk quota is used up: free about 2 GB and run the command again.',
  forbidden: 'A file or folder may not be written here: check who owns it and run the command again.',
}

export const registryProblems = {
  unreachable:
    'The npm registry cannot be reached: check the network (or the proxy and registry settings of npm) and run the command again.',
  untrusted:
    'The certificate of the npm registry is not trusted here: check the clock, or the cafile setting of npm, and run the command again.',
}

/** @typedef {readonly [sign: RegExp, sentence: string]} Cause */

/** @type {readonly Cause[]} */
const diskCauses = [
  [/ENOSPC|no space left on device/i, diskProblems.full],
  [/EDQUOT|disk quota exceeded/i, diskProblems.quota],
  [/EACCES|EPERM|EROFS/, diskProblems.forbidden],
]

/** @type {readonly Cause[]} */
const registryCauses = [
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|FETCH_ERROR|network timeout/,
    registryProblems.unreachable,
  ],
  [/SELF_SIGNED_CERT|UNABLE_TO_(GET|VERIFY)|CERT_(HAS_EXPIRED|UNTRUSTED|NOT_YET_VALID)/, registryProblems.untrusted],
]

/** @param {readonly Cause[]} causes @param {string} output */
const causeAmong = (causes, output) => causes.find(([sign]) => sign.test(output))?.[1] ?? null

/**
 * The sentence for what a failed program printed, null when the disk is not to blame.
 * @param {string} output
 */
export const diskCause = (output) => causeAmong(diskCauses, output)

/**
 * The same for npm, which may have failed for want of its registry too.
 * @param {string} output
 */
export const npmCause = (output) => causeAmong([...diskCauses, ...registryCauses], output)

/**
 * What stops after npm failed: it may pass unless npm itself said what else is wrong.
 * @param {string | null} cause of `npmCause`
 * @param {string} otherwise the sentence where none is known
 */
export const npmFailure = (cause, otherwise) =>
  cause === registryProblems.unreachable || cause === null ? new Passing(cause ?? otherwise) : new Stop(cause)

/**
 * Runs a command's body. What it throws becomes one sentence where the cause is known, a stack where it is not.
 * @param {() => Promise<number | void>} body resolves to the exit code
 */
export async function run(body) {
  // Whoever read our output (`| head`) has seen enough.
  if (!toStderr) {
    process.stdout.on('error', (error) => {
      if (errorCode(error) === 'EPIPE') process.exit()
      throw error
    })
  }
  try {
    process.exitCode = (await body()) ?? 0
  } catch (error) {
    process.exitCode = 1
    if (error instanceof Stop) {
      process.exitCode = error.exitCode
      console.error(error.message)
      return
    }
    const cause = diskCause(errorCode(error) ?? '')
    if (cause === null) console.error(error)
    else console.error(error instanceof Error ? `${cause} (${error.message})` : cause)
  }
}
