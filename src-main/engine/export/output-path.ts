import { basename, dirname, extname, join } from 'node:path'

/** A report as CSV consists of two files with these suffixes. */
export const CSV_REPORT = ['model', 'date'] as const

/** Inserts the suffix into a file name: report.csv and "model" give report.model.csv. */
export function outputPath(path: string, suffix: string | null): string {
  if (suffix === null) return path
  const extension = extname(path)
  return join(dirname(path), `${basename(path, extension)}.${suffix}.csv`)
}
