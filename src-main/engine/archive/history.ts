/**
 * An agent sends its whole history with every request. This finds, for a new request, the earlier request of the same
 * session whose messages it continues, so that only what is new needs to be kept.
 */

/** How a request's messages are told: the first `kept` ones are those of request `base`, the rest is new. */
export interface HistoryDelta {
  readonly base: number | null
  readonly kept: number
}

/** A branch of a conversation: the messages its latest request sent, each as JSON text. */
interface Branch {
  readonly seq: number
  readonly messages: readonly string[]
  readonly bytes: number
}

/** Branches remembered a session: sub-agents and retries interleave several histories under one session id. */
const BRANCHES_PER_SESSION = 6

export class Histories {
  readonly #branches = new Map<string, Branch[]>()
  readonly #capacityBytes: number
  #bytes = 0

  /** Remembers about `capacityBytes` of text; the sessions longest without a request are forgotten first. */
  constructor(capacityBytes = 96 * 1024 * 1024) {
    this.#capacityBytes = capacityBytes
  }

  has(session: string): boolean {
    return this.#branches.has(session)
  }

  /**
   * Tells a request's messages, each as JSON text, by what the session's earlier requests sent, and remembers them as
   * request `seq`'s.
   */
  add(session: string, seq: number, texts: readonly string[]): HistoryDelta {
    const branches = this.#branches.get(session) ?? []
    let best: Branch | null = null
    let kept = 0
    for (const branch of branches) {
      const common = commonPrefix(branch.messages, texts)
      if (common > kept) {
        best = branch
        kept = common
      }
    }
    this.#remember(session, branches, best !== null && kept === best.messages.length ? best : null, {
      seq,
      messages: texts,
      bytes: texts.reduce((bytes, text) => bytes + 2 * text.length, 0),
    })
    return { base: best === null ? null : best.seq, kept }
  }

  #remember(session: string, branches: readonly Branch[], replaced: Branch | null, branch: Branch): void {
    const others = branches.filter((other) => other !== replaced)
    const next = [branch, ...others].slice(0, BRANCHES_PER_SESSION)
    const before = branches.reduce((bytes, other) => bytes + other.bytes, 0)
    this.#bytes += next.reduce((bytes, other) => bytes + other.bytes, 0) - before
    this.#branches.delete(session)
    this.#branches.set(session, next)
    for (const [oldest, forgotten] of this.#branches) {
      if (this.#bytes <= this.#capacityBytes || oldest === session) break
      this.#bytes -= forgotten.reduce((bytes, other) => bytes + other.bytes, 0)
      this.#branches.delete(oldest)
    }
  }
}

function commonPrefix(a: readonly string[], b: readonly string[]): number {
  const length = Math.min(a.length, b.length)
  let index = 0
  while (index < length && a[index] === b[index]) index += 1
  return index
}
