import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { app } from 'electron'

/** Starting with the user's session. */
export interface LoginStart {
  /** Null where it can't be: a program that is not installed has no place of its own to be started from. */
  readonly get: () => boolean | null
  readonly set: (start: boolean) => void
}

/** What the program is started with then: it begins in the tray, if it is to run there. */
export const hiddenSwitch = '--hidden'

export function createLoginStart(): LoginStart {
  const file = autostartPath(process.env['XDG_CONFIG_HOME'], homedir())
  return {
    get() {
      if (!app.isPackaged) return null
      return process.platform === 'linux'
        ? existsSync(file)
        : app.getLoginItemSettings({ args: [hiddenSwitch] }).openAtLogin
    },
    set(start) {
      if (!app.isPackaged) return
      if (process.platform !== 'linux') {
        app.setLoginItemSettings({ openAtLogin: start, args: [hiddenSwitch] })
      } else if (start) {
        mkdirSync(dirname(file), { recursive: true })
        writeFileSync(file, autostartFile(process.env['APPIMAGE'] ?? process.execPath))
      } else {
        rmSync(file, { force: true })
      }
    },
  }
}

/** https://specifications.freedesktop.org/autostart-spec/latest/ */
export function autostartPath(configHome: string | undefined, home: string): string {
  return join(
    configHome === undefined || configHome === '' ? join(home, '.config') : configHome,
    'autostart',
    'agent-session-monitor.desktop',
  )
}

/** Quoted as the Exec key wants it: https://specifications.freedesktop.org/desktop-entry-spec/latest/exec-variables.html */
export function autostartFile(program: string): string {
  // Within quotes these four are escaped; a % would begin a field code, and the value as a whole is a string once more.
  const quoted = program
    .replace(/[\\"`$]/g, '\\$&')
    .replaceAll('%', '%%')
    .replaceAll('\\', '\\\\')
  return `[Desktop Entry]
Type=Application
Name=Agent Session Monitor
Exec="${quoted}" ${hiddenSwitch}
Terminal=false
X-GNOME-Autostart-enabled=true
`
}
