import { onScopeDispose, shallowRef, watch, type Ref, type ShallowRef } from 'vue'
import type { OutlineRound, SessionInsights, SessionSeries } from '@contract'
import { api } from '../../api'
import { noteAnswer, noteCall, type CallLink } from './model/tool-calls'

export interface Outline {
  /** Rounds with something to tell, in order; grows while the session is looked through. */
  readonly rounds: ShallowRef<readonly OutlineRound[]>
  readonly series: ShallowRef<SessionSeries | null>
  /** What is particular about the session; undefined until it was asked for, null where it can't be had. */
  readonly insights: ShallowRef<SessionInsights | null | undefined>
}

/** What is found is shown this often, ms: with every slice, a long session's page would do nothing but draw. */
const SHOW_EVERY = 250

/**
 * Looks the whole session through in the background: figures of every round, calls, results, failures. `relink`: to be
 * called when it was begun anew, for what is known of the calls from the rounds on screen. `costUsd`: of all rounds; its
 * change says that those known have other prices.
 */
export function useOutline(
  sessionId: string,
  total: Ref<number>,
  calls: Map<string, CallLink>,
  relink: () => void = () => undefined,
  costUsd: Ref<number | null | undefined> = shallowRef(),
): Outline {
  const rounds = shallowRef<readonly OutlineRound[]>([])
  const series = shallowRef<SessionSeries | null>(null)
  const insights = shallowRef<SessionInsights | null>()
  /** Rounds looked through so far, and their times. */
  let known = 0
  let knownTimes: readonly number[] = []
  /** Rounds that are being looked through; 0 while none are. */
  let looking = 0
  /** Changes when what was looked at is no longer there: what is under way is of no use then. */
  let begun = 0
  let running = false
  /** How often costs changed. */
  let repriced = 0
  let disposed = false

  function note(found: readonly OutlineRound[]): void {
    for (const { round, calls: made, results } of found) {
      for (const { id, name } of made) {
        if (id !== null) noteCall(calls, id, name, round)
      }
      for (const { callId } of results) if (callId !== null) noteAnswer(calls, callId, round, null)
    }
  }

  async function lookThrough(): Promise<void> {
    if (running) return
    running = true
    const costsOf = repriced
    looking = total.value
    let mine = begun
    try {
      const fresh = await api.call('sessionSeries', sessionId)
      if (mine !== begun) return
      series.value = fresh
      // One that came late stands among those before it, and they are counted on from there.
      if (!knownTimes.every((time, at) => fresh.times[at] === time)) forget()
      mine = begun
      looking = fresh.times.length
      // What was found before an interruption is found again.
      let kept = rounds.value.filter(({ round }) => round <= known)
      insights.value = await api.call('sessionInsights', sessionId).catch(() => insights.value ?? null)
      let from: number | null = known < fresh.times.length ? known + 1 : null
      let shownAt = -Infinity
      let found: OutlineRound[] = []
      while (from !== null && !disposed) {
        const page: { rounds: readonly OutlineRound[]; next: number | null } = await api.call('sessionOutline', {
          sessionId,
          from,
        })
        if (mine !== begun) return
        // What came since the figures is looked at with the figures that tell of it.
        const told = page.rounds.filter(({ round }) => round <= fresh.times.length)
        note(told)
        found = found.concat(told)
        from = page.next
        if (found.length > 0 && (from === null || performance.now() - shownAt > SHOW_EVERY)) {
          rounds.value = kept = kept.concat(found)
          found = []
          shownAt = performance.now()
        }
      }
      if (known === 0) relink()
      known = fresh.times.length
      knownTimes = fresh.times
    } catch {
      // The rounds themselves say what is wrong with the session; without an outline only the jumps are missing.
      insights.value ??= null
    } finally {
      running = false
      looking = 0
      const more = total.value > known && (known > 0 || mine !== begun)
      if (!disposed && (more || costsOf !== repriced)) void lookThrough()
    }
  }

  function forget(): void {
    begun += 1
    known = 0
    knownTimes = []
    rounds.value = []
    calls.clear()
  }

  watch(total, (now) => {
    if (now < Math.max(known, looking)) forget()
    if (now > known) void lookThrough()
  })
  watch([total, costUsd] as const, ([rounds, usd], [roundsBefore, usdBefore]) => {
    if (rounds === 0 || rounds !== roundsBefore || usdBefore === undefined || usd === usdBefore) return
    repriced += 1
    void lookThrough()
  })
  onScopeDispose(() => (disposed = true))
  return { rounds, series, insights }
}
