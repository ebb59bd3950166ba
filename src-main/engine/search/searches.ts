import type { SearchPage, SearchQuery } from '../../contract/index'
import { EngineError } from '../base/errors'
import { Search, type SearchedStore } from './search'

/** Searches open at a time; one more ends the oldest. A page that goes away tells nobody. */
const MAX_OPEN = 8
/** How long one question may take, ms; others are answered between its blocks. */
const BUDGET_MS = 20
/** Whoever asks is likely to ask on within this time, ms. */
const BUSY_MS = 250

/** The searches that are under way. */
export class Searches {
  readonly #store: SearchedStore
  readonly #open = new Map<number, Search>()
  /**
   * Over all of them, and other than those of an engine that ran before: whoever goes on with a search of another store
   * is told that it has ended, instead of what someone else looks for.
   */
  static #last = Date.now()
  #askedAt = -Infinity

  constructor(store: SearchedStore) {
    this.#store = store
  }

  /** Somebody is waiting for what is found. */
  get isBusy(): boolean {
    return performance.now() - this.#askedAt < BUSY_MS
  }

  start(query: SearchQuery): number {
    this.#askedAt = performance.now()
    const id = (Searches.#last += 1)
    this.#open.set(id, new Search(this.#store, query))
    for (const oldest of this.#open.keys()) {
      if (this.#open.size <= MAX_OPEN) break
      this.cancel(oldest)
    }
    return id
  }

  /** Rejects with `not-found` for a search that was cancelled, or whose end was told. Not to be called twice at a time. */
  async next(id: number): Promise<SearchPage> {
    const search = this.#open.get(id)
    if (search === undefined) throw ended(id)
    this.#askedAt = performance.now()
    const page = await search.next(BUDGET_MS)
    // Cancelled meanwhile, it is done without having looked everywhere.
    if (this.#open.get(id) !== search) throw ended(id)
    if (page.done) this.#open.delete(id)
    return page
  }

  cancel(id: number): void {
    this.#open.get(id)?.cancel()
    this.#open.delete(id)
  }

  /** Ends all of them: what they go through stands elsewhere from now on. */
  cancelAll(): void {
    for (const id of [...this.#open.keys()]) this.cancel(id)
  }
}

function ended(id: number): EngineError {
  return new EngineError('not-found', 'This search has ended.', { where: String(id) })
}
