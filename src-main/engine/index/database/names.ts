import { int, str, type Sql } from './sql'

type NameTable = 'model' | 'consumer' | 'source' | 'tool'

/** A table of names and the numbers they are known by, held in memory: every request asks. The empty name is "none". */
export class Names {
  readonly #sql: Sql
  readonly #table: NameTable
  readonly #ids = new Map<string, number>()
  readonly #names: string[] = []

  constructor(sql: Sql, table: NameTable) {
    this.#sql = sql
    this.#table = table
  }

  /** Reads the table again: what a transaction that was rolled back had added is gone. */
  load(): void {
    this.#ids.clear()
    this.#names.length = 0
    for (const [id, name] of this.#sql.all(`SELECT id, name FROM ${this.#table}`)) this.#put(str(name), int(id))
  }

  /** The name's number; a new one when it is new. */
  idOf(name: string | null): number {
    const known = this.#ids.get(name ?? '')
    if (known !== undefined) return known
    const text = wellFormed(name ?? '')
    this.#sql.run(`INSERT OR IGNORE INTO ${this.#table} (name) VALUES (?)`, [text])
    const id = int(this.#sql.get(`SELECT id FROM ${this.#table} WHERE name = ?`, [text])?.[0])
    this.#put(text, id)
    return id
  }

  /** The name's number; undefined when no round has it. */
  find(name: string | null): number | undefined {
    return this.#ids.get(wellFormed(name ?? ''))
  }

  nameOf(id: number): string | null {
    return this.#names[id] || null
  }

  /** All names by number, sorted by name. */
  all(): readonly { readonly id: number; readonly name: string | null }[] {
    return [...this.#ids].map(([name, id]) => ({ id, name: name || null })).sort((a, b) => compareNames(a.name, b.name))
  }

  #put(name: string, id: number): void {
    this.#ids.set(name, id)
    this.#names[id] = name
  }
}

/** The pairs of route and authority, as Names. */
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

/** SQLite's text is UTF-8: halves of surrogate pairs, which JSON can hold, would come back as something else. */
export function wellFormed(text: string): string {
  return text.toWellFormed()
}

/** By code unit, what has no name first: the order of what is otherwise alike, whichever log was read first. */
export function compareNames(a: string | null, b: string | null): number {
  const [first, second] = [a ?? '', b ?? '']
  return first === second ? 0 : first < second ? -1 : 1
}
