import { closeSync, openSync, readSync, type BigIntStats } from 'node:fs'
import { foreignPacking, packingOf, PACKING_BYTES, type Packing } from './unpack/packing'

/** A log file as a scan found it. */
export interface FoundFile {
  readonly path: string
  readonly dev: string
  readonly ino: string
  readonly sizeBytes: number
  readonly mtimeNs: string
  readonly compressed: boolean
  /** How it is packed; null for a plain file, and for one whose packing is not read. */
  readonly packing?: Packing | null
  /** The name of a packing that is not read. */
  readonly foreignPacking?: string | null
}

interface KnownPacking {
  readonly sizeBytes: number
  readonly mtimeNs: string
  readonly packing: Packing | null
  readonly foreign: string | null
  readonly compressed: boolean
}

/** Below this a file's start may still change its meaning: it is looked at again when the file changes. */
const SETTLED_BYTES = 64 * 1024

/** Remembers how files are packed, by path and identity, so that their starts are not read at every scan. */
export class PackingMemory {
  readonly #known = new Map<string, KnownPacking>()

  /** Describes the file at `path`. Throws system errors where its start has to be read and can't be. */
  describe(path: string, stat: BigIntStats): FoundFile {
    const dev = String(stat.dev)
    const ino = String(stat.ino)
    const sizeBytes = Number(stat.size)
    const mtimeNs = String(stat.mtimeNs)
    const key = `${dev}:${ino}:${path}`
    let known = this.#known.get(key)
    if (known === undefined || mayHaveChanged(known, sizeBytes, mtimeNs)) {
      known = { sizeBytes, mtimeNs, ...lookAt(path, sizeBytes) }
      this.#known.set(key, known)
    }
    const { packing, foreign, compressed } = known
    return { path, dev, ino, sizeBytes, mtimeNs, compressed, packing, foreignPacking: foreign }
  }

  /** Forgets the files that are no longer there. */
  keep(files: readonly FoundFile[]): void {
    if (this.#known.size <= 2 * files.length + 64) return
    const there = new Set(files.map(({ dev, ino, path }) => `${dev}:${ino}:${path}`))
    for (const key of this.#known.keys()) if (!there.has(key)) this.#known.delete(key)
  }
}

function mayHaveChanged(known: KnownPacking, sizeBytes: number, mtimeNs: string): boolean {
  if (sizeBytes < known.sizeBytes) return true
  return known.mtimeNs !== mtimeNs && known.sizeBytes < SETTLED_BYTES
}

function lookAt(path: string, sizeBytes: number): Omit<KnownPacking, 'sizeBytes' | 'mtimeNs'> {
  const isNamedPacked = /\.gz$/i.test(path)
  if (sizeBytes === 0) return { packing: null, foreign: null, compressed: isNamedPacked }
  const head = headOf(path)
  const packing = packingOf(head)
  const foreign = packing === null ? foreignPacking(head) : null
  // A damaged file keeps its name: it is not read as text.
  return { packing, foreign, compressed: packing !== null || foreign !== null || isNamedPacked }
}

function headOf(path: string): Buffer {
  const fd = openSync(path, 'r')
  try {
    const head = Buffer.alloc(PACKING_BYTES)
    return head.subarray(0, readSync(fd, head, 0, head.length, 0))
  } finally {
    closeSync(fd)
  }
}
