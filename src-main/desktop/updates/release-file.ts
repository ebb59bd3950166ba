import { isReleaseAddress } from '../../shared/release-address'
import { parseVersion } from './versions'

/**
 * The two files of electron-builder's that tell of releases, as its 26.x writes them with js-yaml's dump():
 * `latest*.yml` beside the installers (app-builder-lib, publish/updateInfoBuilder.js) and `app-update.yml` among the
 * package's resources (publish/PublishManager.js). Of each only a few top-level entries are wanted, which dump() puts on
 * a line of their own without an indent, so they are read without a YAML library; what is spelled otherwise is refused.
 */

/** A published version. `released`: ms since the epoch; null where the file does not say. */
export interface Release {
  readonly version: string
  readonly released: number | null
}

/** Where a package is published. */
export interface PublishedIn {
  readonly address: string
  /** The first part of the release file's name; `latest` but for pre-releases. */
  readonly channel: string
}

/** Null for a text that is no release file. */
export function readRelease(text: string): Release | null {
  const entries = topLevel(text)
  const version = entries?.get('version')
  if (version === undefined || parseVersion(version) === null) return null
  const date = entries?.get('releaseDate') ?? ''
  const released = /^\d{4}-\d\d-\d\d/.test(date) ? Date.parse(date) : NaN
  return { version, released: Number.isNaN(released) ? null : released }
}

/** Null where the package names no folder of its own: it was built to be published elsewhere, or not at all. */
export function readPublishedIn(text: string): PublishedIn | null {
  const entries = topLevel(text)
  const address = entries?.get('url')
  if (entries?.get('provider') !== 'generic' || address === undefined) return null
  if (!isReleaseAddress(address) || !URL.canParse(address)) return null
  const channel = entries.get('channel') ?? 'latest'
  return { address, channel: /^[\w-][\w.-]{0,99}$/.test(channel) ? channel : 'latest' }
}

/** The file's name for a system: electron-builder tells architectures apart on Linux only, and leaves x64 out. */
export function releaseFileName(channel: string, platform: string, arch: string): string {
  switch (platform) {
    case 'win32':
      return `${channel}.yml`
    case 'darwin':
      return `${channel}-mac.yml`
    default:
      return `${channel}-linux${arch === 'x64' ? '' : `-${arch}`}.yml`
  }
}

/** The file in the folder, as a URL. */
export function releaseFileUrl(address: string, file: string): string {
  return new URL(file, address.endsWith('/') ? address : `${address}/`).href
}

/** What a browser shows of the folder: GitHub's has no page of its own, but that of the release. */
export function releasePage(address: string): string {
  return address.replace(/^(https:\/\/github\.com\/[^/]+\/[^/]+\/releases\/latest)\/download\/?$/, '$1')
}

/** Top-level entries whose value is a text on the same line; null where an entry is there twice. */
function topLevel(text: string): ReadonlyMap<string, string> | null {
  const entries = new Map<string, string>()
  for (const line of text.replace(/^\ufeff/, '').split(/\r?\n/)) {
    const [, key, value] = /^([A-Za-z]\w*):[ \t]+(\S.*)$/.exec(line.trimEnd()) ?? []
    if (key === undefined || value === undefined) continue
    const scalar = readScalar(value)
    if (scalar === null) continue
    if (entries.has(key)) return null
    entries.set(key, scalar)
  }
  return entries
}

/** Plain, or in single or double quotes; null for every other form. */
function readScalar(value: string): string | null {
  if (/^'(?:[^']|'')*'$/.test(value)) return value.slice(1, -1).replaceAll("''", "'")
  if (/^"[^"\\]*"$/.test(value)) return value.slice(1, -1)
  return /^[\w./]/.test(value) && !/ #|: /.test(value) ? value : null
}
