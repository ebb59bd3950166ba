import { EngineError } from '../../base/errors'
import { roundIdentities, type RoundIdentity } from '../../index/queries/profile'
import type { SessionIndex } from '../../index/tables/session-index'
import type { RequestRecord } from '../../archive/records'
import type { Conversations } from '../conversations'
import { historyDigests, lostDigest, roundDigest, sharedMessages, type RoundDigest } from './round-digest'

/** Histories kept by request. A request continues one of the latest few; archive/history.ts keeps six per session. */
const HISTORIES = 16

/** The digests of a session's rounds, made a few at a time, and made again only where the session changed. */
export class SessionDigests {
  readonly #conversations: Conversations
  readonly #index: SessionIndex
  readonly #session: number
  #revision = -1
  #identities: readonly RoundIdentity[] = []
  readonly #digests: RoundDigest[] = []
  /** Histories of the requests read last, by seq. */
  readonly #histories = new Map<number, readonly string[]>()
  #before: readonly string[] | null = null

  constructor(index: SessionIndex, conversations: Conversations, session: number) {
    this.#index = index
    this.#conversations = conversations
    this.#session = session
  }

  get rounds(): number {
    return this.#identities.length
  }

  get read(): number {
    return this.#digests.length
  }

  get digests(): readonly RoundDigest[] {
    return this.#digests
  }

  /** Takes in new rounds; returns true when rounds read before have changed. */
  sync(): boolean {
    if (this.#revision === this.#index.revision) return false
    this.#revision = this.#index.revision
    const identities = roundIdentities(this.#index, this.#session)
    let same = 0
    while (same < this.#digests.length && isSame(this.#identities[same], identities[same])) same += 1
    this.#identities = identities
    if (same === this.#digests.length) return false
    this.#digests.length = same
    this.#histories.clear()
    this.#before = same === 0 ? null : this.#historyOf(identities[same - 1]?.seq ?? 0, 0)
    return true
  }

  /** Reads one more round; returns false when all are read. */
  step(): boolean {
    const identity = this.#identities[this.#digests.length]
    if (identity === undefined) return false
    this.#digests.push(this.#read(identity.seq))
    return this.#digests.length < this.#identities.length
  }

  #read(seq: number): RoundDigest {
    let record: RequestRecord
    try {
      record = this.#conversations.request(seq)
    } catch (error) {
      if (!(error instanceof EngineError && error.code === 'corrupt')) throw error
      this.#before = null
      return lostDigest(seq)
    }
    const { messages } = record
    if (messages === null) {
      this.#before = null
      return roundDigest(seq, record, null, null)
    }
    const history = this.#remember(seq, record)
    const known = this.#before === null ? 0 : sharedMessages(this.#before, history)
    this.#before = history
    const fresh =
      known >= record.kept
        ? messages.slice(known - record.kept)
        : (this.#conversations.messages(seq, history.length - known)?.messages ?? []).slice(known - history.length)
    return roundDigest(seq, record, history, known === history.length ? [] : fresh)
  }

  #remember(seq: number, record: RequestRecord): readonly string[] {
    const kept = record.base === null ? [] : this.#historyOf(record.base, record.kept).slice(0, record.kept)
    const history = historyDigests(kept, record.messages ?? [])
    // A request that continues all of another one replaces it.
    if (record.base !== null && this.#histories.get(record.base)?.length === record.kept)
      this.#histories.delete(record.base)
    this.#histories.set(seq, history)
    for (const oldest of this.#histories.keys()) {
      if (this.#histories.size <= HISTORIES) break
      this.#histories.delete(oldest)
    }
    return history
  }

  /** Reads the history again if it is no longer kept. `atLeast`: the number of messages it is known to have. */
  #historyOf(seq: number, atLeast: number): readonly string[] {
    const known = this.#histories.get(seq)
    if (known !== undefined) return known
    const lost = (count: number) => Array.from({ length: count }, (_, at) => `lost:${String(seq)}:${String(at)}`)
    try {
      const sent = this.#conversations.messages(seq)
      return sent === null ? lost(atLeast) : historyDigests(lost(sent.lostMessages), sent.messages)
    } catch (error) {
      if (!(error instanceof EngineError && error.code === 'corrupt')) throw error
      return lost(atLeast)
    }
  }
}

function isSame(a: RoundIdentity | undefined, b: RoundIdentity | undefined): boolean {
  return a !== undefined && a.seq === b?.seq && a.high === b.high && a.low === b.low
}
