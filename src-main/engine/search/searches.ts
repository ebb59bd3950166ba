import type { SearchPage, SearchQuery } from '../../contract/index'
import { EngineError } from '../base/errors'
import { Search, type SearchedStore } from './search'

/** Maximum open searches; one more ends the oldest. Closed pages do not cancel theirs. */
const MAX_OPEN = 8
/** Time per call, ms; other queries are answered between blocks. */
const BUDGET_MS = 20
/** A caller is likely to continue within this time, ms. */
const BUSY_MS = 250

/** The searches under way. */
export class Searches {
  readonly #store: SearchedStore
  readonly #open = new Map<number, Search>()
  /**
   * Shared by all instances and unlike the numbers of an earlier run, so that a search of another store is not found.
   */
  static #last = Date.now()
  #askedAt = -Infinity

  constructor(store: SearchedStore) {
    this.#store = store
  }

  /** Whether a caller is waiting for hits. */
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

  /**
   * Rejects with `not-found` for a search that was cancelled or has ended. Must not be called concurrently for a
   * search.
   */
  async next(id: number): Promise<SearchPage> {
    const search = this.#open.get(id)
    if (search === undefined) throw ended(id)
    this.#askedAt = performance.now()
    const page = await search.next(BUDGET_MS)
    // It was cancelled in the meantime, so it is incomplete.
    if (this.#open.get(id) !== search) throw ended(id)
    if (page.done) this.#open.delete(id)
    return page
  }

  cancel(id: number): void {
    this.#open.get(id)?.cancel()
    this.#open.delete(id)
  }

  /** Ends all searches, because the store is being replaced. */
  cancelAll(): void {
    for (const id of [...this.#open.keys()]) this.cancel(id)
  }
}

function ended(id: number): EngineError {
  return new EngineError('not-found', 'This search has ended.', { where: String(id) })
}
