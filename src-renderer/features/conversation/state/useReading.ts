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
import type { Round, SessionInsights } from '@contract'
import type { CallLink } from '../model/tool-calls'

export type RoundCacheBreak = NonNullable<SessionInsights['rounds'][number]['cacheBreak']>

/** State shared by all rounds of the session being read. */
export interface Reading {
  /** Whether prose is rendered as Markdown instead of plain characters. */
  readonly markdown: Ref<boolean>
  readonly calls: ShallowReactive<Map<string, CallLink>>
  /** The round that was jumped to last. */
  readonly target: Ref<number | null>
  /** Rounds that missed the prompt cache, and how; null while only their token counts suggest it. */
  readonly cacheLost: Ref<ReadonlyMap<number, RoundCacheBreak | null>>
  readonly goTo: (round: number) => void
  readonly inspect: (round: Round, view: InspectorView) => void
}

/** The views of a request in the inspector. */
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

let standalone: Reading | undefined

/** The state of the session around the component. Outside a session's page, texts are rendered and nothing is linked. */
export const useReading = (): Reading => inject(KEY, () => (standalone ??= create()), true)
