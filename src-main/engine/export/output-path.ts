import { basename, dirname, extname, join } from 'node:path'

/** A report as CSV is two files. */
export const CSV_REPORT = ['model', 'date'] as const

/** report.csv and "model": report.model.csv. */
export function outputPath(path: string, suffix: string | null): string {
  if (suffix === null) return path
  const extension = extname(path)
  return join(dirname(path), `${basename(path, extension)}.${suffix}.csv`)
}
