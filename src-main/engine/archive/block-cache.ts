import type { BlockPlace } from './position'
import type { ArchiveRecord } from './records'
import type { StoredBlock } from './stored-block'

/** Limits of the cache. Blocks are small, but a single huge line makes a huge block. */
const MOST_BLOCKS = 24
const MOST_BYTES = 64 * 1024 * 1024

/** The records of the blocks read last. */
export class BlockCache {
  /** The block used longest ago comes first. */
  readonly #blocks = new Map<string, { readonly records: readonly ArchiveRecord[]; readonly bytes: number }>()
  #bytes = 0

  /** The records of the block at `place`, which `read` gets when they are not cached. */
  get(place: BlockPlace, read: (place: BlockPlace) => StoredBlock): readonly ArchiveRecord[] {
    const key = `${String(place.segment)}:${String(place.offset)}`
    const cached = this.#blocks.get(key)
    if (cached !== undefined) {
      this.#blocks.delete(key)
      this.#blocks.set(key, cached)
      return cached.records
    }
    const { header, records } = read(place)
    this.#bytes += header.rawBytes
    for (const [oldest, { bytes }] of this.#blocks) {
      if (this.#blocks.size < MOST_BLOCKS && this.#bytes <= MOST_BYTES) break
      this.#bytes -= bytes
      this.#blocks.delete(oldest)
    }
    this.#blocks.set(key, { records, bytes: header.rawBytes })
    return records
  }

  clear(): void {
    this.#blocks.clear()
    this.#bytes = 0
  }
}
