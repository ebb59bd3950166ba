import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import type { AppError, SessionRow, SessionSortKey } from '@contract'
import { api, toAppError } from '../api'
import { useAppStore } from './app'

export const CHUNK = 100

export const SORT_KEYS: readonly SessionSortKey[] = [
  'session',
  'model',
  'rounds',
  'inputTokens',
  'outputTokens',
  'cost',
  'firstTime',
  'lastTime',
]

/** Text sorts from A first; what is counted or dated, from the greatest or latest. */
export const startsDescending = (key: SessionSortKey): boolean => key !== 'session' && key !== 'model'

/**
 * All sessions as a long list of which only the parts looked at are fetched, in chunks. A change of the store refetches
 * the chunks on screen and forgets the others.
 */
export const useSessionsStore = defineStore('sessions', () => {
  const app = useAppStore()
  /** Null until the first answer. */
  const total = shallowRef<number | null>(null)
  const chunks = shallowRef<ReadonlyMap<number, readonly SessionRow[]>>(new Map())
  const error = shallowRef<AppError | null>(null)
  const scrollTop = shallowRef(0)
  let shownFirst = 0
  let shownEnd = 40
  /** Answers to a question asked under another sort or an older store are dropped. */
  let generation = 0
  let pending = new Set<number>()

  const sort = computed<{ readonly sortBy: SessionSortKey; readonly descending: boolean }>(() => {
    const { sortBy, descending } = app.settings.sessionSort
    const key = SORT_KEYS.find((known) => known === sortBy)
    return key === undefined ? { sortBy: 'lastTime', descending: true } : { sortBy: key, descending }
  })

  const rowAt = (index: number): SessionRow | undefined => chunks.value.get(Math.floor(index / CHUNK))?.[index % CHUNK]

  function shownChunks(): number[] {
    const first = Math.floor(shownFirst / CHUNK)
    const last = Math.floor(Math.max(shownFirst, shownEnd - 1) / CHUNK)
    return Array.from({ length: last - first + 1 }, (_, step) => first + step)
  }

  const ask = (chunk: number) =>
    api.call('sessions:list', {
      sortBy: sort.value.sortBy,
      descending: sort.value.descending,
      offset: chunk * CHUNK,
      limit: CHUNK,
    })

  /** Fetches what is on screen anew and shows it in one step. */
  async function refresh(): Promise<void> {
    const mine = ++generation
    pending = new Set()
    const wanted = shownChunks()
    try {
      const answers = await Promise.all(wanted.map(ask))
      if (mine !== generation) return
      chunks.value = new Map(wanted.map((chunk, index) => [chunk, answers[index]?.rows ?? []]))
      total.value = answers.at(-1)?.total ?? 0
      error.value = null
    } catch (thrown) {
      if (mine === generation) error.value = toAppError(thrown)
    }
    show(shownFirst, shownEnd)
  }

  async function load(chunk: number): Promise<void> {
    const mine = generation
    pending.add(chunk)
    try {
      const answer = await ask(chunk)
      if (mine !== generation) return
      chunks.value = new Map(chunks.value).set(chunk, answer.rows)
      total.value = answer.total
    } catch (thrown) {
      if (mine === generation) error.value = toAppError(thrown)
    } finally {
      if (mine === generation) pending.delete(chunk)
    }
  }

  /** Tells which rows are on screen; what is missing of them is fetched. */
  function show(first: number, end: number): void {
    shownFirst = first
    shownEnd = end
    if (total.value === null) return
    for (const chunk of shownChunks()) {
      if (chunk * CHUNK < total.value && !chunks.value.has(chunk) && !pending.has(chunk)) void load(chunk)
    }
  }

  /** The chosen column again turns the order round. */
  async function sortBy(key: SessionSortKey): Promise<void> {
    const descending = sort.value.sortBy === key ? !sort.value.descending : startsDescending(key)
    shownFirst = 0
    shownEnd = 40
    scrollTop.value = 0
    void app.change({ sessionSort: { sortBy: key, descending } })
    await refresh()
  }

  return { total, chunks, error, sort, scrollTop, rowAt, refresh, show, sortBy }
})
