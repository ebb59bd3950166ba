import { fileUnder, type ServedFile } from '../../hosting/served-file'
import { host, scheme } from './origin'

/** The file under `root` that a URL names; null when it names none that may be served. */
export function servedFile(url: string, root: string): ServedFile | null {
  if (!URL.canParse(url)) return null
  const { protocol: urlScheme, host: urlHost, pathname } = new URL(url)
  return urlScheme === `${scheme}:` && urlHost === host ? fileUnder(pathname, root) : null
}
