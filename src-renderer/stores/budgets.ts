import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import type { AppError, Budget, BudgetState } from '@contract'
import { api, toAppError, useEvent } from '../api'

/** The budgets and how much of them is used. */
export const useBudgetsStore = defineStore('budgets', () => {
  const states = shallowRef<readonly BudgetState[] | null>(null)
  const error = shallowRef<AppError | null>(null)

  /** The highest share a budget has reached; null below all. */
  const highest = computed(() => {
    const shares = (states.value ?? []).flatMap(({ share }) => share ?? [])
    return shares.length === 0 ? null : Math.max(...shares)
  })

  async function answer(asking: Promise<readonly BudgetState[]>): Promise<boolean> {
    try {
      states.value = await asking
      error.value = null
      return true
    } catch (thrown) {
      error.value = toAppError(thrown)
      return false
    }
  }

  useEvent('budgets:changed', (changed) => {
    states.value = changed
  })

  return {
    states,
    error,
    highest,
    refresh: async (): Promise<void> => {
      await answer(api.call('budgets:get'))
    },
    /** Says whether it could be done. */
    set: (budgets: readonly Budget[]) => answer(api.call('budgets:set', budgets)),
  }
})
