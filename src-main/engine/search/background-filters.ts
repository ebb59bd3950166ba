import type { Archive } from '../archive/archive'
import type { SessionIndex } from '../index/tables/session-index'
import { FilterBuilder } from './filter-builder'

/** After the last request was taken in, ms. */
const IDLE_MS = 500

/** Makes the filters of the archive while nothing else is to be done; none for a store that is open to read. */
export class BackgroundFilters {
  readonly #builder: FilterBuilder
  readonly #isBusy: () => boolean
  readonly #failed: (error: unknown) => void
  #timer: NodeJS.Timeout | undefined
  #running: Promise<void> | null = null
  #ended: boolean

  /** `failed` is told once; then no more are made. A search does without them. */
  constructor(
    store: { readonly archive: Archive; readonly index: SessionIndex; readonly writable: boolean },
    options: { readonly isBusy: () => boolean; readonly failed: (error: unknown) => void },
  ) {
    this.#builder = new FilterBuilder(store.archive, store.index)
    this.#isBusy = options.isBusy
    this.#failed = options.failed
    this.#ended = !store.writable
  }

  /** There may be new blocks. */
  soon(): void {
    if (this.#ended || this.#timer !== undefined) return
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.#running ??= this.#build().finally(() => {
        this.#running = null
      })
    }, IDLE_MS)
  }

  /** Ends it: nothing is written from now on, and what is half made is made anew. */
  async close(): Promise<void> {
    this.#ended = true
    clearTimeout(this.#timer)
    await this.#running
  }

  async #build(): Promise<void> {
    try {
      const pause = async () => {
        await new Promise<void>((resolve) => setImmediate(resolve))
        if (this.#isEnded()) throw new Error('No more filters are made.')
      }
      while (!this.#isEnded()) {
        if (this.#isBusy()) {
          this.soon()
          return
        }
        if (!(await this.#builder.step(pause))) return
      }
    } catch (error) {
      if (this.#ended) return
      this.#ended = true
      this.#failed(error)
    }
  }

  /** Asked anew after every wait, where the compiler would take the former answer for granted. */
  #isEnded(): boolean {
    return this.#ended
  }
}
