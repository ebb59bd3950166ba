import { onScopeDispose, shallowRef, watch, type Ref, type ShallowRef } from 'vue'
import type { SessionRow } from '@contract'
import { api } from '../api'

/** Typing is waited for this long, ms: shorter than it takes to notice. */
const PAUSE = 50

export interface SessionSearch {
  readonly rows: ShallowRef<readonly SessionRow[]>
  /** The text `rows` are the answer to; null before the first one. */
  readonly answered: ShallowRef<string | null>
}

/**
 * The sessions whose id, title or model holds what is typed, the latest first, `limit` of them. What is typed meanwhile
 * replaces the question: an answer to an earlier one is dropped. Null: nothing is asked.
 */
export function useSessionSearch(text: Ref<string | null>, limit: number): SessionSearch {
  const rows = shallowRef<readonly SessionRow[]>([])
  const answered = shallowRef<string | null>(null)
  let asked = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  async function ask(wanted: string): Promise<void> {
    const mine = (asked += 1)
    const query = { sortBy: 'lastTime', descending: true, offset: 0, limit } as const
    const answer = await api.call('sessions', wanted === '' ? query : { ...query, text: wanted }).catch(() => null)
    if (mine !== asked) return
    rows.value = answer?.rows ?? []
    answered.value = wanted
  }

  watch(
    () => text.value?.trim(),
    (wanted, before) => {
      clearTimeout(timer)
      asked += 1
      if (wanted === undefined) {
        rows.value = []
        answered.value = null
      } else if (before === undefined) void ask(wanted)
      else timer = setTimeout(() => void ask(wanted), PAUSE)
    },
    { immediate: true },
  )
  onScopeDispose(() => {
    clearTimeout(timer)
    asked += 1
  })
  return { rows, answered }
}
