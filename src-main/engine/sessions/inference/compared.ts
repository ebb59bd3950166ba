import { commonPrefix, endsMessage } from '../../archive/history'
import { isArray, parseJson, type Json } from '../../base/json'
import type { Branch, SentBytes } from './conversation-memory'
import type { UnnamedRequest } from './unnamed-request'

/** How much of its history a request shares with a branch, compared by bytes. */
export interface Compared {
  readonly branch: Branch
  /** Whole messages in common, counted from the first, and their bytes counted from the `[`. */
  readonly messages: number
  readonly bytes: number
}

/** The branches that share at least one whole message with the `messages` array of `line` at `start`. */
export function partlySame(branches: readonly Branch[], line: Buffer, start: number): Compared[] {
  return branches.flatMap((branch) => {
    const { text, length, ends } = branch
    const common = commonPrefix(text, length, line, start)
    let messages = countUpTo(ends, common)
    while (messages > 0 && !endsMessage(line[start + (ends[messages - 1] ?? 0)])) messages -= 1
    return messages === 0 ? [] : [{ branch, messages, bytes: ends[messages - 1] ?? 1 }]
  })
}

/** How many of the ascending numbers are at most `limit`. */
function countUpTo(ascending: readonly number[], limit: number): number {
  let [from, to] = [0, ascending.length]
  while (from < to) {
    const middle = (from + to) >> 1
    if ((ascending[middle] ?? 0) <= limit) from = middle + 1
    else to = middle
  }
  return from
}

/** The request's messages from number `index` (0-based) on. They start after byte `after` of the array. */
export function messagesFrom(request: UnnamedRequest, sent: SentBytes, index: number, after: number): readonly Json[] {
  const firstFresh = request.messages - request.fresh.length
  if (index >= firstFresh) return request.fresh.slice(index - firstFresh)
  return readMessagesOf(sent.line.subarray(sent.start + after, sent.start + sent.bytes))
}

/** Reads messages from the bytes that follow a message in an array; empty when they are not JSON. */
export function readMessagesOf(rest: Buffer): readonly Json[] {
  const text = parseJson(`"[${rest.toString('utf8').trimStart().replace(/^,/, '')}]"`)
  const list = typeof text === 'string' ? parseJson(text) : undefined
  return isArray(list) ? list : []
}
