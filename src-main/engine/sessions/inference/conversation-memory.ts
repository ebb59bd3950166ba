import { messageEnds } from '../../parse/split'
import type { Answer } from './answers'

/** A conversation without a logged id, as far as it is remembered. */
export interface Conversation {
  /** Line hash of its first request, which is also its name. */
  readonly root: string
  readonly consumer: string | null
  /** Digest of its system message; null without one. */
  system: string | null
  /** Number of messages in its first request; later messages were said in this conversation. */
  readonly openingMessages: number
  /** The latest request of each branch, the latest first. */
  readonly branches: Branch[]
  /** Digests of its latest messages, and whether they came after the opening. The oldest first. */
  readonly recent: Map<string, boolean>
  readonly chatIds: Set<string>
}

/** The latest request of a branch. */
export interface Branch {
  readonly conversation: Conversation
  readonly opening: string
  seq: number
  time: number
  failed: boolean
  /** Answers to its requests with exactly these messages. */
  answers: Answer[]
  /** The `messages` array as in a log line, from `[` up to `]`, in the first `length` bytes. */
  text: Buffer
  length: number
  /** Where each message ends in `text`. */
  ends: number[]
}

/** The bytes of a `messages` array: `bytes` bytes of `line` from `start` (its `[`) up to its `]`. */
export interface SentBytes {
  readonly line: Buffer
  readonly start: number
  readonly bytes: number
}

const CAPACITY_BYTES = 48 * 1024 * 1024
const MAX_CONVERSATIONS = 4000
const BRANCHES_PER_CONVERSATION = 6
const BRANCHES_PER_OPENING = 200
const RECENT_MESSAGES = 96
const CHAT_IDS = 8
/** Approximate memory of a branch in addition to its text, and of a remembered digest. */
const BRANCH_BYTES = 600
const DIGEST_BYTES = 120

/** The conversations without a logged id that were open last, found by their opening, latest messages and chat ids. */
export class ConversationMemory {
  /** The conversation used longest ago comes first. */
  readonly #conversations = new Map<string, Conversation>()
  readonly #byOpening = new Map<string, Branch[]>()
  readonly #byMessage = new Map<string, Set<Conversation>>()
  readonly #byChatId = new Map<string, Conversation>()
  readonly #capacityBytes: number
  #bytes = 0

  constructor(capacityBytes = CAPACITY_BYTES) {
    this.#capacityBytes = capacityBytes
  }

  get size(): number {
    return this.#conversations.size
  }

  branchesFrom(opening: string): readonly Branch[] {
    return this.#byOpening.get(opening) ?? []
  }

  conversationsWith(message: string): ReadonlySet<Conversation> {
    return this.#byMessage.get(message) ?? NONE
  }

  withChatId(chatId: string): Conversation | undefined {
    return this.#byChatId.get(chatId)
  }

  open(conversation: Conversation): void {
    this.#conversations.set(conversation.root, conversation)
  }

  find(root: string): Conversation | undefined {
    return this.#conversations.get(root)
  }

  addBranch(branch: Branch): void {
    const { conversation, opening } = branch
    conversation.branches.unshift(branch)
    this.#bytes += branch.text.length + BRANCH_BYTES
    const sameOpening = this.#byOpening.get(opening) ?? []
    sameOpening.unshift(branch)
    this.#byOpening.set(opening, sameOpening)
    for (const old of conversation.branches.slice(BRANCHES_PER_CONVERSATION)) this.#dropBranch(old)
    for (const old of sameOpening.slice(BRANCHES_PER_OPENING)) this.#dropBranch(old)
  }

  /** Moves `branch` on to a request that sent all of its messages and more. */
  advance(branch: Branch, { line, start, bytes }: SentBytes): void {
    const { conversation, opening } = branch
    const fresh = line.subarray(start + branch.length, start + bytes)
    const comma = fresh.indexOf(0x2c)
    if (comma >= 0) {
      const from = branch.length + comma
      // Not as arguments of a single push: a history may have more messages than a call may have arguments.
      for (const end of messageEnds(fresh.subarray(comma))) branch.ends.push(from + end)
    }
    if (bytes > branch.text.length) {
      const larger = Buffer.allocUnsafe(Math.max(bytes, Math.ceil(branch.text.length * 1.5)))
      branch.text.copy(larger, 0, 0, branch.length)
      this.#bytes += larger.length - branch.text.length
      branch.text = larger
    }
    fresh.copy(branch.text, branch.length)
    branch.length = bytes
    toFront(conversation.branches, branch)
    toFront(this.#byOpening.get(opening) ?? [], branch)
  }

  remember(conversation: Conversation, message: string, afterOpening: boolean): void {
    const { recent } = conversation
    const known = recent.get(message)
    recent.delete(message)
    recent.set(message, afterOpening || known === true)
    if (known !== undefined) return
    this.#bytes += DIGEST_BYTES
    const having = this.#byMessage.get(message) ?? new Set()
    having.add(conversation)
    this.#byMessage.set(message, having)
    if (recent.size > RECENT_MESSAGES) {
      const [oldest] = recent.keys()
      if (oldest !== undefined) this.#forgetMessage(conversation, oldest)
    }
  }

  nameChat(conversation: Conversation, chatId: string): void {
    this.#byChatId.set(chatId, conversation)
    conversation.chatIds.add(chatId)
    const [oldest] = conversation.chatIds
    if (conversation.chatIds.size > CHAT_IDS && oldest !== undefined) this.#forgetChatId(conversation, oldest)
  }

  /** Marks it as used last, and forgets the oldest conversations if there are too many. */
  touch(conversation: Conversation): void {
    this.#conversations.delete(conversation.root)
    this.#conversations.set(conversation.root, conversation)
    if (this.#bytes <= this.#capacityBytes && this.#conversations.size <= MAX_CONVERSATIONS) return
    for (const oldest of this.#conversations.values()) {
      const fits = this.#bytes <= 0.75 * this.#capacityBytes && this.#conversations.size <= 0.75 * MAX_CONVERSATIONS
      if (fits || oldest === conversation) break
      this.#forget(oldest)
    }
  }

  #forget(conversation: Conversation): void {
    for (const branch of [...conversation.branches]) this.#dropBranch(branch)
    for (const message of [...conversation.recent.keys()]) this.#forgetMessage(conversation, message)
    for (const chatId of [...conversation.chatIds]) this.#forgetChatId(conversation, chatId)
    this.#conversations.delete(conversation.root)
  }

  #dropBranch(branch: Branch): void {
    const { conversation, opening } = branch
    remove(conversation.branches, branch)
    const sameOpening = this.#byOpening.get(opening) ?? []
    remove(sameOpening, branch)
    if (sameOpening.length === 0) this.#byOpening.delete(opening)
    this.#bytes -= branch.text.length + BRANCH_BYTES
  }

  #forgetMessage(conversation: Conversation, message: string): void {
    conversation.recent.delete(message)
    this.#bytes -= DIGEST_BYTES
    const having = this.#byMessage.get(message)
    having?.delete(conversation)
    if (having?.size === 0) this.#byMessage.delete(message)
  }

  #forgetChatId(conversation: Conversation, chatId: string): void {
    conversation.chatIds.delete(chatId)
    if (this.#byChatId.get(chatId) === conversation) this.#byChatId.delete(chatId)
  }
}

const NONE: ReadonlySet<Conversation> = new Set()

function toFront(branches: Branch[], branch: Branch): void {
  const at = branches.indexOf(branch)
  if (at <= 0) return
  branches.splice(at, 1)
  branches.unshift(branch)
}

function remove(branches: Branch[], branch: Branch): void {
  const at = branches.indexOf(branch)
  if (at >= 0) branches.splice(at, 1)
}
