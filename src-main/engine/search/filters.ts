import type { BlockPlace } from '../archive/position'
import { readFilters, type FilterEntry } from './filter-file'
import { mayHold } from './grams'

/** Answers from the filters whether a block may contain a text. Keeps the filters of one segment at a time. */
export class Filters {
  readonly #folder: string
  readonly #grams: readonly number[]
  #segment = 0
  #entries: readonly FilterEntry[] = []
  #last: { readonly entry: FilterEntry; readonly holds: boolean } | null = null

  constructor(archiveFolder: string, grams: readonly number[]) {
    this.#folder = archiveFolder
    this.#grams = grams
  }

  /** False only if the block at `place` cannot contain the text. */
  mayHold(place: BlockPlace): boolean {
    if (place.segment !== this.#segment) {
      this.#segment = place.segment
      this.#entries = readFilters(this.#folder, place.segment).entries
      this.#last = null
    }
    const covers = ({ start, end }: FilterEntry): boolean => start <= place.offset && place.offset < end
    if (this.#last === null || !covers(this.#last.entry)) {
      const entry = this.#entries.find(covers)
      if (entry === undefined) return true
      this.#last = { entry, holds: entry.filter.length === 0 || mayHold(entry.filter, this.#grams) }
    }
    return this.#last.holds
  }
}
