import type { Archive } from '../archive/archive'
import type { SessionIndex } from '../index/tables/session-index'
import { FilterBuilder } from './filter-builder'

/** Idle time after the last request before filters are built, ms. */
const IDLE_MS = 500

/** Builds the archive's filters when nothing else is to be done; never for a store that is only read. */
export class BackgroundFilters {
  readonly #builder: FilterBuilder
  readonly #isBusy: () => boolean
  readonly #failed: (error: unknown) => void
  #timer: NodeJS.Timeout | undefined
  #running: Promise<void> | null = null
  #ended: boolean

  /** After a failure, which is reported once to `failed`, no more filters are built. Searches work without them. */
  constructor(
    store: { readonly archive: Archive; readonly index: SessionIndex; readonly writable: boolean },
    options: { readonly isBusy: () => boolean; readonly failed: (error: unknown) => void },
  ) {
    this.#builder = new FilterBuilder(store.archive, store.index)
    this.#isBusy = options.isBusy
    this.#failed = options.failed
    this.#ended = !store.writable
  }

  /** There may be new blocks to cover. */
  soon(): void {
    if (this.#ended || this.#timer !== undefined) return
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.#running ??= this.#build().finally(() => {
        this.#running = null
      })
    }, IDLE_MS)
  }

  /** Stops building. Nothing is written after this; an unfinished filter is built again later. */
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

  /** Read again after each `await`; TypeScript would keep the narrowed value. */
  #isEnded(): boolean {
    return this.#ended
  }
}
