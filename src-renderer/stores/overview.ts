import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { AppError, Overview } from '@contract'
import { api, toAppError } from '../api'

export type Measure = 'cost' | 'tokens'

const RECENT_SESSIONS = 8

/** The overview's numbers. The last answer stays while the next is on its way, also across pages. */
export const useOverviewStore = defineStore('overview', () => {
  const data = shallowRef<Overview | null>(null)
  const error = shallowRef<AppError | null>(null)
  const chosenMeasure = ref<Measure | null>(null)

  /** What the charts show: money, unless none is known. */
  const measure = computed<Measure>(
    () => chosenMeasure.value ?? (data.value?.totals.costUsd === null ? 'tokens' : 'cost'),
  )

  async function refresh(): Promise<void> {
    try {
      const answer = await api.call('overview:get', { recentLimit: RECENT_SESSIONS })
      error.value = null
      if (data.value?.revision !== answer.revision) data.value = answer
    } catch (thrown) {
      error.value = toAppError(thrown)
    }
  }

  return { data, error, measure, chosenMeasure, refresh }
})
