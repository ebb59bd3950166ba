import { lstatSync, readdirSync, realpathSync, statSync, type BigIntStats } from 'node:fs'
import { join } from 'node:path'
import { fromSystemError, type EngineError } from '../base/errors'

/** An entry of a folder: a file, or a folder that is to be looked into. */
export interface Entry {
  readonly name: string
  /** Where it really is: of a link the place it leads to. */
  readonly path: string
  readonly isLink: boolean
  readonly stat: BigIntStats
}

export interface Listing {
  readonly entries: readonly Entry[]
  readonly errors: readonly { readonly path: string; readonly error: EngineError }[]
}

interface Kept {
  readonly mtimeNs: bigint
  readonly listedAt: number
  /** When every entry was looked at last. */
  fullAt: number
  entries: Entry[]
}

/** Folders with fewer entries are looked at whole at every scan. */
const LARGE_FOLDER = 64
/** In a large one, an entry that was written to within this time is looked at every time, ms. */
const RECENT_MS = 15 * 60_000
/** All of a large folder's entries are looked at after this time, ms: a forgotten rotation may still be written to. */
const FULL_MS = 60_000
/** A folder changed so shortly before it was listed may have changed once more within its clock's step, ms. */
const CLOCK_STEP_MS = 2000

/**
 * Lists folders. Of one with thousands of rotations only those are looked at that may have changed: names are added and
 * removed by changing the folder itself, and only what was written to lately is written to again.
 */
export class FolderLister {
  readonly #kept = new Map<string, Kept>()

  /** Throws when the folder can't be listed. */
  list(folder: string): Listing {
    const now = Date.now()
    const stat = statOf(folder)
    const kept = this.#kept.get(folder)
    const isSettled = kept !== undefined && kept.mtimeNs === stat.mtimeNs && isOlder(stat.mtimeNs, kept.listedAt)
    if (kept === undefined || !isSettled || now - kept.fullAt > FULL_MS) return this.#listWhole(folder, stat, now)
    const errors: { path: string; error: EngineError }[] = []
    kept.entries = kept.entries.map((entry) => {
      if (now - Number(entry.stat.mtimeMs) > RECENT_MS && entry.stat.isFile()) return entry
      return look(folder, entry.name, errors) ?? entry
    })
    return { entries: kept.entries, errors }
  }

  #listWhole(folder: string, stat: BigIntStats, now: number): Listing {
    const errors: { path: string; error: EngineError }[] = []
    let names: string[]
    try {
      names = readdirSync(folder)
    } catch (error) {
      throw fromSystemError(error, folder)
    }
    const entries = names.flatMap((name) => look(folder, name, errors) ?? [])
    if (names.length >= LARGE_FOLDER && errors.length === 0)
      this.#kept.set(folder, { mtimeNs: stat.mtimeNs, listedAt: now, fullAt: now, entries })
    else this.#kept.delete(folder)
    return { entries, errors }
  }
}

function isOlder(mtimeNs: bigint, listedAt: number): boolean {
  return Number(mtimeNs / 1_000_000n) < listedAt - CLOCK_STEP_MS
}

/** An entry as it is now; null when it is gone, or can't be looked at, which is added to `errors`. */
function look(folder: string, name: string, errors: { path: string; error: EngineError }[]): Entry | null {
  const path = join(folder, name)
  try {
    const own = lstatSync(path, { bigint: true })
    if (!own.isSymbolicLink()) return { name, path, isLink: false, stat: own }
    return { name, path: realpathSync(path), isLink: true, stat: statSync(path, { bigint: true }) }
  } catch (error) {
    const failure = fromSystemError(error, path)
    // Renamed or deleted between listing and looking: the next scan sees where it went.
    if (failure.code !== 'not-found') errors.push({ path, error: failure })
    return null
  }
}

function statOf(path: string): BigIntStats {
  try {
    return statSync(path, { bigint: true })
  } catch (error) {
    throw fromSystemError(error, path)
  }
}
