/** The screen the app is shown on, or the virtual one where there is none. */
import { findProgram } from './child.mjs'

export function hasDisplay() {
  return process.platform !== 'linux' || Boolean(process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY'])
}

/**
 * The command that runs `command` on a virtual screen when there is no real one.
 * @param {string} command
 * @param {readonly string[]} args
 * @returns {[command: string, args: string[]]}
 */
export function onSomeDisplay(command, args) {
  if (hasDisplay()) return [command, [...args]]
  return [findProgram('xvfb-run') ?? 'xvfb-run', ['-a', '-s', '-screen 0 1600x1000x24', command, ...args]]
}
