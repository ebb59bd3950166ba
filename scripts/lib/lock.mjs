/** One at a time, across processes: two commands started together must not install or build over each other. */
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { errorCode } from './say.mjs'

/** ms. Nothing here takes this long. */
const longestHold = 30 * 60_000

/** When a process began, from Linux' /proc (proc(5), stat field 22); undefined elsewhere. @param {number} pid */
function startOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
  } catch {
    return undefined
  }
}

/** @param {string} path @returns {boolean} whether the process that took the lock is gone */
function isAbandoned(path) {
  let owner
  try {
    // A process id may have been given to another program since.
    if (Date.now() - statSync(path).mtimeMs > longestHold) return true
    owner = readFileSync(path, 'utf8')
  } catch {
    return false
  }
  // Taken this instant: its number is not written yet.
  if (owner === '') return false
  const [pid = '', started] = owner.split(' ')
  try {
    process.kill(Number(pid), 0)
    return started !== undefined && started !== startOf(Number(pid))
  } catch (error) {
    return errorCode(error) === 'ESRCH'
  }
}

/**
 * @template T
 * @param {string} path of the lock file
 * @param {() => Promise<T>} body
 * @param {() => void} [onWait] called once when another process holds the lock
 * @returns {Promise<T>}
 */
export async function withLock(path, body, onWait) {
  mkdirSync(dirname(path), { recursive: true })
  for (let told = false; ;) {
    try {
      writeFileSync(path, [process.pid, startOf(process.pid) ?? []].flat().join(' '), { flag: 'wx' })
      break
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error
    }
    if (isAbandoned(path)) {
      rmSync(path, { force: true })
      continue
    }
    if (!told) onWait?.()
    told = true
    await pause(200)
  }
  try {
    return await body()
  } finally {
    rmSync(path, { force: true })
  }
}
