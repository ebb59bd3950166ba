import type { MessagePart, Round } from '@contract'

type ToolResult = Extract<MessagePart, { kind: 'tool_result' }>

/**
 * The calls made under one id, and their results, anywhere in the session. Most ids are unique; some providers start with
 * the same ids in every round.
 */
export interface CallLink {
  /** Null if different tools were called under the id; undefined while no call is known. */
  readonly name: string | null | undefined
  /** Rounds whose answer made such a call, ascending. */
  readonly calledIn: readonly number[]
  /** Rounds that sent results of it for the first time, ascending. */
  readonly answers: readonly CallAnswer[]
}

export interface CallAnswer {
  readonly round: number
  /** In the order they were sent; null until the round is loaded. */
  readonly results: readonly ToolResult[] | null
}

/**
 * The round whose call is answered by a result that is new in `round`: the last such call before it. If `round` is
 * undefined, the result may have been sent at any time, and only an id that was called once gives an answer.
 */
export function callAnsweredIn(link: CallLink | undefined, round: number | undefined): number | null {
  if (link === undefined || (round === undefined && link.calledIn.length > 1)) return null
  return link.calledIn.findLast((called) => called < (round ?? Infinity)) ?? null
}

/** The answer to the call that `round` made: the first one after it, unless the id was called again before that. */
export function answerTo(link: CallLink | undefined, round: number): CallAnswer | null {
  const answer = link?.answers.find((one) => one.round > round)
  if (link === undefined || answer === undefined) return null
  const again = link.calledIn.find((called) => called > round) ?? Infinity
  return answer.round <= again ? answer : null
}

/** Adds to `calls` the calls that these rounds make and the results they bring. */
export function linkCalls(calls: Map<string, CallLink>, rounds: readonly Round[]): void {
  for (const { round, toolCalls, newMessages } of rounds) {
    for (const { id, name } of toolCalls) if (id !== null) noteCall(calls, id, name, round)
    const results = new Map<string, ToolResult[]>()
    for (const { parts } of newMessages) {
      for (const part of parts) {
        if (part.kind === 'tool_result' && part.callId !== null) {
          const known = results.get(part.callId)
          if (known === undefined) results.set(part.callId, [part])
          else known.push(part)
        } else if (part.kind === 'tool_call' && part.call.id !== null)
          noteCall(calls, part.call.id, part.call.name, null)
      }
    }
    for (const [id, sent] of results) noteAnswer(calls, id, round, sent)
  }
}

/**
 * Adds a call. `round`: the round that made it, null if unknown. A call that is known already changes nothing, so that its
 * readers are not rendered again.
 */
export function noteCall(calls: Map<string, CallLink>, id: string, name: string, round: number | null): void {
  const before = calls.get(id)
  const known = before?.calledIn ?? []
  const at = round === null ? -1 : lastIndexUpTo(round, known, (one) => one)
  const isNew = round !== null && known[at] !== round
  const after = before?.name === undefined || before.name === name ? name : null
  if (!isNew && before?.name === after) return
  const calledIn = isNew ? known.toSpliced(at + 1, 0, round) : known
  calls.set(id, { name: after, calledIn, answers: before?.answers ?? [] })
}

export function noteAnswer(
  calls: Map<string, CallLink>,
  id: string,
  round: number,
  results: readonly ToolResult[] | null,
): void {
  const before = calls.get(id)
  const known = before?.answers ?? []
  const at = lastIndexUpTo(round, known, (answer) => answer.round)
  const isNew = known[at]?.round !== round
  if (!isNew && (results === null || known[at]?.results !== null)) return
  const answers = isNew ? known.toSpliced(at + 1, 0, { round, results }) : known.with(at, { round, results })
  calls.set(id, { name: before?.name, calledIn: before?.calledIn ?? [], answers })
}

/** Index of the last item whose round is at most `round`, in an ascending list that may be as long as the session; -1 if none. */
function lastIndexUpTo<T>(round: number, list: readonly T[], roundOf: (item: T) => number): number {
  let [from, to] = [0, list.length]
  while (from < to) {
    const middle = (from + to) >> 1
    if (roundOf(list[middle] as T) <= round) from = middle + 1
    else to = middle
  }
  return from - 1
}
