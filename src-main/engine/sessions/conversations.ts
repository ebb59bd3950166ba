import type { Archive } from '../archive/archive'
import { decodeRequest } from '../archive/decode'
import type { RequestFrame, RequestRecord } from '../archive/records'
import { EngineError } from '../base/errors'
import type { SessionIndex } from '../index/tables/session-index'
import type { Json } from '../base/json'

/** Reads requests, and the messages they sent, from the archive. */
export class Conversations {
  readonly #archive: Archive
  readonly #index: SessionIndex

  constructor(archive: Archive, index: SessionIndex) {
    this.#archive = archive
    this.#index = index
  }

  /** Request `seq`, parsed. Throws `corrupt` when it is lost. */
  request(seq: number): RequestRecord {
    return decodeRequest(this.frame(seq))
  }

  /** Request `seq` as stored. Throws `corrupt` when it is lost. */
  frame(seq: number): RequestFrame {
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
   * All messages that request `seq` sent, assembled from the records it builds on; null when it logged none as a list.
   * If a record is lost, `lostMessages` counts the leading messages that are lost with it. Reads only as many records
   * as the last `atLeast` messages need, and omits earlier messages.
   */
  messages(
    seq: number,
    atLeast = Infinity,
  ): { readonly messages: readonly Json[]; readonly lostMessages: number } | null {
    const record = this.request(seq)
    if (record.messages === null) return null
    const pieces: (readonly Json[])[] = [record.messages]
    let { base, kept: wanted } = record
    const enough = record.kept + record.messages.length - atLeast
    let lostMessages = 0
    while (base !== null && wanted > Math.max(0, enough)) {
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
      const { kept } = earlier
      // Of the earlier request's messages, `wanted` were sent again. Those beyond its own kept ones are in its record.
      if (wanted > kept) pieces.push((earlier.messages ?? []).slice(0, wanted - kept))
      wanted = Math.min(wanted, kept)
      base = earlier.base
    }
    return { messages: pieces.reverse().flat(), lostMessages }
  }

  /**
   * The bytes of the `messages` array of request `seq`, from `[` to the end of its last message, as in the log line;
   * null when it has none. Throws `corrupt` when part of it is lost.
   */
  messagesText(seq: number): Buffer | null {
    const pieces: Buffer[] = []
    let wanted = Infinity
    for (let next: number | null = seq; next !== null;) {
      const frame: RequestFrame = this.frame(next)
      if (frame.messagesStart < 0) return null
      const { keptBytes, stored, messagesStart, freshBytes } = frame
      if (wanted > keptBytes) {
        const end = Math.min(freshBytes, wanted - keptBytes)
        pieces.push(stored.subarray(messagesStart, messagesStart + end))
      }
      wanted = Math.min(wanted, keptBytes)
      next = wanted > 0 ? frame.base : null
    }
    return Buffer.concat(pieces.reverse())
  }

  /**
   * The exact log line of request `seq`, except for surrounding white space. Throws `corrupt` when part of it is lost.
   */
  line(seq: number): Buffer | null {
    const { stored, base, keptBytes, messagesStart } = this.frame(seq)
    if (base === null) return stored
    const kept = this.messagesText(base)
    if (kept === null) return null
    return Buffer.concat([
      stored.subarray(0, messagesStart),
      kept.subarray(0, keptBytes),
      stored.subarray(messagesStart),
    ])
  }
}
