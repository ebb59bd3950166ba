import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { AppError, SearchHit, SearchPage } from '@contract'
import { api, toAppError } from '../api'
import { isNarrowed, NO_SEARCH, searchQuery, type SearchView } from './search-query'

/**
 * The search and what it has found so far. One runs at a time: another text or filter ends it, and an answer that comes
 * later is dropped. What was found stays until the next search finds something or ends, and while another page is open.
 */
export const useSearchStore = defineStore('search', () => {
  const view = shallowRef<SearchView>(NO_SEARCH)
  const hits = shallowRef<readonly SearchHit[]>([])
  /** The text that `hits` hold. */
  const found = ref('')
  const busy = ref(false)
  /** `hits` are those of the search before. */
  const stale = ref(false)
  const error = shallowRef<AppError | null>(null)
  const page = shallowRef<Omit<SearchPage, 'hits'> | null>(null)
  /** Where in the list the reader is. */
  const scrollTop = ref(0)
  const active = ref(-1)
  /** Keys of the sessions of which every hit is shown. */
  const opened = shallowRef<ReadonlySet<string>>(new Set())
  /** Grows when the field is to be typed into. */
  const focusWanted = ref(0)
  let generation = 0
  let running: number | null = null
  let shown = JSON.stringify(NO_SEARCH)

  const narrowed = computed(() => isNarrowed(view.value))
  /** Of what there is to be looked through, 0 to 1. */
  const progress = computed(() =>
    page.value === null || page.value.totalRequests === 0 ? 0 : page.value.scannedRequests / page.value.totalRequests,
  )

  /** Searches for something else; what is shown already is not searched for again. */
  async function search(wanted: SearchView): Promise<void> {
    const key = JSON.stringify({ ...wanted, text: wanted.text.trim() })
    view.value = wanted
    if (key === shown) return
    shown = key
    await run()
  }

  /** Ends the search under way: another is about to begin. */
  function stop(): void {
    generation += 1
    if (running !== null) void api.call('searchCancel', running).catch(() => undefined)
    running = null
    shown = ''
  }

  /** Searches again, in what has come meanwhile too. `again`: for the last one ended by itself. */
  async function run(again = false): Promise<void> {
    const key = shown
    stop()
    shown = key
    const mine = generation
    error.value = null
    page.value = null
    const query = searchQuery(view.value, Date.now())
    if (query === null) {
      replace([], '')
      busy.value = false
      return
    }
    busy.value = true
    stale.value = true
    try {
      const id = await api.call('searchStart', query)
      if (mine !== generation) {
        void api.call('searchCancel', id).catch(() => undefined)
        return
      }
      running = id
      for (;;) {
        const { hits: more, ...how } = await api.call('searchNext', id)
        if (mine !== generation) return
        page.value = how
        add(more, query.text, how.done)
        if (how.done) break
      }
    } catch (thrown) {
      if (mine !== generation) return
      const failure = toAppError(thrown)
      // Part of the history was deleted meanwhile, or the engine started again: it is looked for in what there is now.
      if (failure.code === 'not-found' && !again) {
        await run(true)
        return
      }
      error.value = failure
      replace([], query.text)
    }
    running = null
    busy.value = false
  }

  function add(more: readonly SearchHit[], text: string, done: boolean): void {
    if (stale.value) {
      if (more.length > 0 || done) replace(more, text)
    } else if (more.length > 0) hits.value = [...hits.value, ...more]
  }

  function replace(by: readonly SearchHit[], text: string): void {
    hits.value = by
    found.value = text
    stale.value = false
    scrollTop.value = 0
    active.value = -1
    opened.value = new Set()
  }

  function toggle(key: string): void {
    const next = new Set(opened.value)
    if (!next.delete(key)) next.add(key)
    opened.value = next
  }

  return {
    view,
    hits,
    found,
    busy,
    stale,
    error,
    page,
    scrollTop,
    active,
    opened,
    focusWanted,
    narrowed,
    progress,
    search,
    stop,
    run: () => run(),
    toggle,
  }
})
