import { basename, dirname, join } from 'node:path'
import { taiTime } from '../unwrap/tai64n'

/** A log's file name taken apart. */
export interface LogName {
  /** The log's own name, which all of its rotations share. */
  readonly base: string
  /** What rotation added to it; empty for the log itself. */
  readonly rotation: string
  /** What packing added: `.gz`, `.tar.gz`, …; empty for none. */
  readonly packing: string
}

const PACKING = /(?:\.tar)?\.(?:gz|zst|zstd|xz|bz2|lz4|zz|z|7z|rar|lzo)$|\.(?:tar|tgz|tbz2?|txz|tzst|zip)$/i

const ARCHIVE = /^\.(?:tar.*|tgz|tbz2?|txz|tzst|zip)$/i

/** A date, an epoch, a number, or these together: `.1`, `-20260301`, `.2026-03-01`, `_20260301T000000`, `-20260301-1700000000`. */
const NUMBERED = String.raw`[._-]\d[\dTtZz:.+_-]*`
const NAMED = String.raw`\.(?:old|bak|save|orig|prev)(?:\.\d+)?`
const ENDING = String.raw`\.(?:log|jsonl|ndjson)`

/** `access.log` and `access.log.1`; `access_log`, `-json.log`, `0.log.20260301-093015`. */
const NAME_FIRST = new RegExp(`^(.+?${ENDING}|(?:.+[._-])?log)((?:${NUMBERED})?(?:${NAMED})?)$`, 'i')
/** `access-20260301.log` (logrotate's extension), `access-2026-03-01T00-00-00.000.log` (lumberjack). */
const NAME_LAST = new RegExp(String.raw`^(.+?)([._-]\d{4}-?\d\d(?:-?\d\d)?(?:[\dTtZz:._-]*\d[Zz]?)?)(${ENDING})$`, 'i')
/** svlogd, multilog and s6-log: `current`, and `@4000….s` or `.u` for what was rotated. */
const TAI_ROTATION = /^@([0-9a-f]{24})(?:\.[su])?$/
const TAI_BASE = 'current'

/** Takes a file's name apart; null when it is not a log's. */
export function parseLogName(name: string): LogName | null {
  const packing = PACKING.exec(name)?.[0] ?? ''
  const unpacked = name.slice(0, name.length - packing.length)
  const last = NAME_LAST.exec(unpacked)
  if (last !== null) {
    const [, stem = '', rotation = '', ending = ''] = last
    return { base: `${stem}${ending}`, rotation, packing }
  }
  const first = NAME_FIRST.exec(unpacked)
  if (first?.[1] !== undefined) return { base: first[1], rotation: first[2] ?? '', packing }
  // A bundle of logs (logs.tar.gz) is a log by itself.
  if (ARCHIVE.test(packing) && /log/i.test(unpacked)) return { base: name, rotation: '', packing: '' }
  if (unpacked === TAI_BASE) return { base: TAI_BASE, rotation: '', packing }
  return TAI_ROTATION.test(unpacked) ? { base: TAI_BASE, rotation: unpacked, packing } : null
}

/** The name of a rotation of the log `base` that no rule knows: `access.log.saved`; null when it is no such name. */
export function parseRotationOf(base: string, name: string): LogName | null {
  if (!name.startsWith(base) || !/^[._-]/.test(name.slice(base.length))) return null
  const packing = PACKING.exec(name)?.[0] ?? ''
  return { base, rotation: name.slice(base.length, name.length - packing.length), packing }
}

/** Folders beside a log to which logrotate's `olddir` and people move what was rotated. */
const OLD_FOLDER = /^(?:old|old[_-]?logs?|archived?|archives?|backups?|rotated|history)$/i

/** Whether a folder may hold the rotations of the logs in the folder above it. */
export function isOldFolder(name: string): boolean {
  return OLD_FOLDER.test(name)
}

/** What the files of one log have in common: its folder and its own name. */
export function parseLogPath(path: string): string {
  const name = basename(path)
  const folder = dirname(path)
  const log = parseLogName(name)
  if (log === null) return path
  const home = log.rotation !== '' && isOldFolder(basename(folder)) ? dirname(folder) : folder
  return join(home, log.base)
}

/**
 * Oldest first: numbered rotations from the highest number down, then dated ones by date, the log itself last.
 * Different logs in one folder keep together, by name.
 */
export function compareAge(a: string, b: string): number {
  const left = logOf(a)
  const right = logOf(b)
  if (left.path !== right.path) return left.path < right.path ? -1 : 1
  return age(left.rotation) - age(right.rotation) || (a < b ? -1 : a > b ? 1 : 0)
}

function logOf(path: string): { readonly path: string; readonly rotation: string } {
  return { path: parseLogPath(path), rotation: parseLogName(basename(path))?.rotation ?? '' }
}

/** Digits from which on a rotation is dated rather than numbered. */
const DATE_DIGITS = 6
const EPOCH = /^1\d{9}$/

/** Grows with the time of rotation: ms since the epoch of a dated one, less than zero for a numbered one. */
function age(rotation: string): number {
  if (rotation === '') return Infinity
  const tai = TAI_ROTATION.exec(rotation)?.[1]
  if (tai !== undefined) return taiTime(tai)
  const digits = rotation.replace(/\D/g, '')
  if (digits.length < DATE_DIGITS) return -Number(digits || '1')
  if (EPOCH.test(digits)) return Number(digits) * 1000
  const [year, month, day, hour, minute, second] = [4, 6, 8, 10, 12, 14].map((end, index) =>
    Number(digits.slice(index === 0 ? 0 : end - 2, end) || '0'),
  )
  // logrotate's %s stands after the date: of rotations of one day it tells the later one.
  const epoch = digits.length === 18 ? Number(digits.slice(8)) % 86_400 : null
  if (epoch !== null) return Date.UTC(year ?? 0, (month ?? 1) - 1, day ?? 1) + epoch * 1000
  return Date.UTC(year ?? 0, (month ?? 1) - 1, day ?? 1, hour, minute, second)
}
