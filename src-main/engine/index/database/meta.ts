import { str, type Sql } from './sql'

type MetaKey = 'pricing' | 'position' | 'archive' | 'may_be_broken' | 'time_zone'

/** The table `meta`: facts about the index as a whole. */
export class Meta {
  readonly #sql: Sql

  constructor(sql: Sql) {
    this.#sql = sql
  }

  get(key: MetaKey): string | null {
    const row = this.#sql.get('SELECT value FROM meta WHERE key = ?', [key])
    return row === undefined ? null : str(row[0])
  }

  set(key: MetaKey, value: string | null): void {
    if (value === null) this.#sql.run('DELETE FROM meta WHERE key = ?', [key])
    else this.#sql.run('INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)', [key, value])
  }
}
