/** Why a request without a session id was put into a conversation. Bits of InferredSession.evidence. */
export const EVIDENCE = {
  /** It sends the whole history of an earlier request again, and goes on from there. */
  history: 1,
  /** What it goes on with is what the earlier request was answered with. */
  answer: 2,
  /** It sends a beginning of an earlier request's history, past what was said before the log begins: a fork or an edit. */
  fork: 4,
  /** It ends with messages the conversation sent last: a compacted or edited history. */
  tail: 8,
  /** The system message is the conversation's. */
  system: 16,
  /** It repeats an earlier request message by message: a retry. */
  resent: 32,
  chatId: 64,
  consumer: 128,
  /** Within an hour of the request it joined. */
  time: 256,
} as const

/** Where a request without a session id belongs, as it is kept with the request in the archive. */
export interface InferredSession {
  /** Line hash of the conversation's first request. */
  readonly root: string
  /** The request it was joined to; null where it starts a conversation. */
  readonly previous: number | null
  /** Percent. A request that starts a conversation has 100: there is nothing that could be wrong about it. */
  readonly confidence: number
  /** Bits of EVIDENCE. */
  readonly evidence: number
  /** How many of its messages the conversation had sent. */
  readonly messages: number
}

/** Below this a request starts a conversation of its own, percent. */
export const THRESHOLD = 75

/** The session's key in the index. */
export function inferredKey(root: string): string {
  return `inferred:${root}`
}

/** The line hash in such a key. */
export function inferredRoot(key: string): string {
  return key.slice('inferred:'.length)
}
