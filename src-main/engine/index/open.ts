import { renameSync } from 'node:fs'
import type { SqlJsStatic } from 'sql.js'
import type { Notice } from '../../contract/index'
import { canMigrate, SCHEMA_VERSION } from './database/migrations/index'
import { SessionIndex, type IndexOptions } from './session-index'
import { readSnapshot } from './database/snapshot'
import { loadSqlite } from './database/sql'

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
    { keepAside }: { readonly keepAside: boolean },
  ): { readonly index: SessionIndex | null; readonly notice: Notice | null } {
    const body = readSnapshot(path)
    if (body === null) return { index: null, notice: null }
    if (body !== undefined) {
      try {
        const database = new this.#sqlite.Database(body)
        const version = SessionIndex.versionOf(database)
        if (version <= SCHEMA_VERSION && canMigrate(version))
          return { index: new SessionIndex(database, options), notice: null }
        database.close()
        if (version <= SCHEMA_VERSION) return { index: null, notice: null }
        return {
          index: null,
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
      index: null,
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

function moveAside(path: string, why: string): string {
  const kept = `${path}.${why}-${String(Date.now())}`
  renameSync(path, kept)
  return kept
}
