import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import initSqlJs, { type BindParams, type Database, type SqlJsStatic, type SqlValue, type Statement } from 'sql.js'

let loading: Promise<SqlJsStatic> | undefined

/**
 * Loads SQLite's WebAssembly once per thread, from next to the bundle, or from the package when run from the sources.
 */
export async function loadSqlite(): Promise<SqlJsStatic> {
  loading ??= initSqlJs({ wasmBinary: readWasm() })
  return loading
}

function readWasm(): ArrayBuffer {
  const places = ['./sql-wasm.wasm', '../sql-wasm.wasm', '../../../../node_modules/sql.js/dist/sql-wasm.wasm']
  const path = places.map((place) => fileURLToPath(new URL(place, import.meta.url))).find((place) => existsSync(place))
  if (path === undefined) throw new Error('sql-wasm.wasm is missing beside the program.')
  const bytes = readFileSync(path)
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)
}

/**
 * sql.js keeps the database in memory. No other process can lock it and no crash can leave it half written, so SQLite's
 * precautions for files (locks, journal file, syncing) would only cost time. The page cache (64 MB, in KiB) avoids
 * copying pages from that memory.
 */
const PRAGMAS =
  'PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; ' +
  'PRAGMA temp_store = MEMORY; PRAGMA cache_size = -65536'

export type { SqlValue }

export type Row = readonly SqlValue[]

/** A database that keeps its prepared statements by their text: preparing takes longer than running most of them. */
export class Sql {
  readonly #database: Database
  readonly #statements = new Map<string, Statement>()

  constructor(database: Database) {
    this.#database = database
    this.#database.exec(PRAGMAS)
  }

  /** Runs statements without parameters and results. */
  script(sql: string): void {
    this.#database.exec(sql)
  }

  run(sql: string, params: BindParams = []): void {
    this.#prepare(sql).run(params)
  }

  /** The first row; undefined when there is none. */
  get(sql: string, params: BindParams = []): Row | undefined {
    const statement = this.#prepare(sql)
    statement.bind(params)
    try {
      return statement.step() ? statement.get() : undefined
    } finally {
      statement.reset()
    }
  }

  all(sql: string, params: BindParams = []): Row[] {
    const statement = this.#prepare(sql)
    statement.bind(params)
    const rows: Row[] = []
    try {
      while (statement.step()) rows.push(statement.get())
    } finally {
      statement.reset()
    }
    return rows
  }

  /** Passes each row to `onRow` without collecting them, until that returns false. */
  each(sql: string, onRow: (row: Row) => unknown, params: BindParams = []): void {
    const statement = this.#prepare(sql)
    statement.bind(params)
    try {
      while (statement.step()) if (onRow(statement.get()) === false) break
    } finally {
      statement.reset()
    }
  }

  /** Number of rows that the last INSERT, UPDATE or DELETE changed. */
  changes(): number {
    return this.#database.getRowsModified()
  }

  /** Runs `work` in a transaction, which is rolled back if it throws. */
  transaction<T>(work: () => T): T {
    this.run('BEGIN')
    try {
      const result = work()
      this.run('COMMIT')
      return result
    } catch (error) {
      this.run('ROLLBACK')
      throw error
    }
  }

  /** The bytes of the database file. */
  export(): Uint8Array {
    return this.#database.export()
  }

  close(): void {
    for (const statement of this.#statements.values()) statement.free()
    this.#statements.clear()
    this.#database.close()
  }

  #prepare(sql: string): Statement {
    let statement = this.#statements.get(sql)
    if (statement === undefined) {
      statement = this.#database.prepare(sql)
      this.#statements.set(sql, statement)
    }
    return statement
  }
}

/** Reads an integer column that is never NULL. */
export function int(value: SqlValue | undefined): number {
  if (typeof value !== 'number') throw new TypeError('The index holds no number where it should.')
  return value
}

export function intOrNull(value: SqlValue | undefined): number | null {
  return value === null || value === undefined ? null : int(value)
}

/** Reads a text column that is never NULL. */
export function str(value: SqlValue | undefined): string {
  if (typeof value !== 'string') throw new TypeError('The index holds no text where it should.')
  return value
}

export function strOrNull(value: SqlValue | undefined): string | null {
  return value === null || value === undefined ? null : str(value)
}
