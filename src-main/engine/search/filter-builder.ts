import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs'
import type { Archive } from '../archive/archive'
import type { BlockPlace } from '../archive/position'
import { BLOCK_HEADER_BYTES } from '../archive/block'
import { blocksFrom, seqAfter } from '../index/queries/search'
import type { SessionIndex } from '../index/tables/session-index'
import { encodeEntry, filterPath, readFilters } from './filter-file'
import { GramSet } from './grams'

/** A filter covers about this many stored bytes. */
const STRETCH_BYTES = 400 * 1024
/** Maximum size of a filter, as a share of the stored bytes it covers. */
const MOST_SHARE = 0.04
/** A larger block gets no filter: it holds a few huge lines, and others would have to wait. */
const MOST_BLOCK_BYTES = 8 * 1024 * 1024
/** Bytes processed before others get a turn: about 5 ms. */
const SLICE_BYTES = 1024 * 1024

/** Blocks of one segment that the next filter will cover. */
interface Stretch {
  readonly segment: number
  readonly start: number
  readonly firstCrc: number
  last: { readonly start: number; readonly crc: number; readonly end: number }
  /** One of its blocks is unreadable or too large. */
  filterless: boolean
}

/**
 * Builds the archive's missing filters, block by block, in the order they were read. Only the writing process may do
 * so.
 */
export class FilterBuilder {
  readonly #archive: Archive
  readonly #index: SessionIndex
  readonly #grams = new GramSet()
  #stretch: Stretch | null = null
  #segment = 0
  /** Size of the valid part of that segment's filter file, bytes. */
  #fileBytes = 0
  /** Number of the next request. */
  #nextSeq = 0

  constructor(archive: Archive, index: SessionIndex) {
    this.#archive = archive
    this.#index = index
  }

  /**
   * Processes one block; returns false when there is none left. `pause` lets others work, and may throw to stop. Throws
   * when the file cannot be written.
   */
  async step(pause: () => Promise<void>): Promise<boolean> {
    const place = this.#nextPlace()
    if (place === undefined) return false
    if (place.segment !== this.#segment) {
      this.#finish()
      const { entries, bytes } = readFilters(this.#archive.folder, place.segment)
      this.#segment = place.segment
      this.#fileBytes = bytes
      const covered = entries.at(-1)?.end ?? 0
      this.#nextSeq = seqAfter(this.#index, place.segment, covered)
      return true
    }
    await this.#add(place, pause)
    this.#nextSeq = place.firstSeq + place.requests
    if (this.#stretch !== null && this.#stretch.last.end - this.#stretch.start >= STRETCH_BYTES) this.#finish()
    return true
  }

  #nextPlace(): BlockPlace | undefined {
    return blocksFrom(this.#index, this.#nextSeq, Infinity, 1)[0]
  }

  async #add(place: BlockPlace, pause: () => Promise<void>): Promise<void> {
    const { segment, offset } = place
    const read = await this.#archive.readPayload(place).catch(() => null)
    await pause()
    if (read === null) {
      // A filter must not cover a block whose content is unknown.
      this.#finish()
      return
    }
    const { header, payload } = read
    const end = offset + BLOCK_HEADER_BYTES + header.storedBytes
    this.#stretch ??= {
      segment,
      start: offset,
      firstCrc: header.crc,
      last: { start: 0, crc: 0, end: 0 },
      filterless: false,
    }
    if (payload.length > MOST_BLOCK_BYTES) this.#stretch.filterless = true
    else {
      for (let at = 0; at < payload.length;) {
        at = this.#grams.add(payload, at, Math.min(payload.length, at + SLICE_BYTES))
        await pause()
      }
    }
    this.#stretch.last = { start: offset, crc: header.crc, end }
  }

  /** Writes the filter of the collected blocks and starts another. */
  #finish(): void {
    const stretch = this.#stretch
    if (stretch === null) return
    const { segment, start, firstCrc, last } = stretch
    const none = Buffer.alloc(0)
    const filter = stretch.filterless ? none : (this.#grams.filter(MOST_SHARE * (last.end - start)) ?? none)
    const entry = encodeEntry({ start, end: last.end, firstCrc, lastCrc: last.crc, lastStart: last.start, filter })
    // The blocks must be on disk before the filter that describes them.
    this.#archive.sync()
    const fd = openSync(filterPath(this.#archive.folder, segment), this.#fileBytes === 0 ? 'w' : 'r+', 0o600)
    try {
      ftruncateSync(fd, this.#fileBytes)
      writeSync(fd, entry, 0, entry.length, this.#fileBytes)
    } finally {
      closeSync(fd)
    }
    this.#fileBytes += entry.length
    this.#grams.clear()
    this.#stretch = null
  }
}
