import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { useRouter } from 'vue-router'
import type { SessionRow } from '@contract'
import { compareRoute } from '../lib/routes'

/** Choosing two sessions of a list, one after the other. */
export const useCompareStore = defineStore('compare', () => {
  const router = useRouter()
  /** The first of the two, once it is chosen. */
  const marked = shallowRef<SessionRow | null>(null)

  /** The first session is marked, the second compared with it; the same one again is marked no more. */
  function choose(row: SessionRow): void {
    const first = marked.value
    if (first === null) {
      marked.value = row
      return
    }
    marked.value = null
    if (first.sessionId !== row.sessionId) void router.push(compareRoute(first.sessionId, row.sessionId))
  }

  const cancel = (): void => {
    marked.value = null
  }

  return { marked, choose, cancel }
})
