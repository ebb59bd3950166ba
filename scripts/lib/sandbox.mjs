/** When Chromium's sandbox can't work here. For the launchers only: the product never switches it off. */
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/**
 * @param {string} dist Electron's folder
 * @returns {string | null} why the sandbox has to be off
 */
export function noSandboxReason(dist) {
  if (process.platform !== 'linux') return null
  if (process.getuid?.() === 0) return 'Chromium refuses its sandbox to root'
  if (!userNamespacesClosed() || isSetuidRoot(join(dist, 'chrome-sandbox'))) return null
  return 'this system gives unprivileged programs no user namespaces'
}

/** @param {string} dist */
export const sandboxSwitches = (dist) => (noSandboxReason(dist) === null ? [] : ['--no-sandbox'])

function userNamespacesClosed() {
  return (
    setting('/proc/sys/kernel/apparmor_restrict_unprivileged_userns') === '1' ||
    setting('/proc/sys/kernel/unprivileged_userns_clone') === '0' ||
    setting('/proc/sys/user/max_user_namespaces') === '0'
  )
}

/** @param {string} path */
function setting(path) {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return null
  }
}

/** @param {string} path */
function isSetuidRoot(path) {
  try {
    const { uid, mode } = statSync(path)
    return uid === 0 && (mode & 0o4000) !== 0
  } catch {
    return false
  }
}
