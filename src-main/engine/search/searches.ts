import type { SearchPage, SearchQuery } from '../../contract/index'
import { EngineError } from '../errors'
import { Search, type SearchedStore } from './search'

/** Searches open at a time; one more ends the oldest. A page that goes away tells nobody. */
const MAX_OPEN = 8
/** How long one question may take, ms: others wait meanwhile. */
const BUDGET_MS = 30

/** The searches that are under way. */
export class Searches {
  readonly #store: SearchedStore
  readonly #open = new Map<number, Search>()
  #nextId = 1

  constructor(store: SearchedStore) {
    this.#store = store
  }

  start(query: SearchQuery): number {
    const id = this.#nextId++
    this.#open.set(id, new Search(this.#store, query))
    for (const oldest of this.#open.keys()) {
      if (this.#open.size <= MAX_OPEN) break
      this.#open.delete(oldest)
    }
    return id
  }

  /** Throws `not-found` for a search that was cancelled, or whose end was told. */
  next(id: number): SearchPage {
    const search = this.#open.get(id)
    if (search === undefined) throw new EngineError('not-found', 'This search has ended.', { where: String(id) })
    const page = search.next(BUDGET_MS)
    if (page.done) this.#open.delete(id)
    return page
  }

  cancel(id: number): void {
    this.#open.delete(id)
  }
}
