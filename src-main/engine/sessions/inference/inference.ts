import { crc32 } from 'node:zlib'
import { endsMessage, type KeptMatch } from '../../archive/history'
import { messageEnds, type KeptPrefix } from '../../parse/split'
import { digestOf, digestOfAnswer, isSystem } from './answers'
import { ConversationMemory, type Branch, type Conversation, type SentBytes } from './conversation-memory'
import { EVIDENCE, THRESHOLD, type InferredSession } from '../../archive/inferred-session'
import { agreementOf, type Agreement } from './agreement'
import { partlySame, type Compared } from './compared'
import type { UnnamedRequest } from './unnamed-request'
import { findByTail } from './find-by-tail'

/** Where a request was placed. */
interface PlacedRequest {
  readonly inferred: InferredSession
  /** The part that an earlier request of its conversation sent; null when there is none, or its bytes are unknown. */
  readonly match: KeptMatch | null
}

/** A choice is ambiguous when another conversation is within this many percent of the best one. */
const AMBIGUOUS = 2
/** From this confidence on, percent, the search for a better match stops. */
const CERTAIN = 92
/** Of a long unknown history, only this many of the last messages are remembered. */
const DIGESTED_MESSAGES = 96

/**
 * Groups requests without a session id into conversations: a request belongs to the conversation whose history it
 * continues. The rules and their confidence are in agreement.ts and find-by-tail.ts. Below THRESHOLD, or when two
 * conversations are equally likely, a request starts its own conversation. Requests are passed in the order they are
 * stored.
 */
export class SessionInference {
  readonly #memory: ConversationMemory
  #found: { readonly line: Buffer; readonly opening: string; readonly compared: readonly Compared[] } | null = null

  constructor(memory = new ConversationMemory()) {
    this.#memory = memory
  }

  /** The longest run of whole messages at the beginning of the array at `start` that some conversation has sent. */
  find(line: Buffer, start: number): KeptPrefix | null {
    const found = { line, ...this.#compare(line, start) }
    this.#found = found
    let best: Compared | null = null
    for (const compared of found.compared) if (compared.messages > (best?.messages ?? 0)) best = compared
    return best === null ? null : { bytes: best.bytes, messages: best.messages }
  }

  /** Decides which conversation the request belongs to, and remembers it. */
  place(request: UnnamedRequest): PlacedRequest {
    const sent = request.sent ?? bytesOf(request)
    const { opening, compared } =
      sent === null
        ? { opening: '', compared: [] }
        : this.#found?.line === sent.line
          ? this.#found
          : this.#compare(sent.line, sent.start)
    this.#found = null
    const agreement = this.#choose(request, sent, opening, compared)
    const joined = agreement !== null && agreement.confidence >= THRESHOLD ? agreement : null
    const system = systemOf(request, compared)
    const conversation = joined?.conversation ?? startConversation(request, system)
    if (joined === null) this.#memory.open(conversation)
    else conversation.system ??= system
    const best = sent === null ? null : bestBranch(conversation, compared, sent)
    this.#remember(request, conversation, sent, opening, best)
    return {
      inferred:
        joined === null
          ? { root: request.hash, previous: null, confidence: 100, evidence: 0, messages: 0 }
          : {
              root: conversation.root,
              previous: joined.previous,
              confidence: joined.confidence,
              evidence: joined.evidence,
              messages: joined.messages,
            },
      match:
        best === null || request.sent === null
          ? null
          : { base: best.base, bytes: best.bytes, messages: best.messages, checksum: null },
    }
  }

  /** Restores a request from the archive after a restart, as a continuation of `root`. */
  restore(request: UnnamedRequest, root: string, openingMessages: number): void {
    const sent = request.sent ?? bytesOf(request)
    const { opening, compared } = sent === null ? { opening: '', compared: [] } : this.#compare(sent.line, sent.start)
    const system = systemOf(request, [])
    const conversation = this.#memory.find(root) ?? {
      ...startConversation(request, system),
      root,
      openingMessages,
    }
    this.#memory.open(conversation)
    const best = sent === null ? null : bestBranch(conversation, compared, sent)
    this.#remember(request, conversation, sent, opening, best)
  }

  #compare(line: Buffer, start: number): { readonly opening: string; readonly compared: readonly Compared[] } {
    const opening = openingOf(line, start)
    const branches = opening === '' ? [] : this.#memory.branchesFrom(opening)
    const whole = branches.flatMap((branch) => {
      const { text, length, ends } = branch
      const same =
        start + length < line.length &&
        line.compare(text, 0, length, start, start + length) === 0 &&
        endsMessage(line[start + length])
      return same ? [{ branch, messages: ends.length, bytes: length }] : []
    })
    // Partial matches are considered only when no branch is simply continued.
    return { opening, compared: whole.length > 0 ? whole : partlySame(branches, line, start) }
  }

  #choose(
    request: UnnamedRequest,
    sent: SentBytes | null,
    opening: string,
    compared: readonly Compared[],
  ): Agreement | null {
    const memory = this.#memory
    if (sent === null) return byChatId(memory, request)
    const agreements = compared.flatMap((one) => agreementOf(request, sent, one, compared) ?? [])
    let best = bestOf(agreements)
    if ((best?.confidence ?? 0) < CERTAIN) {
      // It continues an opening that many may share, so another conversation may have more in common with it.
      const others = memory.branchesFrom(opening).filter((branch) => compared.every((one) => one.branch !== branch))
      const partly = partlySame(others, sent.line, sent.start)
      agreements.push(...partly.flatMap((one) => agreementOf(request, sent, one, compared) ?? []))
      best = bestOf(agreements)
    }
    if (best !== null && best.confidence >= THRESHOLD) return isAmbiguous(best, agreements) ? null : best
    return findByTail(memory, request, systemOf(request, compared))
  }

  #remember(
    request: UnnamedRequest,
    conversation: Conversation,
    sent: SentBytes | null,
    opening: string,
    best: BaseMatch | null,
  ): void {
    const memory = this.#memory
    const { seq, time, failed, answer, messages, fresh, chatId } = request
    if (sent !== null) {
      const whole = best?.whole === true ? best.branch : null
      if (whole !== null) {
        const again = whole.length === sent.bytes
        memory.advance(whole, sent)
        whole.answers = again ? [...whole.answers, answer].slice(-4) : [answer]
        whole.seq = seq
        whole.time = time
        whole.failed = failed
      } else {
        const text = Buffer.from(sent.line.subarray(sent.start, sent.start + sent.bytes))
        const ends = messageEnds(text)
        const length = text.length
        memory.addBranch({ conversation, opening, seq, time, failed, answers: [answer], text, length, ends })
      }
    }
    const firstFresh = messages - fresh.length
    for (const [at, message] of fresh.slice(-DIGESTED_MESSAGES).entries()) {
      const index = firstFresh + Math.max(0, fresh.length - DIGESTED_MESSAGES) + at
      if (!isSystem(message)) memory.remember(conversation, digestOf(message), index >= conversation.openingMessages)
    }
    const said = digestOfAnswer(answer)
    if (said !== null) memory.remember(conversation, said, true)
    if (chatId !== null) memory.nameChat(conversation, chatId)
    memory.touch(conversation)
  }
}

/** The branch of a conversation with the longest common beginning. */
interface BaseMatch extends KeptPrefix {
  readonly branch: Branch
  /** Its latest request, before the new one replaces it. */
  readonly base: number
  /** Whether the whole branch was sent again. */
  readonly whole: boolean
}

function bestBranch(
  conversation: Conversation,
  compared: readonly Compared[],
  { line, start }: SentBytes,
): BaseMatch | null {
  const own = compared.filter(({ branch }) => branch.conversation === conversation)
  const candidates = own.length > 0 ? own : partlySame(conversation.branches, line, start)
  let best: Compared | null = null
  for (const one of candidates) if (one.messages > (best?.messages ?? 0)) best = one
  if (best === null) return null
  const { branch, bytes, messages } = best
  return { branch, base: branch.seq, bytes, messages, whole: bytes === branch.length }
}

function byChatId(memory: ConversationMemory, request: UnnamedRequest): Agreement | null {
  const conversation = request.chatId === null ? undefined : memory.withChatId(request.chatId)
  if (conversation === undefined || conversation.consumer !== request.consumer) return null
  const evidence = EVIDENCE.chatId | (request.consumer === null ? 0 : EVIDENCE.consumer)
  const previous = conversation.branches[0]?.seq ?? request.seq
  return { conversation, previous, confidence: 80, evidence, messages: 0 }
}

function bestOf(agreements: readonly Agreement[]): Agreement | null {
  let best: Agreement | null = null
  for (const one of agreements) {
    if (best === null || one.confidence > best.confidence) best = one
    else if (one.confidence === best.confidence && isBetter(one, best)) best = one
  }
  return best
}

function isAmbiguous(best: Agreement, agreements: readonly Agreement[]): boolean {
  return agreements.some(
    (one) =>
      one.conversation !== best.conversation &&
      one.confidence >= THRESHOLD &&
      one.confidence > best.confidence - AMBIGUOUS &&
      !isBetter(best, one),
  )
}

/** Between equally likely ones, prefers a matching chat id, then more matching messages. */
function isBetter(one: Agreement, other: Agreement): boolean {
  const [mine, others] = [one.evidence & EVIDENCE.chatId, other.evidence & EVIDENCE.chatId]
  return mine === others ? one.messages > other.messages : mine > others
}

function startConversation(request: UnnamedRequest, system: string | null): Conversation {
  return {
    root: request.hash,
    consumer: request.consumer,
    system,
    openingMessages: request.messages,
    branches: [],
    recent: new Map(),
    chatIds: new Set(),
  }
}

/** Digest of the system message; if find() skipped it, that of the matching conversation. */
function systemOf({ fresh, messages }: UnnamedRequest, compared: readonly Compared[]): string | null {
  if (fresh.length < messages) return compared[0]?.branch.conversation.system ?? null
  const [first] = fresh
  return first !== undefined && isSystem(first) ? digestOf(first) : null
}

const SYSTEM_ROLE = /\\"role\\": ?\\"(?:system|developer)\\"/

/** Key of a conversation: a checksum of the system message and the message after it. */
function openingOf(line: Buffer, start: number): string {
  const array = line.subarray(start)
  const [first, second] = messageEnds(array, 2)
  if (first === undefined) return ''
  const end = SYSTEM_ROLE.test(array.toString('latin1', 0, first)) ? (second ?? first) : first
  return `${String(end)}:${String(crc32(array.subarray(1, end)))}`
}

/** The messages as they would be in a log line, when they were logged in another form. */
function bytesOf({ messages, fresh }: UnnamedRequest): SentBytes | null {
  if (messages === 0 || fresh.length !== messages) return null
  const line = Buffer.from(JSON.stringify(JSON.stringify(fresh)).slice(1, -1))
  return { line, start: 0, bytes: line.length - 1 }
}
