import type { FoundFile } from './found-file'

/** What the comparison needs of a file of the store. */
export interface KnownFile {
  /** "device:inode". */
  readonly identity: string
  readonly compressed: boolean
  /** Bytes read of it. */
  readonly offset: number
}

/** What to do with a file that a scan found. */
interface Assignment<K extends KnownFile> {
  readonly file: FoundFile
  /** The file of the store with its inode, where there is one. Its content is checked when it is read. */
  readonly same: K | null
  /** A file of the store that had its inode and can't be it: the one is compressed and the other is not. */
  readonly displaced: K | null
  /**
   * Where there is none: files that are gone and so may have come back under another inode (a folder restored from a
   * copy), latest first. The reader compares their content; when none fits, the file is new.
   */
  readonly returning: readonly K[]
}

/** What a scan means for the files of the store. */
export interface ScanDiff<K extends KnownFile> {
  readonly assignments: readonly Assignment<K>[]
  /** Files of the store that the scan did not find. */
  readonly gone: readonly K[]
}

/** Content is compared with this many gone files at most; beyond that a returning copy is read again, and counts once. */
const MAX_RETURNING = 16

/** Compares what a scan found with the files of the store (those not retired). Pure. */
export function diffScan<K extends KnownFile>(known: readonly K[], found: readonly FoundFile[]): ScanDiff<K> {
  const byIdentity = new Map(known.map((file) => [file.identity, file]))
  const present = new Set(found.map(identityOf))
  const gone = known.filter((file) => !present.has(file.identity))
  const candidates = gone
    .filter((file) => !file.compressed && file.offset > 0)
    .slice(-MAX_RETURNING)
    .reverse()
  const assignments = found.map((file) => {
    const known = byIdentity.get(identityOf(file)) ?? null
    const same = known?.compressed === file.compressed ? known : null
    const returning = same === null && !file.compressed ? candidates : []
    return { file, same, displaced: same === null ? known : null, returning }
  })
  return { assignments, gone }
}

/** "device:inode" of a found file. */
export function identityOf(file: FoundFile): string {
  return `${file.dev}:${file.ino}`
}
