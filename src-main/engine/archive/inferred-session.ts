/** Why a request without a session id was assigned to a conversation. Bits of InferredSession.evidence. */
export const EVIDENCE = {
  /** It sends the whole history of an earlier request, followed by more. */
  history: 1,
  /** What follows is the answer to the earlier request. */
  answer: 2,
  /** It sends a beginning of an earlier request's history that is longer than its opening: a fork or an edit. */
  fork: 4,
  /** It ends with the messages that the conversation sent last: a compacted or edited history. */
  tail: 8,
  /** It has the conversation's system message. */
  system: 16,
  /** It repeats an earlier request message by message: a retry. */
  resent: 32,
  chatId: 64,
  consumer: 128,
  /** It came within an hour of the request it joined. */
  time: 256,
} as const

/** The conversation of a request without a session id, as stored with the request in the archive. */
export interface InferredSession {
  /** Line hash of the conversation's first request. */
  readonly root: string
  /** The request it joined; null when it starts a conversation. */
  readonly previous: number | null
  /** Percent; 100 for a request that starts a conversation. */
  readonly confidence: number
  /** Bits of EVIDENCE. */
  readonly evidence: number
  /** How many of its messages the conversation had sent before. */
  readonly messages: number
}

/** With a lower confidence, a request starts a conversation of its own, percent. */
export const THRESHOLD = 75

/** The session's key in the index. */
export function inferredKey(root: string): string {
  return `inferred:${root}`
}

/** The line hash in such a key. */
export function inferredRoot(key: string): string {
  return key.slice('inferred:'.length)
}
