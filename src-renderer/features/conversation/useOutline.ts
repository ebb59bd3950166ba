import { onScopeDispose, shallowRef, watch, type Ref, type ShallowRef } from 'vue'
import type { OutlineRound, SessionSeries } from '@contract'
import { api } from '../../api'
import { link, type CallLink } from './reading'

export interface Outline {
  /** Rounds with something to tell, in order; grows while the session is looked through. */
  readonly rounds: ShallowRef<readonly OutlineRound[]>
  readonly series: ShallowRef<SessionSeries | null>
  /** Rounds that broke the prompt cache; null until they are known. */
  readonly cacheBreaks: ShallowRef<readonly number[] | null>
}

/** Looks the whole session through in the background: figures of every round, calls, results, failures. */
export function useOutline(sessionId: string, total: Ref<number>, calls: Map<string, CallLink>): Outline {
  const rounds = shallowRef<readonly OutlineRound[]>([])
  const series = shallowRef<SessionSeries | null>(null)
  const cacheBreaks = shallowRef<readonly number[] | null>(null)
  /** Rounds looked through so far. */
  let known = 0
  let running = false
  let disposed = false

  function note(found: readonly OutlineRound[]): void {
    for (const { round, calls: made, results } of found) {
      for (const { id, name } of made) {
        if (id !== null && (calls.get(id)?.calledIn ?? null) === null) link(calls, id, { name, calledIn: round })
      }
      for (const { callId } of results) {
        if (callId !== null && (calls.get(callId)?.answeredIn ?? null) === null)
          link(calls, callId, { answeredIn: round })
      }
    }
  }

  async function lookThrough(): Promise<void> {
    if (running) return
    running = true
    try {
      series.value = await api.call('session:series', sessionId)
      let from: number | null = known + 1
      while (from !== null && !disposed) {
        const page: { rounds: readonly OutlineRound[]; next: number | null } = await api.call('session:outline', {
          sessionId,
          from,
        })
        note(page.rounds)
        if (page.rounds.length > 0) rounds.value = [...rounds.value, ...page.rounds]
        from = page.next
      }
      known = series.value.times.length
      const insights = await api.call('insights:session', sessionId)
      cacheBreaks.value = insights.rounds.filter((one) => one.cacheBreak !== null).map((one) => one.round)
    } catch {
      // The rounds themselves say what is wrong with the session; without an outline only the jumps are missing.
    } finally {
      running = false
    }
    if (!disposed && total.value > known && known > 0) void lookThrough()
  }

  watch(total, (now) => {
    if (now < known) {
      known = 0
      rounds.value = []
    }
    if (now > known) void lookThrough()
  })
  onScopeDispose(() => (disposed = true))
  return { rounds, series, cacheBreaks }
}
