import { int, str, type Sql } from './sql'

type NameTable = 'model' | 'consumer' | 'source' | 'tool'

/**
 * A table of names and their ids. It is held in memory because every request needs it. The empty name stands for
 * "none".
 */
export class Names {
  readonly #sql: Sql
  readonly #table: NameTable
  readonly #ids = new Map<string, number>()
  readonly #names: string[] = []

  constructor(sql: Sql, table: NameTable) {
    this.#sql = sql
    this.#table = table
  }

  /** Reads the table again after a rollback, which may have removed names. */
  load(): void {
    this.#ids.clear()
    this.#names.length = 0
    for (const [id, name] of this.#sql.all(`SELECT id, name FROM ${this.#table}`)) this.#put(str(name), int(id))
  }

  /** The name's id; a new name is inserted. */
  idOf(name: string | null): number {
    const known = this.#ids.get(name ?? '')
    if (known !== undefined) return known
    const text = wellFormed(name ?? '')
    this.#sql.run(`INSERT OR IGNORE INTO ${this.#table} (name) VALUES (?)`, [text])
    const id = int(this.#sql.get(`SELECT id FROM ${this.#table} WHERE name = ?`, [text])?.[0])
    this.#put(text, id)
    return id
  }

  /** The name's id; undefined when no round has that name. */
  find(name: string | null): number | undefined {
    return this.#ids.get(wellFormed(name ?? ''))
  }

  nameOf(id: number): string | null {
    return this.#names[id] || null
  }

  /** All names with their ids, sorted by name. */
  all(): readonly { readonly id: number; readonly name: string | null }[] {
    return [...this.#ids].map(([name, id]) => ({ id, name: name || null })).sort((a, b) => compareNames(a.name, b.name))
  }

  #put(name: string, id: number): void {
    this.#ids.set(name, id)
    this.#names[id] = name
  }
}

/** The pairs of route and authority, handled like Names. */
export class Routes {
  readonly #sql: Sql
  readonly #ids = new Map<string, number>()

  constructor(sql: Sql) {
    this.#sql = sql
  }

  load(): void {
    this.#ids.clear()
    for (const [id, name, authority] of this.#sql.all('SELECT id, name, authority FROM route'))
      this.#ids.set(routeKey(str(name), str(authority)), int(id))
  }

  idOf(name: string | null, authority: string | null): number {
    const key = routeKey(name ?? '', authority ?? '')
    const known = this.#ids.get(key)
    if (known !== undefined) return known
    const pair = [wellFormed(name ?? ''), wellFormed(authority ?? '')]
    this.#sql.run('INSERT OR IGNORE INTO route (name, authority) VALUES (?, ?)', pair)
    const id = int(this.#sql.get('SELECT id FROM route WHERE name = ? AND authority = ?', pair)?.[0])
    this.#ids.set(key, id)
    return id
  }
}

function routeKey(name: string, authority: string): string {
  return `${String(name.length)} ${name}${authority}`
}

/** SQLite stores UTF-8, which has no lone surrogates. JSON can hold them, so they are replaced. */
export function wellFormed(text: string): string {
  return text.toWellFormed()
}

/**
 * Compares by code unit, with the absent name first. As a last criterion it makes an order independent of which log was
 * read first.
 */
export function compareNames(a: string | null, b: string | null): number {
  const [first, second] = [a ?? '', b ?? '']
  return first === second ? 0 : first < second ? -1 : 1
}
