import { fold } from '../../../shared/fold'
import { int, str, strOrNull, type Row, type Sql } from '../database/sql'

/** With more changed sessions than this, all are loaded again. */
const MOST_CHANGED = 2000

interface Texts {
  readonly keys: string[]
  readonly titles: string[]
  readonly models: number[]
}

/**
 * Ids and titles of all sessions in memory, for a filter that runs at every keystroke: searching them takes a fifth of
 * the time that the database takes. Loaded at the first search and kept up to date from then on.
 */
export class SessionTexts {
  readonly #sql: Sql
  /** Indexed by session.id; null until the first search. */
  #known: Texts | null = null
  readonly #changed = new Set<number>()

  constructor(sql: Sql) {
    this.#sql = sql
  }

  /** The session is new, or its title or model may have changed. */
  changed(id: number): void {
    if (this.#known === null) return
    this.#changed.add(id)
    if (this.#changed.size > MOST_CHANGED) this.clear()
  }

  /** The texts may have changed; loads them again at the next search. */
  clear(): void {
    this.#known = null
    this.#changed.clear()
  }

  /** By session.id: 1 if the id, the title or the model's name contains the text, ignoring case. */
  holding(text: string, modelName: (id: number) => string | null): Uint8Array {
    const { keys, titles, models } = this.#load()
    const wanted = fold(text)
    const modelHolds: (boolean | undefined)[] = []
    const found = new Uint8Array(keys.length)
    for (let id = 0; id < keys.length; id += 1) {
      const key = keys[id]
      if (key === undefined) continue
      const model = models[id] ?? 0
      const holds = (modelHolds[model] ??= fold(modelName(model) ?? '').includes(wanted))
      if (holds || key.includes(wanted) || titles[id]?.includes(wanted) === true) found[id] = 1
    }
    return found
  }

  #load(): Texts {
    const known = (this.#known ??= { keys: [], titles: [], models: [] })
    const put = (row: Row): void => {
      const id = int(row[0])
      known.keys[id] = fold(str(row[1]))
      known.titles[id] = fold(strOrNull(row[2]) ?? '')
      known.models[id] = int(row[3])
    }
    if (known.keys.length === 0) this.#sql.each(`${SELECT} ORDER BY id`, put)
    else for (const id of this.#changed) this.#sql.each(`${SELECT} WHERE id = ?`, put, [id])
    this.#changed.clear()
    return known
  }
}

const SELECT = 'SELECT id, key, title, model_id FROM session'
