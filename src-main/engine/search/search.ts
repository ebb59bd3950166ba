import { hash } from 'node:crypto'
import type { SearchHit, SearchPage, SearchQuery } from '../../contract/index'
import type { Archive, BlockPlace } from '../archive/archive'
import { decodeRequest } from '../archive/decode'
import type { RequestFrame, RequestRecord } from '../archive/records'
import { EngineError } from '../errors'
import { blockPlaces, locateRequest, type LocatedRequest } from '../index/queries/locate'
import type { SessionIndex } from '../index/session-index'
import { Needle } from './needle'
import { snippetAround } from './snippet'
import { textsOf } from './texts'

/** What is searched. */
export interface SearchedStore {
  readonly archive: Archive
  readonly index: SessionIndex
}

/**
 * A search through all stored text, in the order it was read, as it stood in the store when the search began. It goes on
 * only while it is asked to, so whoever asks no more has ended it. What a later request re-sends is stored once and so
 * found once; the answer of one round that comes back as a message of the next is told once too.
 */
export class Search {
  readonly #store: SearchedStore
  readonly #query: SearchQuery
  readonly #needle: Needle
  readonly #places: readonly BlockPlace[]
  readonly #totalRequests: number
  /** Texts told already: hash of session and text. */
  readonly #told = new Set<string>()
  #nextPlace = 0
  #frames: readonly RequestFrame[] = []
  #nextFrame = 0
  #scanned = 0
  #found = 0
  #unreadable = 0
  #waiting: SearchHit[] = []

  constructor(store: SearchedStore, query: SearchQuery) {
    this.#store = store
    this.#query = query
    this.#needle = new Needle(query.text)
    this.#places = blockPlaces(store.index)
    this.#totalRequests = this.#places.reduce((sum, place) => sum + place.requests, 0)
  }

  /** Goes on for about `budgetMs`, at least one request; returns what was found meanwhile. */
  next(budgetMs: number): SearchPage {
    const end = performance.now() + budgetMs
    while (!this.#isDone() && this.#step()) {
      if (performance.now() >= end) break
    }
    const hits = this.#waiting
    this.#waiting = []
    return {
      hits,
      scannedRequests: this.#scanned,
      totalRequests: this.#totalRequests,
      done: this.#isDone(),
      limited: this.#found >= this.#query.limit,
      unreadableBlocks: this.#unreadable,
    }
  }

  #isDone(): boolean {
    if (this.#found >= this.#query.limit) return true
    return this.#nextFrame >= this.#frames.length && this.#nextPlace >= this.#places.length
  }

  /** Looks at one request, of the next block where this one is through. */
  #step(): boolean {
    const frame = this.#frames[this.#nextFrame]
    if (frame === undefined) return this.#nextBlock()
    this.#nextFrame += 1
    this.#scanned += 1
    if (this.#isInTime(frame.time) && this.#needle.maybeIn(frame.stored)) this.#lookIn(frame)
    return true
  }

  #nextBlock(): boolean {
    const place = this.#places[this.#nextPlace]
    if (place === undefined) return false
    this.#nextPlace += 1
    this.#nextFrame = 0
    try {
      this.#frames = this.#store.archive.requestsOf(place)
      // Those that were deleted.
      this.#scanned += place.requests - this.#frames.length
    } catch (error) {
      if (!(error instanceof EngineError)) throw error
      this.#frames = []
      this.#scanned += place.requests
      this.#unreadable += 1
    }
    return true
  }

  #isInTime(time: number): boolean {
    const { from, to } = this.#query
    return (from === undefined || time >= from) && (to === undefined || time < to)
  }

  #lookIn(frame: RequestFrame): void {
    const { seq } = frame
    let record: RequestRecord
    try {
      record = decodeRequest(frame)
    } catch {
      return
    }
    let located: LocatedRequest | null = null
    for (const { role, kind, text } of textsOf(record)) {
      if (this.#query.roles?.includes(role) === false) continue
      const found = this.#needle.findIn(text)
      if (found === null) continue
      located ??= this.#locate(seq)
      if (located === null) return
      const key = hash('sha1', `${located.sessionKey}\0${text.trim()}`, 'base64')
      if (this.#told.has(key)) continue
      this.#told.add(key)
      const { snippet, at } = snippetAround(text, found.at, found.length)
      const { sessionId, inferred, round, model } = located
      this.#waiting.push({
        sessionId,
        inferred,
        round,
        seq,
        time: frame.time,
        model,
        role,
        kind,
        snippet,
        at,
        length: found.length,
      })
      this.#found += 1
      if (this.#found >= this.#query.limit) return
    }
  }

  /** Null where the request does not count, or not for this query. */
  #locate(seq: number): LocatedRequest | null {
    const { models, sessionId } = this.#query
    const located = locateRequest(this.#store.index, seq)
    if (located === undefined) return null
    if (models?.includes(located.model) === false) return null
    return sessionId !== undefined && located.sessionId !== sessionId ? null : located
  }
}
