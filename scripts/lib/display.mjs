/** The screen the app is shown on: the machine's, or a virtual one where there is none. */
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findProgram } from './child.mjs'
import { Stop } from './say.mjs'

export function hasDisplay() {
  return process.platform !== 'linux' || Boolean(process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY'])
}

/**
 * Runs `body` where windows can be opened, with the environment that says where. (xvfb-run does the same from a shell,
 * but it dies of a signal without waiting for what it runs, and leaves its server behind.)
 * @template T
 * @param {(env: NodeJS.ProcessEnv) => Promise<T>} body
 * @param {{ own?: boolean }} [options] `own`: a virtual one also where there is a real one, whose user would get in the way
 * @returns {Promise<T>}
 */
export async function withDisplay(body, { own = false } = {}) {
  const isOwn = process.platform === 'linux' && (!hasDisplay() || (own && findProgram('Xvfb') !== null))
  if (!isOwn) return body(process.env)
  const folder = mkdtempSync(join(tmpdir(), 'agent-session-monitor-screen-'))
  const authority = join(folder, 'Xauthority')
  writeFileSync(authority, cookie(), { mode: 0o600 })
  const { server, display } = await startXvfb(authority)
  try {
    const { WAYLAND_DISPLAY: _, XDG_SESSION_TYPE: __, ...env } = process.env
    return await body({ ...env, DISPLAY: display, XAUTHORITY: authority })
  } finally {
    server.kill()
    rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * @param {string} authority
 * @returns {Promise<{ server: import('node:child_process').ChildProcess, display: string }>}
 */
function startXvfb(authority) {
  return new Promise((resolve, reject) => {
    const args = ['-displayfd', '3', '-screen', '0', '1600x1000x24', '-nolisten', 'tcp', '-auth', authority]
    // Detached, so that Ctrl+C reaches what runs on the screen first and the screen after it.
    const server = spawn('Xvfb', args, { stdio: ['ignore', 'ignore', 'pipe', 'pipe'], detached: true })
    let printed = ''
    let number = ''
    server.stderr?.on('data', (/** @type {Buffer} */ piece) => (printed += piece.toString()))
    server.stdio[3]?.on('data', (/** @type {Buffer} */ piece) => {
      number += piece.toString()
      if (number.endsWith('\n')) resolve({ server, display: `:${number.trim()}` })
    })
    server.on('error', (error) => reject(new Stop(`The virtual screen could not be started: ${error.message}`)))
    server.on('exit', () => reject(new Stop(`The virtual screen could not be started: ${printed.trim()}`)))
  })
}

/** An X authority file with one entry that holds for any display: only who can read it may open windows. */
function cookie() {
  const anyAddress = 0xffff
  /** @param {Buffer} bytes */
  const counted = (bytes) => {
    const length = Buffer.alloc(2)
    length.writeUInt16BE(bytes.length)
    return Buffer.concat([length, bytes])
  }
  const family = Buffer.alloc(2)
  family.writeUInt16BE(anyAddress)
  const fields = [Buffer.alloc(0), Buffer.alloc(0), Buffer.from('MIT-MAGIC-COOKIE-1'), randomBytes(16)]
  return Buffer.concat([family, ...fields.map(counted)])
}
