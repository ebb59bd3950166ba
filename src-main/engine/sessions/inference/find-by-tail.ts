import { isObject, type Json } from '../../base/json'
import { assistantSays, digestOf, digestOfAnswer, isSystem } from './answers'
import type { Agreement } from './agreement'
import type { Conversation, ConversationMemory } from './conversation-memory'
import { EVIDENCE } from '../../archive/inferred-session'
import type { UnnamedRequest } from './unnamed-request'

/** A message found in more conversations than this says nothing. */
const COMMON = 8
/** Messages looked up, counted from the last. */
const LOOKED_UP = 64
/** Length of a message's JSON from which on it is unlikely to occur twice, characters. */
const TELLING_CHARS = 90

interface Hits {
  readonly conversation: Conversation
  all: number
  /** Messages that two conversations are unlikely to share. */
  telling: number
  /** Messages said after the opening. */
  said: number
  /** Whether the conversation's last answer is among the messages. */
  latestAnswer: boolean
}

/**
 * Finds the conversation whose last messages a request sends without its history: a compacted one, or one edited near
 * its beginning. Confidence in percent: 95 for three or more distinctive messages under the same system message; 90 for
 * two; 85 for one and the last answer, or for three and the last answer under another system message; 80 for three
 * short messages and the last answer. Null when there is none, or when two are equally likely.
 */
export function findByTail(
  memory: ConversationMemory,
  request: UnnamedRequest,
  system: string | null,
): Agreement | null {
  let best: Hits | null = null
  let tied = false
  for (const hits of countHits(memory, request)) {
    const order = best === null ? 1 : compareHits(hits, best)
    if (order > 0) [best, tied] = [hits, false]
    else if (order === 0) tied = true
  }
  if (best === null || tied) return null
  const { conversation, all } = best
  const sameSystem = conversation.system === system
  const confidence = confidenceOf(best, sameSystem)
  const previous = conversation.branches[0]
  if (confidence === 0 || previous === undefined) return null
  return {
    conversation,
    previous: previous.seq,
    confidence,
    evidence:
      EVIDENCE.tail |
      (sameSystem && system !== null ? EVIDENCE.system : 0) |
      (best.latestAnswer ? EVIDENCE.answer : 0) |
      (request.chatId !== null && conversation.chatIds.has(request.chatId) ? EVIDENCE.chatId : 0) |
      (request.consumer !== null && request.consumer === conversation.consumer ? EVIDENCE.consumer : 0) |
      (Math.abs(request.time - previous.time) <= 3_600_000 ? EVIDENCE.time : 0),
    messages: all,
  }
}

function confidenceOf({ all, telling, said, latestAnswer }: Hits, sameSystem: boolean): number {
  if (said === 0) return 0
  if (!sameSystem) return telling >= 3 && latestAnswer ? 85 : 0
  if (telling >= 3) return 95
  if (telling === 2) return 90
  if (telling === 1 && latestAnswer) return 85
  return all >= 3 && latestAnswer ? 80 : 0
}

function compareHits(a: Hits, b: Hits): number {
  return a.telling - b.telling || a.all - b.all || Number(a.latestAnswer) - Number(b.latestAnswer)
}

function countHits(memory: ConversationMemory, request: UnnamedRequest): Iterable<Hits> {
  const found = new Map<Conversation, Hits>()
  for (const message of request.fresh.slice(-LOOKED_UP)) {
    if (isSystem(message)) continue
    const digest = digestOf(message)
    const having = memory.conversationsWith(digest)
    if (having.size === 0 || having.size > COMMON) continue
    const telling = isTelling(message)
    for (const conversation of having) {
      if (conversation.consumer !== request.consumer) continue
      const hits = found.get(conversation) ?? { conversation, all: 0, telling: 0, said: 0, latestAnswer: false }
      found.set(conversation, hits)
      hits.all += 1
      if (telling) hits.telling += 1
      if (conversation.recent.get(digest) === true) hits.said += 1
      hits.latestAnswer ||= conversation.branches.some(({ answers }) =>
        answers.some((answer) => digestOfAnswer(answer) === digest),
      )
    }
  }
  return found.values()
}

/** Ids of tool calls are unique, and long texts are rarely written twice. */
function isTelling(message: Json): boolean {
  if ((assistantSays(message)?.callIds.length ?? 0) > 0) return true
  if (isObject(message) && typeof message.tool_call_id === 'string') return true
  return JSON.stringify(message).length >= TELLING_CHARS
}
