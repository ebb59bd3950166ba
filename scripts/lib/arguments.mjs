/** What the user wrote after `--`. */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { Stop } from './say.mjs'

/**
 * Paths become the app's switch for opening a log; switches are handed on as they are.
 * @param {readonly string[]} args
 */
export function appSwitches(args) {
  // npm runs scripts in the repository; a path is meant from where the user is.
  const from = process.env['INIT_CWD'] ?? process.cwd()
  return args.map((arg) => {
    if (arg.startsWith('--')) return arg
    const path = resolve(from, arg)
    if (!existsSync(path)) throw new Stop(`There is no ${path}: name a log file or a folder with logs.`)
    return `--open-log=${path}`
  })
}
