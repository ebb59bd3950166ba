import {
  inject,
  provide,
  ref,
  shallowReactive,
  shallowRef,
  type InjectionKey,
  type Ref,
  type ShallowReactive,
} from 'vue'
import type { MessagePart, Round, SessionInsights } from '@contract'

type ToolResult = Extract<MessagePart, { kind: 'tool_result' }>

/**
 * What was called under an id, and what came back, wherever in the session. Most ids are made once; some providers begin
 * with the same ones in every round.
 */
export interface CallLink {
  /** Null where different tools were called under the id; undefined while no call of it is known. */
  readonly name: string | null | undefined
  /** Rounds whose answer made such a call, ascending. */
  readonly calledIn: readonly number[]
  /** Rounds that sent results of it as new, ascending. */
  readonly answers: readonly CallAnswer[]
}

export interface CallAnswer {
  readonly round: number
  /** In the order they were sent; null until the round was loaded. */
  readonly results: readonly ToolResult[] | null
}

/**
 * The round whose call a result answers that is new in `round`: the last before it. Of a result that may have been sent
 * at any time (undefined), only what was called once can be told.
 */
export function callAnsweredIn(link: CallLink | undefined, round: number | undefined): number | null {
  if (link === undefined || (round === undefined && link.calledIn.length > 1)) return null
  return link.calledIn.findLast((called) => called < (round ?? Infinity)) ?? null
}

/** What answers the call of `round`: the first that came, unless the id was used anew before. */
export function answerTo(link: CallLink | undefined, round: number): CallAnswer | null {
  const answer = link?.answers.find((one) => one.round > round)
  if (link === undefined || answer === undefined) return null
  const again = link.calledIn.find((called) => called > round) ?? Infinity
  return answer.round <= again ? answer : null
}

export type RoundCacheBreak = NonNullable<SessionInsights['rounds'][number]['cacheBreak']>

/** What the rounds of one session share while they are read. */
export interface Reading {
  /** Prose is shown as Markdown, not as the characters it is. */
  readonly markdown: Ref<boolean>
  readonly calls: ShallowReactive<Map<string, CallLink>>
  /** The round that was jumped to last. */
  readonly target: Ref<number | null>
  /** Rounds that broke the prompt cache, and how; null where so far only their figures tell of it. */
  readonly cacheLost: Ref<ReadonlyMap<number, RoundCacheBreak | null>>
  readonly goTo: (round: number) => void
  readonly inspect: (round: Round, view: InspectorView) => void
}

/** What can be seen of a request beside what is new in it. */
export type InspectorView = 'context' | 'diff' | 'line'

const KEY: InjectionKey<Reading> = Symbol('reading')

function create(): Reading {
  return {
    markdown: ref(true),
    calls: shallowReactive(new Map<string, CallLink>()),
    target: ref(null),
    cacheLost: shallowRef(new Map<number, RoundCacheBreak | null>()),
    goTo: () => undefined,
    inspect: () => undefined,
  }
}

export function provideReading(reading: Partial<Reading> = {}): Reading {
  const whole = { ...create(), ...reading }
  provide(KEY, whole)
  return whole
}

let alone: Reading | undefined

/** Outside a session's page, texts are rendered and nothing is linked. */
export const useReading = (): Reading => inject(KEY, () => (alone ??= create()), true)

/** Notes which calls the rounds make and which they bring results of. */
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

/** `round`: null where it is not known which one made the call. Every page tells much that is known: only news wake those who show it. */
export function noteCall(calls: Map<string, CallLink>, id: string, name: string, round: number | null): void {
  const before = calls.get(id)
  const known = before?.calledIn ?? []
  const at = round === null ? -1 : placeOf(round, known, (one) => one)
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
  const at = placeOf(round, known, (answer) => answer.round)
  const isNew = known[at]?.round !== round
  if (!isNew && (results === null || known[at]?.results !== null)) return
  const answers = isNew ? known.toSpliced(at + 1, 0, { round, results }) : known.with(at, { round, results })
  calls.set(id, { name: before?.name, calledIn: before?.calledIn ?? [], answers })
}

/** Index of the last of an ascending list up to `round`; -1 for none. Lists may be as long as the session. */
function placeOf<T>(round: number, list: readonly T[], roundOf: (item: T) => number): number {
  let [from, to] = [0, list.length]
  while (from < to) {
    const middle = (from + to) >> 1
    if (roundOf(list[middle] as T) <= round) from = middle + 1
    else to = middle
  }
  return from - 1
}
