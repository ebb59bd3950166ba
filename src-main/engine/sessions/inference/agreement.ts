import { assistantSays, isAnswer, type Answer } from './answers'
import type { Branch, Conversation, SentBytes } from './conversation-memory'
import { EVIDENCE } from '../../archive/inferred-session'
import { messagesFrom, readMessagesOf, type Compared } from './compared'
import type { UnnamedRequest } from './unnamed-request'

/** How likely a request belongs to a conversation, and why. */
export interface Agreement {
  readonly conversation: Conversation
  readonly previous: number
  /** Percent. */
  readonly confidence: number
  /** Bits of EVIDENCE. */
  readonly evidence: number
  readonly messages: number
}

const HOUR_MS = 3_600_000
/** A client retries a refused request within this time, ms. */
const RETRY_MS = 120_000

/**
 * Percent, by what agrees. Messages after those of the conversation's first request were "said" in it: they cannot be a
 * prompt that many conversations share.
 */
const CONFIDENCE = {
  /** The whole history, followed by the logged answer. */
  answered: 99,
  /** The whole history, with something said in it; no answer was logged to compare with. */
  continued: 97,
  /** The same, followed by another answer than the logged one: the agent changed it. */
  continuedOtherwise: 92,
  /** A beginning of the history with something said in it, then a different continuation. */
  forked: 93,
  /** The history up to the message that answers this request: an earlier request, read later. */
  earlier: 97,
  /** Only the opening, within an hour, and one answer that was not logged. */
  opened: 85,
  /** The same, but another answer was logged. */
  openedOtherwise: 80,
  /** The same messages again, with something said among them. */
  resent: 95,
  /** The same opening again, shortly after it failed. */
  retried: 80,
  /** The opening and the chat id agree. */
  sameChat: 95,
  /** Many conversations begin alike, so an opening alone proves nothing. */
  openingOnly: 40,
} as const

/** How well a request agrees with a branch; null when it cannot belong to its conversation. */
export function agreementOf(
  request: UnnamedRequest,
  sent: SentBytes,
  one: Compared,
  all: readonly Compared[],
): Agreement | null {
  const { branch, messages } = one
  const { conversation } = branch
  const consumers = [request.consumer, conversation.consumer]
  if (!consumers.includes(null) && consumers[0] !== consumers[1]) return null
  const sameChat = request.chatId !== null && conversation.chatIds.has(request.chatId)
  const near = Math.abs(request.time - branch.time) <= HOUR_MS
  const [confidence, evidence] = judge(request, sent, one, { near, sameChat, all })
  return {
    conversation,
    previous: branch.seq,
    confidence: sameChat ? Math.max(confidence, CONFIDENCE.sameChat) : confidence,
    evidence:
      evidence |
      (sameChat ? EVIDENCE.chatId : 0) |
      (request.consumer !== null && consumers[0] === consumers[1] ? EVIDENCE.consumer : 0) |
      (near ? EVIDENCE.time : 0),
    messages,
  }
}

interface Circumstances {
  readonly near: boolean
  readonly sameChat: boolean
  readonly all: readonly Compared[]
}

function judge(
  request: UnnamedRequest,
  sent: SentBytes,
  { branch, messages, bytes }: Compared,
  { near, all }: Circumstances,
): readonly [confidence: number, evidence: number] {
  const said = messages > branch.conversation.openingMessages
  const whole = bytes === branch.length
  if (whole && request.messages === messages) {
    if (said) return [CONFIDENCE.resent, EVIDENCE.resent]
    return [isRetry(request, branch, all) ? CONFIDENCE.retried : CONFIDENCE.openingOnly, EVIDENCE.resent]
  }
  if (whole) {
    const [next, ...later] = messagesFrom(request, sent, messages, bytes)
    const says = next === undefined ? null : assistantSays(next)
    const answered = says === null ? null : anyAnswer(branch.answers, says)
    if (answered === true) return [CONFIDENCE.answered, EVIDENCE.history | EVIDENCE.answer]
    if (said) return [answered === null ? CONFIDENCE.continued : CONFIDENCE.continuedOtherwise, EVIDENCE.history]
    // A round in between would have been read.
    const nextRound = near && later.every((message) => assistantSays(message) === null)
    if (says === null || !nextRound) return [CONFIDENCE.openingOnly, EVIDENCE.history]
    return [answered === null ? CONFIDENCE.opened : CONFIDENCE.openedOtherwise, EVIDENCE.history]
  }
  if (request.messages === messages) {
    const [next] = readMessagesOf(branch.text.subarray(bytes, branch.ends[messages] ?? branch.length))
    const says = next === undefined ? null : assistantSays(next)
    if (says !== null && isAnswer(says, request.answer) === true)
      return [CONFIDENCE.earlier, EVIDENCE.fork | EVIDENCE.answer]
  }
  return [said ? CONFIDENCE.forked : CONFIDENCE.openingOnly, EVIDENCE.fork]
}

/** Whether the same opening is retried. If several conversations began alike, it may belong to another one. */
function isRetry(request: UnnamedRequest, branch: Branch, all: readonly Compared[]): boolean {
  const gap = request.time - branch.time
  if (!branch.failed || gap < 0 || gap > RETRY_MS) return false
  return all.every((other) => other.branch === branch || Math.abs(request.time - other.branch.time) > HOUR_MS)
}

function anyAnswer(answers: readonly Answer[], said: Answer): boolean | null {
  let found: boolean | null = null
  for (const answer of answers) {
    const is = isAnswer(said, answer)
    if (is === true) return true
    found ??= is
  }
  return found
}
