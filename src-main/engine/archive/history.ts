import { crc32 } from 'node:zlib'
import { messageEnds, type KeptPrefix, type MessagesSpan } from '../parse/split'

/**
 * An agent sends its whole history with every request. By comparing bytes, this finds the part of a new request that an
 * earlier request of the same session already sent, so that only the rest has to be parsed and stored.
 */

/** What a request sends again: the first bytes of the messages of request `base`. */
export interface KeptMatch extends KeptPrefix {
  readonly base: number
  /** Checksum of the kept bytes if known (parse/line-hash.ts), else null. */
  readonly checksum: number | null
}

/** A branch of a conversation: the messages of its latest request, as they are in the log line. */
interface Branch {
  seq: number
  /** The array from `[` up to `]`, in the first `length` bytes. */
  text: Buffer
  length: number
  checksum: number
  messages: number
}

/** Branches remembered per session. Sub-agents and retries interleave several histories under one session id. */
const BRANCHES_PER_SESSION = 6
/** Sessions remembered, however short. More are rarely open at once, and the archive has the others. */
const MAX_SESSIONS = 10_000
/** Approximate memory of a branch in addition to its text. */
const BRANCH_BYTES = 400

export class Histories {
  readonly #sessions = new Map<string, Branch[]>()
  readonly #capacityBytes: number
  #bytes = 0

  /** Remembers about `capacityBytes`. Sessions without a request for the longest time are forgotten first. */
  constructor(capacityBytes = 96 * 1024 * 1024) {
    this.#capacityBytes = capacityBytes
  }

  has(session: string): boolean {
    return this.#sessions.has(session)
  }

  /**
   * The longest run of whole messages at the beginning of the array at `start` that a branch of the session has sent.
   */
  find(session: string, line: Buffer, start: number): KeptMatch | null {
    const branches = this.#sessions.get(session)
    if (branches === undefined) return null
    let best: KeptMatch | null = null
    for (const branch of branches) {
      if (branch.messages <= (best?.messages ?? 0)) continue
      const match = matchBranch(branch, line, start)
      if (match.messages > (best?.messages ?? 0)) best = match
    }
    return best
  }

  /** Remembers what request `seq` sent, and its number of messages. `match` is the result of find(). */
  remember(
    session: string,
    seq: number,
    line: Buffer,
    span: MessagesSpan,
    match: KeptMatch | null,
    messages: number,
    checksum: number,
  ): void {
    const branches = this.#sessions.get(session) ?? []
    const { start, bytes } = span
    const from = match === null ? undefined : branches.find((branch) => branch.seq === match.base)
    if (from !== undefined && match?.bytes === from.length) {
      this.#bytes -= branchBytes(from)
      append(from, line.subarray(start + match.bytes, start + bytes))
      from.seq = seq
      from.checksum = checksum
      from.messages = messages
      this.#bytes += branchBytes(from)
      moveToFront(branches, from)
    } else {
      this.#addBranch(branches, {
        seq,
        text: Buffer.from(line.subarray(start, start + bytes)),
        length: bytes,
        checksum,
        messages,
      })
    }
    // Moves it to the end of the map, so it is forgotten last.
    this.#sessions.delete(session)
    this.#sessions.set(session, branches)
    this.#forgetOldest(session)
  }

  /** Marks a session as known, even if the archive has no history of it. */
  know(session: string): void {
    if (!this.#sessions.has(session)) this.#sessions.set(session, [])
  }

  /** Remembers a branch read from the archive after a restart: the bytes of its array, from `[` up to `]`. */
  restore(session: string, seq: number, text: Buffer, messages: number): void {
    const branches = this.#sessions.get(session) ?? []
    this.#addBranch(branches, { seq, text, length: text.length, checksum: crc32(text), messages })
    this.#sessions.set(session, branches)
    this.#forgetOldest(session)
  }

  #addBranch(branches: Branch[], branch: Branch): void {
    branches.unshift(branch)
    this.#bytes += branchBytes(branch)
    for (const forgotten of branches.splice(BRANCHES_PER_SESSION)) this.#bytes -= branchBytes(forgotten)
  }

  /** Forgets many at once: finding the first entry of a map over and over is slow. */
  #forgetOldest(latest: string): void {
    if (this.#bytes <= this.#capacityBytes && this.#sessions.size <= MAX_SESSIONS) return
    for (const [session, branches] of this.#sessions) {
      const fits = this.#bytes <= 0.75 * this.#capacityBytes && this.#sessions.size <= 0.75 * MAX_SESSIONS
      if (fits || session === latest) break
      for (const branch of branches) this.#bytes -= branchBytes(branch)
      this.#sessions.delete(session)
    }
  }
}

function matchBranch(branch: Branch, line: Buffer, start: number): KeptMatch {
  const { text, length, seq } = branch
  if (
    start + length < line.length &&
    line.compare(text, 0, length, start, start + length) === 0 &&
    endsMessage(line[start + length])
  ) {
    return { base: seq, bytes: length, messages: branch.messages, checksum: branch.checksum }
  }
  // The conversation took another turn or was compacted. Up to which message are they the same?
  const common = commonPrefix(text, length, line, start)
  const ends = messageEnds(text.subarray(0, length))
  let messages = 0
  while (messages < ends.length && (ends[messages] ?? Infinity) <= common) messages += 1
  // A message is the same only if it also ends here: "12" begins with "1".
  while (messages > 0 && !endsMessage(line[start + (ends[messages - 1] ?? 0)])) messages -= 1
  return { base: seq, bytes: ends[messages - 1] ?? 1, messages, checksum: null }
}

/** Whether the byte may follow a message: a comma, the end of the array, or a space before either. */
export function endsMessage(byte: number | undefined): boolean {
  return byte === 0x2c || byte === 0x5d || byte === 0x20
}

const STRIDE = 4096

/** How many bytes `text` (of `length`) and the line from `start` have in common. */
export function commonPrefix(text: Buffer, length: number, line: Buffer, start: number): number {
  const limit = Math.min(length, line.length - start)
  let at = 0
  while (at + STRIDE <= limit && line.compare(text, at, at + STRIDE, start + at, start + at + STRIDE) === 0)
    at += STRIDE
  while (at < limit && text[at] === line[start + at]) at += 1
  return at
}

function append(branch: Branch, bytes: Buffer): void {
  const length = branch.length + bytes.length
  if (length > branch.text.length) {
    const larger = Buffer.allocUnsafe(Math.max(length, branch.text.length * 2))
    branch.text.copy(larger, 0, 0, branch.length)
    branch.text = larger
  }
  bytes.copy(branch.text, branch.length)
  branch.length = length
}

function moveToFront(branches: Branch[], branch: Branch): void {
  const at = branches.indexOf(branch)
  if (at <= 0) return
  branches.splice(at, 1)
  branches.unshift(branch)
}

function branchBytes(branch: Branch): number {
  return branch.text.length + BRANCH_BYTES
}
