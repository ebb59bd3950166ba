import type { Archive } from '../archive/archive'
import type { RequestRecord } from '../archive/records'
import { EngineError } from '../errors'
import type { SessionIndex } from '../index/session-index'
import type { Json } from '../json'

/** Reads requests, and the messages they sent, back from the archive. */
export class Conversations {
  readonly #archive: Archive
  readonly #index: SessionIndex

  constructor(archive: Archive, index: SessionIndex) {
    this.#archive = archive
    this.#index = index
  }

  /** The record of request `seq`. Throws `corrupt` when it is lost. */
  request(seq: number): RequestRecord {
    const place = this.#index.placeOf(seq)
    if (place === undefined) {
      throw new EngineError('corrupt', 'A request is missing from the archive.', {
        where: `request ${String(seq)}`,
        hint: 'Start again: what the logs still hold is read once more.',
      })
    }
    return this.#archive.request(place, seq)
  }

  /**
   * All messages request `seq` sent, put together from the records it builds on; null when it logged none as a list.
   * Where a record is lost, `lostMessages` counts the leading messages that are lost with it.
   */
  messages(seq: number): { readonly messages: readonly Json[]; readonly lostMessages: number } | null {
    const record = this.request(seq)
    if (record.messages === undefined) return null
    const pieces: (readonly Json[])[] = [record.messages]
    let base = record.base
    let wanted = record.kept ?? 0
    let lostMessages = 0
    while (base !== undefined && wanted > 0) {
      let earlier: RequestRecord
      try {
        earlier = this.request(base)
      } catch (error) {
        if (error instanceof EngineError && error.code === 'corrupt') {
          lostMessages = wanted
          break
        }
        throw error
      }
      const kept = earlier.kept ?? 0
      // Of what the earlier request sent, `wanted` messages were sent again: some of its own, after those it kept.
      if (wanted > kept) pieces.push((earlier.messages ?? []).slice(0, wanted - kept))
      wanted = Math.min(wanted, kept)
      base = earlier.base
    }
    return { messages: pieces.reverse().flat(), lostMessages }
  }
}
