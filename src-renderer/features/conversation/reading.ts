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
import type { MessagePart, Round } from '@contract'

type ToolResult = Extract<MessagePart, { kind: 'tool_result' }>

/** A tool call and what became of it, found by the call's id wherever in the session both are. */
export interface CallLink {
  readonly name: string | null
  /** The round whose answer made the call. */
  readonly calledIn: number | null
  /** The round that sent the result first, and the result itself once its round was loaded. */
  readonly answeredIn: number | null
  readonly result: ToolResult | null
}

const UNKNOWN: CallLink = { name: null, calledIn: null, answeredIn: null, result: null }

/** What the rounds of one session share while they are read. */
export interface Reading {
  /** Prose is shown as Markdown, not as the characters it is. */
  readonly markdown: Ref<boolean>
  readonly calls: ShallowReactive<Map<string, CallLink>>
  /** The round that was jumped to last. */
  readonly target: Ref<number | null>
  /** Rounds that read far less from the prompt cache than the one before them. */
  readonly cacheLost: Ref<ReadonlySet<number>>
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
    cacheLost: shallowRef(new Set<number>()),
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
    for (const { id, name } of toolCalls) {
      if (id !== null) link(calls, id, { name, calledIn: earliest(calls.get(id)?.calledIn, round) })
    }
    for (const { parts } of newMessages) {
      for (const part of parts) {
        if (part.kind === 'tool_result' && part.callId !== null) linkResult(calls, part.callId, round, part)
        else if (part.kind === 'tool_call' && part.call.id !== null) link(calls, part.call.id, { name: part.call.name })
      }
    }
  }
}

/** A history sent anew brings its results again: the first time counts. */
function linkResult(calls: Map<string, CallLink>, id: string, round: number, result: ToolResult): void {
  const known = calls.get(id)?.answeredIn ?? null
  if (known !== null && known < round) return
  link(calls, id, { answeredIn: round, result })
}

export function link(calls: Map<string, CallLink>, id: string, change: Partial<CallLink>): void {
  const before = calls.get(id)
  const after = { ...UNKNOWN, ...before, ...change }
  const keys = Object.keys(after) as (keyof CallLink)[]
  // Every page fetched tells much that is known: only news wake those who show it.
  if (before === undefined || keys.some((key) => before[key] !== after[key])) calls.set(id, after)
}

const earliest = (a: number | null | undefined, b: number): number =>
  a === null || a === undefined ? b : Math.min(a, b)
