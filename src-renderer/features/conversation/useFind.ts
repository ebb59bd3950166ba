import { computed, onScopeDispose, ref, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from 'vue'
import type { FindMatch, SessionFindPage } from '@contract'
import { api } from '../../api'

export interface Find {
  readonly text: Ref<string>
  readonly matches: ShallowRef<readonly FindMatch[]>
  /** Places, over all rounds found so far. */
  readonly count: ComputedRef<number>
  readonly busy: Ref<boolean>
  /** Index in `matches` of the round shown; -1 before the first. */
  readonly current: Ref<number>
  readonly failed: Ref<boolean>
  /** Moves to the next or previous round with a match; returns it. */
  readonly step: (direction: 1 | -1, from: number) => FindMatch | null
}

/** Typing pauses this long, ms, before the session is looked through. */
const PAUSE = 140

/** Finds a text in the session: the engine looks, a slice at a time, and what it finds is shown as it comes. */
export function useFind(sessionId: string, total: Ref<number>): Find {
  const text = ref('')
  const matches = shallowRef<readonly FindMatch[]>([])
  const busy = ref(false)
  const failed = ref(false)
  const current = ref(-1)
  let search = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  async function run(wanted: string, start: number): Promise<void> {
    const mine = ++search
    busy.value = true
    failed.value = false
    try {
      for (let from: number | null = start; from !== null;) {
        const page: SessionFindPage = await api.call('findInSession', { sessionId, text: wanted, from })
        if (mine !== search) return
        if (page.matches.length > 0) matches.value = [...matches.value, ...page.matches]
        from = page.next
      }
    } catch {
      if (mine === search) failed.value = true
    } finally {
      if (mine === search) busy.value = false
    }
  }

  watch(text, (now) => {
    clearTimeout(timer)
    search++
    matches.value = []
    current.value = -1
    busy.value = now !== ''
    failed.value = false
    if (now !== '') timer = setTimeout(() => void run(now, 1), PAUSE)
  })
  watch(total, (now, before) => {
    if (text.value === '' || before === 0) return
    if (now > before && !busy.value) void run(text.value, before + 1)
    else if (now < before) {
      // Some were deleted: the others have new numbers.
      matches.value = []
      current.value = -1
      void run(text.value, 1)
    }
  })
  onScopeDispose(() => {
    search++
    clearTimeout(timer)
  })

  function step(direction: 1 | -1, from: number): FindMatch | null {
    const found = matches.value
    if (found.length === 0) return null
    if (current.value < 0) {
      // The first time, from where the reader is.
      const at = found.findIndex((match) => match.round >= from)
      current.value = direction === 1 ? Math.max(0, at) : (at < 0 ? found.length : at) - 1
    } else current.value += direction
    current.value = (current.value + found.length) % found.length
    return found[current.value] ?? null
  }

  const count = computed(() => matches.value.reduce((sum, match) => sum + match.count, 0))
  return { text, matches, count, busy, current, failed, step }
}
