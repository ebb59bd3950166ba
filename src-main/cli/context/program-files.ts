import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Where the program itself lies: the folder of package.json, or app.asar when it is installed. */
export function programFolder(): string {
  // The bundle has its entry in out/main and what is loaded later in out/main/chunks; the sources are in src-main/cli.
  const places = ['../../', '../../../'].map((place) => fileURLToPath(new URL(place, import.meta.url)))
  const found = places.find((place) => existsSync(join(place, 'package.json')))
  if (found === undefined) throw new Error('The program is not whole: its package.json is missing.')
  return found
}

export function programVersion(): string {
  const text = readFileSync(join(programFolder(), 'package.json'), 'utf8')
  const value: unknown = JSON.parse(text)
  return typeof value === 'object' && value !== null && 'version' in value ? String(value.version) : ''
}
