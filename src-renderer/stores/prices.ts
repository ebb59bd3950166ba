import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { AppError, PriceList, RepricingProgress, UserPrice } from '@contract'
import { api, toAppError } from '../api'
import { useAppStore } from './app'

/** The models that were logged with their prices, and what changes them. */
export const usePricesStore = defineStore('prices', () => {
  const app = useAppStore()
  const list = shallowRef<PriceList | null>(null)
  const error = shallowRef<AppError | null>(null)
  const progress = shallowRef<RepricingProgress>({ active: false, done: 0, total: 0 })

  async function load(): Promise<void> {
    try {
      list.value = await api.call('prices')
      progress.value = list.value.repricing
      error.value = null
    } catch (thrown) {
      error.value = toAppError(thrown)
    }
  }

  /** Does it and shows what came of it; false when it failed, which is told. */
  async function change(work: () => Promise<unknown>): Promise<boolean> {
    try {
      await work()
    } catch (thrown) {
      app.notifyError(thrown)
      return false
    }
    await load()
    return true
  }
  const set = (price: UserPrice): Promise<boolean> => change(() => api.call('setPrice', price))
  const reset = (model: string): Promise<boolean> => change(() => api.call('resetPrice', model))

  /** How many prices a file held; null when there was none. */
  async function importFile(): Promise<number | null> {
    let count: number | null = null
    await change(async () => (count = await api.call('prices:import')))
    return count
  }

  /** The file written; null when there was none. */
  async function exportFile(): Promise<string | null> {
    try {
      return await api.call('prices:export')
    } catch (thrown) {
      app.notifyError(thrown)
      return null
    }
  }

  return { list, error, progress, load, set, reset, importFile, exportFile }
})
