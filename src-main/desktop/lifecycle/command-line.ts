import { resolve } from 'node:path'
import { sessionOfLink } from '../../shared/session-link'

/** What the command line asked of the program. Paths are absolute. */
export interface CommandLine {
  readonly userDataDir: string | null
  readonly openLogs: readonly string[]
  /** The session a link named; null where there was none. */
  readonly openSession: string | null
}

export interface CommandLineContext {
  readonly workingDirectory: string
  /** A development Electron gets the application's own folder as a plain argument; a packaged one does not. */
  readonly packaged: boolean
}

/** Reads `argv` without the executable. Switches it does not know are Chromium's and stay unremarked. */
export function parseCommandLine(argv: readonly string[], context: CommandLineContext): CommandLine {
  let userDataDir: string | null = null
  let openSession: string | null = null
  const openLogs: string[] = []
  for (const argument of argv) {
    const [name, value] = splitSwitch(argument)
    if (name === null) {
      const linked = sessionOfLink(value)
      if (linked !== null) openSession = linked
      else if (context.packaged && value !== '') openLogs.push(value)
    } else if (name === '--user-data-dir' && value !== '') {
      userDataDir = value
    } else if (name === '--open-log' && value !== '') {
      openLogs.push(value)
    }
  }
  return {
    userDataDir: userDataDir === null ? null : resolve(context.workingDirectory, userDataDir),
    openLogs: openLogs.map((path) => resolve(context.workingDirectory, path)),
    openSession,
  }
}

function splitSwitch(argument: string): [name: string | null, value: string] {
  if (!argument.startsWith('-')) return [null, argument]
  const equals = argument.indexOf('=')
  return equals < 0 ? [argument, ''] : [argument.slice(0, equals), argument.slice(equals + 1)]
}
