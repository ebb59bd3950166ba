import { computed, shallowReactive, watch, type ComputedRef, type ShallowReactive, type ShallowRef } from 'vue'
import type { SessionInsights, SessionSeries } from '@contract'
import { cacheLost as cacheLostOf, landmarks as landmarksOf, type Landmarks } from './model/landmarks'
import { linkCalls, type CallLink } from './model/tool-calls'
import type { RoundCacheBreak } from './state/useReading'
import type { Conversation } from './useConversation'
import { useOutline } from './useOutline'

export interface SessionLandmarks {
  readonly calls: ShallowReactive<Map<string, CallLink>>
  readonly series: ShallowRef<SessionSeries | null>
  readonly insights: ShallowRef<SessionInsights | null | undefined>
  /** Rounds that missed the prompt cache: as the engine found, or, until that is known, as the token counts suggest. */
  readonly cacheLost: ComputedRef<ReadonlyMap<number, RoundCacheBreak | null>>
  readonly landmarks: ComputedRef<Landmarks>
  /** False for a single round, and for rounds without any logged tokens or cost. */
  readonly hasChart: ComputedRef<boolean>
}

/** What is known about the whole session, beyond the rounds that are loaded. */
export function useLandmarks(sessionId: string, { header, total, pages }: Conversation): SessionLandmarks {
  const calls = shallowReactive(new Map<string, CallLink>())
  const linkLoaded = (): void => {
    for (const { rounds } of pages.values()) linkCalls(calls, rounds)
  }
  watch(() => [...pages.values()], linkLoaded)
  const costUsd = computed(() => header.value?.costUsd)
  const { rounds: outline, series, insights } = useOutline(sessionId, total, calls, linkLoaded, costUsd)

  const cacheLost = computed<ReadonlyMap<number, RoundCacheBreak | null>>(() =>
    insights.value
      ? new Map(insights.value.rounds.flatMap(({ round, cacheBreak }) => (cacheBreak ? [[round, cacheBreak]] : [])))
      : new Map((series.value === null ? [] : cacheLostOf(series.value)).map((round) => [round, null])),
  )
  const landmarks = computed(() => landmarksOf(outline.value, series.value, [...cacheLost.value.keys()]))
  const hasChart = computed(
    () =>
      total.value > 1 &&
      (series.value === null ||
        [series.value.inputTokens, series.value.costUsd].some((figures) => figures.some((figure) => figure !== null))),
  )
  return { calls, series, insights, cacheLost, landmarks, hasChart }
}
