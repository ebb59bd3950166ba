import { parse } from 'yaml'
import { isReleaseAddress } from '../../shared/release-address'
import { parseVersion } from './versions'

/**
 * The two files of electron-builder 26.x that describe releases: `latest*.yml` next to the installers (app-builder-lib,
 * publish/updateInfoBuilder.js) and `app-update.yml` among the package's resources (publish/PublishManager.js). The first
 * comes from a server, so anything but a few top-level texts is ignored.
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

/** The top-level entries that are texts; null where the text is not such a YAML file. */
function topLevel(text: string): ReadonlyMap<string, string> | null {
  let file: unknown
  try {
    file = parse(text)
  } catch {
    return null
  }
  if (typeof file !== 'object' || file === null || Array.isArray(file)) return null
  return new Map(Object.entries(file).filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
}
