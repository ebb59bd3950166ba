import { isAbsolute, relative } from 'node:path'

/** Whether `path` is `folder` or inside it. Both are absolute. Compares names only; links are not followed. */
export function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path)
  return way === '' || (!isAbsolute(way) && way !== '..' && !way.startsWith('../') && !way.startsWith('..\\'))
}
