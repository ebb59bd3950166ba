import {
  closeSync,
  openSync,
  readdirSync,
  readSync,
  realpathSync,
  statSync,
  lstatSync,
  type BigIntStats,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { constants, gunzipSync } from 'node:zlib'
import { EngineError, fromSystemError, systemCode } from '../base/errors'

/** A log file as a scan found it. */
export interface FoundFile {
  readonly path: string
  readonly dev: string
  readonly ino: string
  readonly sizeBytes: number
  readonly mtimeNs: string
  readonly compressed: boolean
}

/** What a scan of one source found; a file that could not be looked at is an error beside the others. */
export interface Found {
  readonly files: readonly FoundFile[]
  readonly errors: readonly { readonly path: string; readonly error: EngineError }[]
}

/** Bytes of a file's head searched for `"ai_log"` before a name that is not access.log's is taken for a gateway log. */
export const SNIFF_BYTES = 256 * 1024

/**
 * A log and its rotations by name: `access.log`, `access.log.1`, `access.log-20260201` (logrotate's dateext), each also
 * with `.gz`. Group 1 is the log's own name, group 2 what rotation added.
 */
const LOG_NAME = /^(.+\.log)((?:[.-]\d{1,10}(?:-\d{1,10})?)?)(\.gz)?$/

/** The log's own name and what rotation added to it; null when the name is no log's. */
export function parseLogName(
  name: string,
): { readonly base: string; readonly rotation: string; readonly gz: boolean } | null {
  const match = LOG_NAME.exec(name)
  if (match?.[1] === undefined) return null
  return { base: match[1], rotation: match[2] ?? '', gz: match[3] !== undefined }
}

/** What the files of one log have in common: folder and the log's own name. */
export function parseLogPath(path: string): string {
  const name = basename(path)
  return join(dirname(path), parseLogName(name)?.base ?? name)
}

/**
 * Oldest first: date-named rotations by date, numbered ones from the highest number down, the log itself last.
 * Different logs in one folder keep together, by name.
 */
export function compareAge(a: string, b: string): number {
  const left = parseLogName(basename(a))
  const right = parseLogName(basename(b))
  if (left === null || right === null || left.base !== right.base) return a < b ? -1 : a > b ? 1 : 0
  return age(left.rotation) - age(right.rotation)
}

function age(rotation: string): number {
  if (rotation === '') return Infinity
  const digits = Number(rotation.replace(/\D/g, ''))
  return rotation.startsWith('-') || rotation.length > 5 ? digits : -digits
}

/** Remembers which files were found not to be gateway logs, by identity and size, so that they are not read each scan. */
export class Discovery {
  readonly #sniffed = new Map<string, boolean>()

  /**
   * Looks for logs at a path the user chose: in a folder (not below it), all of its gateway logs; for a file, that file
   * and its rotations, of a link also those of what it leads to. Throws when the path itself can't be read.
   */
  scan(chosen: string): Found {
    const stat = statOf(chosen)
    if (stat.isDirectory()) return this.#scanFolder(chosen, () => true, false)
    if (!stat.isFile()) throw new EngineError('unreadable', 'This is neither a file nor a folder.', { where: chosen })
    const here = this.#scanRotations(chosen, stat)
    const target = targetOf(chosen)
    if (target === chosen || dirname(target) === dirname(chosen)) return here
    const there = this.#scanRotations(target, stat)
    const isNew = (file: FoundFile) => !here.files.some((other) => other.dev === file.dev && other.ino === file.ino)
    return { files: [...there.files.filter(isNew), ...here.files], errors: [...here.errors, ...there.errors] }
  }

  /** The file at `path` as it is now; null when there is none, or it can't be looked at. */
  look(path: string): FoundFile | null {
    try {
      const stat = statSync(path, { bigint: true })
      return stat.isFile() ? toFound(path, stat) : null
    } catch {
      return null
    }
  }

  #scanRotations(chosen: string, stat: BigIntStats): Found {
    const own = parseLogName(basename(chosen))
    const folder = dirname(chosen)
    try {
      return this.#scanFolder(
        folder,
        (name) =>
          name === basename(chosen) || (own !== null && own.rotation === '' && parseLogName(name)?.base === own.base),
        true,
      )
    } catch {
      // The folder may be closed to us although the file is not.
      return { files: [toFound(targetOf(chosen), stat)], errors: [] }
    }
  }

  #scanFolder(folder: string, wanted: (name: string) => boolean, chosenByName: boolean): Found {
    const files = new Map<string, FoundFile>()
    const errors: { path: string; error: EngineError }[] = []
    let names: string[]
    try {
      names = readdirSync(folder)
    } catch (error) {
      throw fromSystemError(error, folder)
    }
    for (const name of names) {
      const log = parseLogName(name)
      if (!wanted(name) || (log === null && !chosenByName)) continue
      const path = join(folder, name)
      try {
        const stat = statSync(path, { bigint: true })
        if (!stat.isFile()) continue
        const link = isLink(path)
        const file = toFound(link ? targetOf(path) : path, stat)
        const known = log?.base === 'access.log' || chosenByName
        if (!known && !this.#isGatewayLog(file)) continue
        // A link and its target are one file: keep the real name.
        const identity = `${file.dev}:${file.ino}`
        if (!files.has(identity) || !link) files.set(identity, file)
      } catch (error) {
        const failure = fromSystemError(error, path)
        // Renamed or deleted between listing and looking: the next scan sees where it went.
        if (failure.code !== 'not-found') errors.push({ path, error: failure })
      }
    }
    return { files: [...files.values()].sort((a, b) => compareAge(a.path, b.path)), errors }
  }

  #isGatewayLog(file: FoundFile): boolean {
    const key = `${file.dev}:${file.ino}`
    const before = this.#sniffed.get(key)
    if (before === true) return true
    const sizeKey = `${key}:${String(Math.min(file.sizeBytes, SNIFF_BYTES))}`
    if (this.#sniffed.get(sizeKey) === false) return false
    const hit = sniff(file)
    this.#sniffed.set(hit ? key : sizeKey, hit)
    return hit
  }
}

function statOf(path: string): BigIntStats {
  try {
    return statSync(path, { bigint: true })
  } catch (error) {
    throw fromSystemError(error, path)
  }
}

/** Where a link leads in the end; the path itself when it is none. */
function targetOf(path: string): string {
  return isLink(path) ? realpathSync(path) : path
}

function isLink(path: string): boolean {
  return lstatSync(path).isSymbolicLink()
}

function toFound(path: string, stat: BigIntStats): FoundFile {
  return {
    path,
    dev: String(stat.dev),
    ino: String(stat.ino),
    sizeBytes: Number(stat.size),
    mtimeNs: String(stat.mtimeNs),
    compressed: path.endsWith('.gz'),
  }
}

/** What the first bytes of a gzip file unpack to. */
function unpackHead(bytes: Buffer): Buffer {
  return gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH })
}

function sniff(file: FoundFile): boolean {
  const fd = openSync(file.path, 'r')
  try {
    const head = Buffer.alloc(file.compressed ? SNIFF_BYTES / 8 : SNIFF_BYTES)
    const length = readSync(fd, head, 0, head.length, 0)
    const text = head.subarray(0, length)
    return (file.compressed ? unpackHead(text) : text).includes('"ai_log"')
  } catch (error) {
    // A damaged file may be anything's: it is taken, so that the damage is told.
    if (systemCode(error)?.startsWith('Z_') === true) return true
    throw error
  } finally {
    closeSync(fd)
  }
}
