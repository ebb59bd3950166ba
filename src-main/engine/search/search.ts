import { hash } from 'node:crypto'
import type { SearchHit, SearchPage, SearchQuery } from '../../contract/index'
import type { Archive } from '../archive/archive'
import type { BlockPlace } from '../archive/position'
import { decodeRequest } from '../archive/decode'
import { readFrames } from '../archive/frame'
import type { RequestFrame, RequestRecord } from '../archive/records'
import { EngineError } from '../base/errors'
import { locateRequest, messagesSent, requestBefore, type LocatedRequest } from '../index/queries/locate'
import { archivedRequests, blocksBefore, blocksFrom, requestFilter, sessionsNamed } from '../index/queries/search'
import type { SessionIndex } from '../index/tables/session-index'
import { Filters } from './filters'
import { Needle } from './needle'
import { snippetAround } from './snippet'
import { textsOf, type SearchableText } from './texts'

/** The store that is searched. */
export interface SearchedStore {
  readonly archive: Archive
  readonly index: SessionIndex
}

/** Blocks that other threads read and inflate while one is searched. */
const AHEAD = 3
/** Block places fetched from the index at a time. */
const PLACES = 256
/** Others get a turn after about this time, ms. */
const YIELD_MS = 6
/** Maximum sessions reported because their id contains the text. */
const MOST_SESSIONS = 100
/** A larger block holds a few huge lines: it is decoded at once, without testing its bytes first. */
const LARGE_BYTES = 4 * 1024 * 1024

/** Roles of a model's answer: its texts and calls, and the ids of the calls. */
const WAS_ANSWERED: ReadonlySet<string> = new Set(['assistant', 'model', 'id'])
const NONE: ReadonlySet<number> = new Set()

interface ReadBlock {
  readonly place: BlockPlace
  readonly wanted: ReadonlySet<number> | null
  /** Null when the block cannot be read. */
  readonly payload: Promise<Buffer | null>
}

/**
 * A hit in a text that may repeat an earlier request, which is still to be searched. It is reported unless that request
 * has the text.
 */
interface HeldHit {
  readonly hit: SearchHit
  readonly saidBy: number
}

/**
 * A search through all text stored when the search began. It continues only when asked, so a search that is not asked
 * again has ended. Messages that later requests send again are stored and found once. An answer that comes back as a
 * message of the next round is reported once, where it was given. So is a question that the gateway repeats. The same
 * words in a new message are reported again.
 */
export class Search {
  readonly #store: SearchedStore
  readonly #query: SearchQuery
  readonly #newest: boolean
  readonly #needle: Needle
  readonly #filters: Filters | null
  readonly #wantedIn: ((place: BlockPlace) => ReadonlySet<number>) | null
  readonly #totalRequests: number
  readonly #endSeq: number
  /** Texts reported already: a hash of session, originating request and text, and one without the request. */
  readonly #told = new Set<string>()
  readonly #held = new Map<string, HeldHit>()
  readonly #ahead: ReadBlock[] = []
  #sessionsTold: boolean
  #places: BlockPlace[] = []
  #nextPlace = 0
  /** Where to continue fetching places. */
  #nextSeq: number
  #placesDone = false
  #frames: readonly RequestFrame[] = []
  #nextFrame = 0
  #scanned = 0
  #found = 0
  #unreadable = 0
  #cancelled = false
  #waiting: SearchHit[] = []

  constructor(store: SearchedStore, query: SearchQuery) {
    this.#store = store
    this.#query = query
    this.#newest = query.order === 'newest'
    this.#needle = new Needle(query.text)
    const { grams } = this.#needle
    this.#filters = grams === null ? null : new Filters(store.archive.folder, grams)
    this.#wantedIn = requestFilter(store.index, query)
    const { requests, endSeq } = archivedRequests(store.index)
    this.#totalRequests = requests
    this.#endSeq = endSeq
    this.#nextSeq = this.#newest ? endSeq : 0
    this.#sessionsTold = !this.#newest || query.roles?.includes('id') === false
  }

  /** Searches for about `budgetMs`, at least one step, and resolves to the new hits. */
  async next(budgetMs: number): Promise<SearchPage> {
    const end = performance.now() + budgetMs
    let yieldAt = end - budgetMs + YIELD_MS
    this.#tellSessions()
    while (!this.#isDone() && (this.#step() || (await this.#nextBlock(end)))) {
      const now = performance.now()
      if (now >= end) break
      if (now < yieldAt) continue
      await new Promise((resolve) => setImmediate(resolve))
      yieldAt = performance.now() + YIELD_MS
    }
    if (this.#isDone()) this.#releaseHeld(0)
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

  /** Ends the search at the next opportunity. */
  cancel(): void {
    this.#cancelled = true
  }

  #isDone(): boolean {
    if (this.#cancelled || this.#found >= this.#query.limit) return true
    return this.#nextFrame >= this.#frames.length && this.#placesDone && this.#ahead.length === 0
  }

  /** Searches one request of the current block; returns false when the block is done. */
  #step(): boolean {
    const at = this.#newest ? this.#frames.length - 1 - this.#nextFrame : this.#nextFrame
    const frame = this.#frames[at]
    if (frame === undefined) return false
    this.#nextFrame += 1
    if (this.#needle.maybeIn(frame.stored)) this.#lookIn(frame)
    return true
  }

  /** Moves to the next block that may contain the text; returns false when the time is up or no block is left. */
  async #nextBlock(end: number): Promise<boolean> {
    if (this.#ahead.length < AHEAD) this.#readAhead(end)
    const next = this.#ahead.shift()
    if (next === undefined) return false
    const { place, wanted } = next
    const payload = await next.payload
    this.#scanned += place.requests
    this.#frames = []
    this.#nextFrame = 0
    if (payload === null) this.#unreadable += 1
    else if (payload.length > LARGE_BYTES || this.#needle.maybeIn(payload)) {
      this.#frames = readFrames(payload, place.firstSeq).filter(
        (record) => record.kind === 'request' && wanted?.has(record.seq) !== false,
      ) as RequestFrame[]
    }
    // The requests of this block were searched, so hits held for them are final.
    this.#releaseHeld(place.firstSeq + place.requests)
    return true
  }

  #readAhead(end: number): void {
    do {
      const place = this.#takePlace()
      if (place === undefined) return
      const wanted = this.#filters?.mayHold(place) === false ? NONE : (this.#wantedIn?.(place) ?? null)
      if (wanted?.size === 0) {
        this.#scanned += place.requests
        continue
      }
      const payload = this.#store.archive.readPayload(place).then(
        (read) => read.payload,
        (error: unknown) => {
          if (error instanceof EngineError) return null
          throw error
        },
      )
      // It is awaited later, in order.
      payload.catch(() => undefined)
      this.#ahead.push({ place, wanted, payload })
    } while (this.#ahead.length < AHEAD && performance.now() < end)
  }

  #takePlace(): BlockPlace | undefined {
    if (this.#nextPlace >= this.#places.length && !this.#placesDone) {
      const { index } = this.#store
      this.#places = this.#newest
        ? blocksBefore(index, this.#nextSeq, PLACES)
        : blocksFrom(index, this.#nextSeq, this.#endSeq, PLACES)
      this.#nextPlace = 0
      const last = this.#places.at(-1)
      if (last !== undefined) this.#nextSeq = last.firstSeq + (this.#newest ? 0 : last.requests)
    }
    const place = this.#places[this.#nextPlace]
    if (place === undefined) this.#placesDone = true
    this.#nextPlace += 1
    return place
  }

  #lookIn(frame: RequestFrame): void {
    let record: RequestRecord
    try {
      record = decodeRequest(frame)
    } catch {
      return
    }
    let located: LocatedRequest | undefined
    let foundBefore = false
    const asked = new Set<string>()
    for (const text of textsOf(record)) {
      if (this.#query.roles?.includes(text.role) === false) continue
      if (text.isSpelling && foundBefore) continue
      const found = this.#needle.findIn(text.text)
      foundBefore = found !== null
      if (found === null) continue
      located ??= locateRequest(this.#store.index, frame.seq)
      if (located === undefined) return
      const { sessionKey } = located
      const keyOf = (saidBy: number | null) => keyOfText(sessionKey, saidBy, text.text)
      const own = keyOf(frame.seq)
      if (this.#told.has(own)) continue
      const saidBy = this.#saidBy(record, frame.seq, text)
      const key = keyOf(saidBy)
      const isQuestion = text.by === 'question'
      if (text.by === 'message' && text.role === 'user') asked.add(text.text.trim())
      // If the origin of a message is unknown, the question still equals the message with the same text.
      if (this.#told.has(key) || (isQuestion && asked.has(text.text.trim()))) {
        if (isQuestion) this.#told.add(own)
        this.#held.delete(own)
        continue
      }
      const hit = hitOf(frame, located, text, found)
      if (this.#newest && saidBy !== null && saidBy !== frame.seq) {
        // Hits held for this request now wait for the earlier request that it repeats.
        if (isQuestion) this.#held.delete(own)
        if (!this.#held.has(key)) this.#held.set(key, { hit, saidBy })
        continue
      }
      this.#tell(isQuestion ? [keyOf(null), own, key] : [keyOf(null), key], hit)
      if (this.#found >= this.#query.limit) return
    }
  }

  /**
   * The request in which a text of request `seq` originated; null when unknown, or when the text belongs to several
   * requests.
   */
  #saidBy({ base, kept }: RequestRecord, seq: number, { by, role }: SearchableText): number | null {
    const { index } = this.#store
    switch (by) {
      case 'answer':
        return seq
      case 'name':
        return null
      case 'question':
        return base ?? requestBefore(index, seq) ?? seq
      case 'message':
        if (base === null) return requestBefore(index, seq) === null ? seq : null
        // A history that does not continue all of its base may contain messages from long before.
        if (kept < (messagesSent(index, base) ?? Infinity)) return null
        return WAS_ANSWERED.has(role) ? base : seq
    }
  }

  #tell(keys: readonly string[], hit: SearchHit): void {
    for (const key of keys) {
      this.#told.add(key)
      this.#held.delete(key)
    }
    this.#waiting.push(hit)
    this.#found += 1
  }

  /** Reports held hits for requests from `seq` on, which were searched without finding the text. */
  #releaseHeld(seq: number): void {
    for (const [key, { hit, saidBy }] of this.#held) {
      if (this.#found >= this.#query.limit) return
      if (saidBy >= seq) this.#tell([key], hit)
    }
  }

  /** Reports the sessions whose id contains the text, before anything else. */
  #tellSessions(): void {
    if (this.#sessionsTold) return
    this.#sessionsTold = true
    const { text, limit } = this.#query
    const { index } = this.#store
    for (const seq of sessionsNamed(index, text, this.#query, Math.min(MOST_SESSIONS, limit))) {
      const located = locateRequest(index, seq)
      const found = located === undefined ? null : this.#needle.findIn(located.sessionId)
      if (located === undefined || found === null) continue
      this.#tell(
        [keyOfText(located.sessionKey, null, located.sessionId)],
        hitOf({ seq, time: located.time }, located, { role: 'id', kind: 'id', text: located.sessionId }, found),
      )
    }
  }
}

const keyOfText = (sessionKey: string, saidBy: number | null, text: string): string =>
  hash('sha1', `${sessionKey}\0${String(saidBy)}\0${text.trim()}`, 'base64')

function hitOf(
  { seq, time }: Pick<RequestFrame, 'seq' | 'time'>,
  { sessionId, inferred, title, round, model }: LocatedRequest,
  { role, kind, text }: Pick<SearchableText, 'role' | 'kind' | 'text'>,
  found: { readonly at: number; readonly length: number },
): SearchHit {
  const { snippet, at } = snippetAround(text, found.at, found.length)
  return { sessionId, inferred, title, round, seq, time, model, role, kind, snippet, at, length: found.length }
}
