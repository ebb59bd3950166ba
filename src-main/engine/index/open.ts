import { renameSync } from 'node:fs'
import type { SqlJsStatic } from 'sql.js'
import type { Notice } from '../../contract/index'
import { canMigrate, SCHEMA_VERSION } from './database/migrations/index'
import { SessionIndex, type IndexOptions } from './tables/session-index'
import { Rezoning } from './rebuild/rezoning'
import { readSnapshot } from './database/snapshot'
import { loadSqlite } from './database/sql'

/** The saved index, where it can be used. */
export interface SavedIndex {
  readonly index: SessionIndex | null
  /** Why it cannot be used, where that is worth saying. */
  readonly notice: Notice | null
  /** Its sums were made again, for another time zone than it was saved with. */
  readonly isRezoned: boolean
}

export interface OpenSavedOptions {
  /** Whether an unusable file is renamed rather than left in place. */
  readonly keepAside: boolean
  /** Called while the sums of another time zone are made: the share of the requests that are in them, 0 to 1. */
  readonly onAdopting?: (share: number) => void
}

const NONE: SavedIndex = { index: null, notice: null, isRezoned: false }

/** Opens the index: the saved one where it can be used, else an empty one for the archive to fill. */
export class IndexOpener {
  readonly #sqlite: SqlJsStatic

  private constructor(sqlite: SqlJsStatic) {
    this.#sqlite = sqlite
  }

  static async load(): Promise<IndexOpener> {
    return new IndexOpener(await loadSqlite())
  }

  empty(options: IndexOptions): SessionIndex {
    const index = new SessionIndex(new this.#sqlite.Database(), options)
    index.pricing = options.prices.fingerprint
    return index
  }

  /**
   * The index saved at `path`; null when there is none that can be used. Unless it is merely absent, `notice` says why,
   * and the file is renamed so that it is not lost (when `keepAside`).
   */
  openSaved(
    path: string,
    options: IndexOptions,
    { keepAside, onAdopting = () => undefined }: OpenSavedOptions,
  ): SavedIndex {
    const body = readSnapshot(path)
    if (body === null) return NONE
    if (body !== undefined) {
      try {
        const database = new this.#sqlite.Database(body)
        const version = SessionIndex.versionOf(database)
        if (version <= SCHEMA_VERSION && canMigrate(version)) {
          const index = new SessionIndex(database, options)
          return { ...NONE, index, isRezoned: adoptTimeZone(index, options.timeZone, onAdopting) }
        }
        database.close()
        if (version <= SCHEMA_VERSION) return NONE
        return {
          ...NONE,
          notice: {
            level: 'info',
            code: 'store-newer',
            message:
              'A newer version of the program saved the index. It was made anew from the archive; nothing is lost.',
            where: keepAside ? moveAside(path, `version-${String(version)}`) : path,
          },
        }
      } catch {
        // The checksum is right and still SQLite can't use it: told like any other damage.
      }
    }
    return {
      ...NONE,
      notice: {
        level: 'warning',
        code: 'corrupt',
        message: 'The saved index was damaged. It was made anew from the archive; nothing is lost.',
        where: keepAside ? moveAside(path, 'corrupt') : path,
        hint: 'The damaged file was kept aside under this name; it may be deleted.',
      },
    }
  }
}

/** Hours are those of the user's time zone: where that has changed, the sums by hour are made again. True if so. */
function adoptTimeZone(index: SessionIndex, timeZone: string, onAdopting: (share: number) => void): boolean {
  if (index.timeZone === timeZone) return false
  const rezoning = new Rezoning(index.sql, timeZone)
  while (rezoning.step()) if (rezoning.share < 1) onAdopting(rezoning.share)
  index.adopt(rezoning)
  onAdopting(1)
  return true
}

function moveAside(path: string, why: string): string {
  const kept = `${path}.${why}-${String(Date.now())}`
  renameSync(path, kept)
  return kept
}
