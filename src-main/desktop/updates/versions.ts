import { parse, type SemVer } from 'semver'

/** The version that the whole text is, by semver.org 2.0.0; null where it is not one. A "v" in front is not part of it. */
export function parseVersion(text: string): SemVer | null {
  const version = parse(text)
  if (version === null) return null
  const build = version.build.length === 0 ? '' : `+${version.build.join('.')}`
  return version.version + build === text ? version : null
}
