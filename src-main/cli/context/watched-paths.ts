import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'

/** The gateway's own place. */
export const DEFAULT_LOG_PATH = '/var/log/higress/access.log'

/** Standard input instead of a file. */
const STANDARD_INPUT = '-'

/** What `--log-path` named: files and folders, and whether standard input is one of them. */
export interface ChosenPaths {
  readonly paths: readonly string[]
  readonly standardInput: boolean
}

export function chosenPaths(values: readonly string[]): ChosenPaths {
  return {
    paths: values.filter((value) => value !== STANDARD_INPUT).map((value) => resolve(value)),
    standardInput: values.includes(STANDARD_INPUT),
  }
}

/**
 * The logs a data folder is fed from: those chosen in the app where it is the app's, else those read before
 * (`stored`) that are still there.
 */
export function rememberedPaths(dataFolder: string, stored: readonly string[]): readonly string[] {
  return appSources(dataFolder) ?? stored.filter((path) => existsSync(path))
}

/** The sources in the settings beside the app's store; null where there are none. */
function appSources(dataFolder: string): readonly string[] | null {
  const settings = join(dirname(dataFolder), 'settings.json')
  if (basename(dataFolder) !== 'store' || !existsSync(settings)) return null
  try {
    const value: unknown = JSON.parse(readFileSync(settings, 'utf8'))
    if (typeof value !== 'object' || value === null || !('sources' in value) || !Array.isArray(value.sources))
      return null
    return value.sources.filter((path): path is string => typeof path === 'string')
  } catch {
    return null
  }
}
