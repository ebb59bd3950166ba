import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { EngineError, fromSystemError, isNotPermitted } from '../base/errors'
import { systemCode } from '../../shared/system-errors'
import { LOCK } from './store-names'

/** The process that holds a store open for writing. */
interface LockHolder {
  readonly pid: number
  readonly host: string
  /** When the process started, in the system's own units; null where the system does not say. */
  readonly startedAt: string | null
}

/**
 * Allows one writer per data folder: a file that names the writing process. The file outlives a kill -9, so a lock is
 * taken over when its process is gone, or when its pid belongs to another process by now.
 */
export class StoreLock {
  readonly #path: string
  readonly #text: string

  private constructor(path: string, text: string) {
    this.#path = path
    this.#text = text
  }

  /** Takes the lock, or returns its holder. Throws an EngineError when the folder cannot be written. */
  static take(dataFolder: string): StoreLock | LockHolder {
    const path = join(dataFolder, LOCK)
    const own: LockHolder = { pid: process.pid, host: hostname(), startedAt: startOf(process.pid) }
    // The nonce tells two holders in the same process apart.
    const text = JSON.stringify({ ...own, nonce: `${String(Date.now())}-${String(Math.random()).slice(2)}` })
    const temporary = `${path}.${String(process.pid)}.${String(Math.random()).slice(2)}`
    try {
      mkdirSync(dataFolder, { recursive: true })
      writeFileSync(temporary, text, { mode: 0o600 })
      try {
        for (let attempt = 0; attempt < 5; attempt += 1) {
          if (tryLink(temporary, path)) return new StoreLock(path, text)
          const found = readHolder(path)
          if (found === null) continue
          if (isAlive(found.holder)) return found.holder
          removeStale(path, found.text)
        }
        return readHolder(path)?.holder ?? own
      } finally {
        rmSync(temporary, { force: true })
      }
    } catch (error) {
      throw notWritable(error, dataFolder)
    }
  }

  /**
   * Removes a lock that names this process. Needed when the thread that took it died: the process lives on and would
   * find its own store in use.
   */
  static releaseOf(dataFolder: string, pid: number): void {
    const path = join(dataFolder, LOCK)
    try {
      const found = readHolder(path)
      if (found?.holder.pid === pid && found.holder.host === hostname()) rmSync(path, { force: true })
    } catch {
      // Opening the store reports what is wrong with its folder.
    }
  }

  release(): void {
    if (readHolder(this.#path)?.text === this.#text) rmSync(this.#path, { force: true })
  }
}

/** The process that writes to a data folder now; null when there is none. */
export function lockHolder(dataFolder: string): LockHolder | null {
  try {
    const found = readHolder(join(dataFolder, LOCK))
    return found !== null && isAlive(found.holder) ? found.holder : null
  } catch {
    return null
  }
}

/** A link appears with its whole content or not at all, so no reader sees a half-written lock. */
function tryLink(temporary: string, path: string): boolean {
  try {
    linkSync(temporary, path)
    return true
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false
    // Some network and USB drives have file systems without links.
    try {
      writeFileSync(path, readFileSync(temporary), { flag: 'wx', mode: 0o600 })
      return true
    } catch (inner) {
      if (systemCode(inner) === 'EEXIST') return false
      throw inner
    }
  }
}

function readHolder(path: string): { readonly holder: LockHolder; readonly text: string } | null {
  try {
    const text = readFileSync(path, 'utf8')
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && 'pid' in value && typeof value.pid === 'number') {
      const host = 'host' in value && typeof value.host === 'string' ? value.host : ''
      const startedAt = 'startedAt' in value && typeof value.startedAt === 'string' ? value.startedAt : null
      return { holder: { pid: value.pid, host, startedAt }, text }
    }
    return { holder: { pid: 0, host: hostname(), startedAt: null }, text }
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null
    if (error instanceof SyntaxError)
      return { holder: { pid: 0, host: hostname(), startedAt: null }, text: safeRead(path) }
    throw error
  }
}

function safeRead(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

/** Whether a process with this pid runs on this machine. */
export function isProcessAlive(pid: number): boolean {
  if (pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return systemCode(error) === 'EPERM'
  }
}

function notWritable(error: unknown, dataFolder: string): EngineError {
  if (!isNotPermitted(error)) return fromSystemError(error, dataFolder)
  return new EngineError('permission', 'The data folder may not be written to.', {
    where: dataFolder,
    hint: 'Make it writable for your user, or start with another data folder.',
    cause: error,
  })
}

function isAlive(holder: LockHolder): boolean {
  // A process on another machine (the data folder is on a network drive) cannot be checked, so assume it runs.
  if (holder.host !== hostname()) return true
  if (!isProcessAlive(holder.pid)) return false
  return holder.startedAt === null || startOf(holder.pid) === holder.startedAt
}

/** Start time of a process in clock ticks since boot, from /proc on Linux (proc(5), stat field 22); null elsewhere. */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null
  } catch {
    return null
  }
}

/** Two processes may find the same stale lock. The slower one may move away a new lock instead; it puts that back. */
function removeStale(path: string, text: string): void {
  const aside = `${path}.stale.${String(process.pid)}`
  try {
    renameSync(path, aside)
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return
    throw error
  }
  if (safeRead(aside) !== text) tryLink(aside, path)
  rmSync(aside, { force: true })
}
