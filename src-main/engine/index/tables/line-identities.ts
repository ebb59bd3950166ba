import { LINE_HASH_BYTES } from '../../archive/records'
import { KnownLines } from './known-lines'
import { int, type Sql } from '../database/sql'

/** A line's identity (parse/line-hash.ts) as two halves of 48 bits. */
export type LineKey = readonly [high: number, low: number]

/** `hash`: 24 hexadecimal digits. */
export function lineKey(hash: string): LineKey {
  return [parseInt(hash.slice(0, 12), 16), parseInt(hash.slice(12, 24), 16)]
}

/** A request in the store, and where it was read. */
export interface KnownRequest {
  readonly seq: number
  readonly fileId: number
  readonly offset: number
  /** Its history is lost; reading its line again restores it. */
  readonly broken: boolean
}

const LINES_PER_SLICE = 10_000
const HALF_BYTES = LINE_HASH_BYTES / 2

/** Which lines the index has as requests, and which lines were deleted for good. */
export class LineIdentities {
  readonly #sql: Sql
  /** Null until needed, and after a rollback. */
  #known: KnownLines | null = null
  #hasDeleted: boolean | null = null

  constructor(sql: Sql) {
    this.#sql = sql
  }

  /**
   * Loads the known lines in slices: for a million requests, loading takes longer than a query may wait. `pause` lets
   * others work; `revision` grows with every change of the index. Without this the first line read loads them at once.
   */
  async prepare(requests: number, revision: () => number, pause: () => Promise<void>): Promise<void> {
    if (this.#known !== null) return
    const known = new KnownLines(requests)
    const before = revision()
    for (let after = 0; ;) {
      const rows = this.#sql.all('SELECT hash_high, seq FROM request WHERE seq > ? ORDER BY seq LIMIT ?', [
        after,
        LINES_PER_SLICE,
      ])
      for (const row of rows) known.add(int(row[0]), int(row[1]))
      const last = rows.at(-1)
      if (last === undefined) break
      after = int(last[1])
      await pause()
    }
    // Otherwise lines added in the meantime would be missing.
    if (before === revision()) this.#known ??= known
  }

  /** Loads the known lines at once, if that has not happened yet. */
  load(): void {
    this.#loaded()
  }

  /** The request with that identity; undefined when the line is new. */
  find([high, low]: LineKey): KnownRequest | undefined {
    return this.#loaded().find(high, (seq) => {
      const row = this.#sql.get('SELECT file_id, offset, broken FROM request WHERE seq = ? AND hash_low = ?', [
        seq,
        low,
      ])
      if (row === undefined) return undefined
      return { seq, fileId: int(row[0]), offset: int(row[1]), broken: int(row[2]) === 1 }
    })
  }

  /** Adds the line of a request that the database holds by now. */
  add([high]: LineKey, seq: number): void {
    this.#loaded().add(high, seq)
  }

  /** A transaction was rolled back: what is held in memory may be wrong. */
  rolledBack(): void {
    this.#known = null
  }

  /** Whether the line with that identity was deleted for good. */
  isDeleted(key: LineKey): boolean {
    this.#hasDeleted ??= this.#sql.get('SELECT 1 FROM deleted_line LIMIT 1') !== undefined
    return (
      this.#hasDeleted &&
      this.#sql.get('SELECT 1 FROM deleted_line WHERE hash_high = ? AND hash_low = ?', [...key]) !== undefined
    )
  }

  /**
   * Up to `limit` identities of deleted lines in ascending order, LINE_HASH_BYTES each: the first ones, or those after the
   * last identity in `after`.
   */
  deletedAfter(after: Buffer | null, limit: number): Buffer {
    const [high, low] = after === null ? [-1, -1] : lineKey(after.subarray(-LINE_HASH_BYTES).toString('hex'))
    const rows = this.#sql.all(
      'SELECT hash_high, hash_low FROM deleted_line WHERE (hash_high, hash_low) > (?, ?) ORDER BY 1, 2 LIMIT ?',
      [high, low, limit],
    )
    const hashes = Buffer.alloc(rows.length * LINE_HASH_BYTES)
    for (const [position, row] of rows.entries()) {
      hashes.writeUIntBE(int(row[0]), position * LINE_HASH_BYTES, HALF_BYTES)
      hashes.writeUIntBE(int(row[1]), position * LINE_HASH_BYTES + HALF_BYTES, HALF_BYTES)
    }
    return hashes
  }

  /** `hashes`: LINE_HASH_BYTES each. */
  addDeleted(hashes: Buffer): void {
    for (let at = 0; at < hashes.length; at += LINE_HASH_BYTES) {
      this.#sql.run('INSERT OR IGNORE INTO deleted_line (hash_high, hash_low) VALUES (?, ?)', [
        hashes.readUIntBE(at, HALF_BYTES),
        hashes.readUIntBE(at + HALF_BYTES, HALF_BYTES),
      ])
    }
    this.#hasDeleted = null
  }

  #loaded(): KnownLines {
    if (this.#known === null) {
      const known = new KnownLines(int(this.#sql.get('SELECT count(*) FROM request')?.[0]))
      this.#sql.each('SELECT hash_high, seq FROM request', (row) => {
        known.add(int(row[0]), int(row[1]))
      })
      this.#known = known
    }
    return this.#known
  }
}
