import { renameSync } from 'node:fs'
import type { SqlJsStatic } from 'sql.js'
import type { Notice } from '../../contract/index'
import { canMigrate, SCHEMA_VERSION } from './database/migrations/index'
import { SessionIndex, type IndexOptions } from './tables/session-index'
import { Rezoning } from './rebuild/rezoning'
import { readSnapshot } from './database/snapshot'
import { loadSqlite } from './database/sql'

/** What became of the saved index. */
export interface SavedIndex {
  /** Null when it cannot be used. */
  readonly index: SessionIndex | null
  /** Why it cannot be used, unless that is expected. */
  readonly notice: Notice | null
  /** Whether its sums were recalculated for another time zone than it was saved with. */
  readonly isRezoned: boolean
}

interface OpenSavedOptions {
  /** Whether an unusable file is renamed rather than left in place. */
  readonly keepAside: boolean
  /** Gets the share of the requests that the recalculated sums include, 0 to 1. */
  readonly onRezoning: (share: number) => void
}

const NONE: SavedIndex = { index: null, notice: null, isRezoned: false }

/** Opens the saved index, or an empty one to fill from the archive. */
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
   * Opens the index saved at `path` and recalculates its sums if the time zone changed. `notice` reports a file that cannot
   * be used; `keepAside` renames such a file, so that it is not lost.
   */
  openSaved(path: string, options: IndexOptions, { keepAside, onRezoning }: OpenSavedOptions): SavedIndex {
    const body = readSnapshot(path)
    if (body === null) return NONE
    if (body !== undefined) {
      try {
        const database = new this.#sqlite.Database(body)
        const version = SessionIndex.versionOf(database)
        if (version <= SCHEMA_VERSION && canMigrate(version)) {
          const index = new SessionIndex(database, options)
          return { ...NONE, index, isRezoned: rezone(index, onRezoning) }
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
        // The checksum is right but SQLite cannot use the file: reported like any other damage.
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

/** Recalculates the sums if they are those of another time zone. Returns whether they were. */
function rezone(index: SessionIndex, onRezoning: (share: number) => void): boolean {
  if (!index.needsRezoning) return false
  const isEmpty = index.requestCount() === 0
  const rezoning = new Rezoning(index.sql, index.timeZone)
  while (rezoning.step()) if (rezoning.share < 1) onRezoning(rezoning.share)
  index.adopt(rezoning)
  if (!isEmpty) onRezoning(1)
  return true
}

function moveAside(path: string, why: string): string {
  const kept = `${path}.${why}-${String(Date.now())}`
  renameSync(path, kept)
  return kept
}
