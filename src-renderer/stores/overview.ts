import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import type { AppError, Bucket, LatestRequest, Overview, OverviewSettings } from '@contract'
import { api, toAppError } from '../api'
import { useAppStore } from './app'
import { bucketOf, isFiltered, overviewQuery, rangesOf } from './overview-query'

export type Measure = 'cost' | 'tokens'

const RECENT_SESSIONS = 8
const TOP_SESSIONS = 8
const LATEST_REQUESTS = 14

/** The overview's numbers. The last answer stays while the next is on its way, also across pages. */
export const useOverviewStore = defineStore('overview', () => {
  const app = useAppStore()
  const data = shallowRef<Overview | null>(null)
  const error = shallowRef<AppError | null>(null)
  const latest = shallowRef<readonly LatestRequest[]>([])
  /** The question `data` answers. */
  let answered = ''
  let asked = 0

  const view = computed<OverviewSettings>(() => app.settings.overview)
  const filtered = computed(() => view.value.range !== 'all' || isFiltered(view.value.filter))
  const bucket = computed<Bucket>(() => bucketOf(rangesOf(view.value, Date.now())?.range ?? null, view.value.bucket))

  /** What the charts show: money, unless none is known. */
  const measure = computed<Measure>(
    () => view.value.measure ?? (data.value?.totals.costUsd === null ? 'tokens' : 'cost'),
  )

  /** Nothing was ever read: no filter would help. */
  const storeEmpty = computed(
    () => data.value !== null && data.value.totals.rounds === 0 && data.value.choices.models.length === 0,
  )

  async function refresh(): Promise<void> {
    const mine = ++asked
    const query = overviewQuery(view.value, Date.now(), { recent: RECENT_SESSIONS, top: TOP_SESSIONS })
    const question = JSON.stringify(query)
    try {
      const [answer, requests] = await Promise.all([
        api.call('overview', query),
        api.call('latestRequests', LATEST_REQUESTS).catch(() => []),
      ])
      // Of two questions asked one after the other, the first may be answered last.
      if (mine !== asked) return
      error.value = null
      if (requests[0]?.seq !== latest.value[0]?.seq) latest.value = requests
      if (data.value?.revision === answer.revision && answered === question) return
      answered = question
      data.value = answer
    } catch (thrown) {
      if (mine === asked) error.value = toAppError(thrown)
    }
  }

  /** Changes what is shown, remembers it, and asks anew. */
  async function change(part: Partial<OverviewSettings>): Promise<void> {
    void app.change({ overview: { ...view.value, ...part } })
    await refresh()
  }

  /** Days as YYYY-MM-DD. */
  const showDays = (from: string, to: string): Promise<void> => change({ range: 'custom', from, to, bucket: null })
  const reset = (): Promise<void> => change({ range: 'all', from: null, to: null, filter: {} })

  return { data, error, latest, view, filtered, bucket, measure, storeEmpty, refresh, change, showDays, reset }
})
