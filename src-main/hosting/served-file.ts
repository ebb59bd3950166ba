import { extname, join } from 'node:path'
import { isInside } from '../engine/disk/inside'

const mimeTypes: ReadonlyMap<string, string> = new Map([
  ['.html', 'text/html; charset=utf-8'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.mjs', 'text/javascript; charset=utf-8'],
  ['.css', 'text/css; charset=utf-8'],
  ['.json', 'application/json; charset=utf-8'],
  ['.svg', 'image/svg+xml'],
  ['.png', 'image/png'],
  ['.jpg', 'image/jpeg'],
  ['.webp', 'image/webp'],
  ['.ico', 'image/x-icon'],
  ['.woff', 'font/woff'],
  ['.woff2', 'font/woff2'],
  ['.ttf', 'font/ttf'],
])

export interface ServedFile {
  readonly path: string
  readonly mimeType: string
}

/** The file under `root` that the path of a URL names, percent signs and all; null when it may not be served. */
export function fileUnder(pathname: string, root: string): ServedFile | null {
  const name = decoded(pathname)
  // A backslash is a separator on Windows, a colon names a drive or a stream there.
  if (name === null || /[\0\\:]/.test(name)) return null
  const path = join(root, name === '/' ? 'index.html' : name)
  const mimeType = mimeTypes.get(extname(path).toLowerCase())
  if (mimeType === undefined || path === root || !isInside(root, path)) return null
  return { path, mimeType }
}

function decoded(pathname: string): string | null {
  try {
    return decodeURIComponent(pathname)
  } catch {
    return null
  }
}
