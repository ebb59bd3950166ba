import { onScopeDispose, shallowRef, watch, type Ref, type ShallowRef } from 'vue'
import type { AppError, ComparedRow, ComparedSessions, Comparison, SessionSeries } from '@contract'
import { api, toAppError } from '../../api'
import { useLive } from '../../composables/useLive'

/** Rows fetched together, and how many such pages are kept. */
const PAGE = 50
const MOST_PAGES = 12

export interface ComparedData {
  readonly comparison: ShallowRef<Comparison | null>
  readonly series: ShallowRef<Readonly<Record<'a' | 'b', SessionSeries | null>>>
  readonly error: ShallowRef<AppError | null>
  readonly rowAt: (row: number) => ComparedRow | undefined
  /** Tells which rows are on screen, from 1; `end` is not one of them. */
  readonly show: (first: number, end: number) => void
  readonly refresh: () => Promise<void>
}

/** Two sessions, read until they are aligned, and of their rows those that are looked at. */
export function useComparison(pair: Ref<ComparedSessions | null>): ComparedData {
  const comparison = shallowRef<Comparison | null>(null)
  const series = shallowRef<Readonly<Record<'a' | 'b', SessionSeries | null>>>({ a: null, b: null })
  const error = shallowRef<AppError | null>(null)
  const pages = shallowRef<ReadonlyMap<number, readonly ComparedRow[]>>(new Map())
  let pending = new Set<number>()
  let shown = { first: 1, end: 1 }
  /** An answer about another pair, or an older store, is dropped. */
  let generation = 0
  /** Rows are of one alignment. */
  let alignments = 0
  onScopeDispose(() => (generation += 1))

  async function refresh(): Promise<void> {
    const sessions = pair.value
    const mine = (generation += 1)
    const isMine = (): boolean => mine === generation
    if (sessions === null) return
    try {
      let answer = await api.call('compareSessions', sessions)
      while (isMine() && answer.alignment === null) {
        // A comparison on screen stays until the new one is whole.
        if (!comparison.value?.alignment) comparison.value = answer
        answer = await api.call('compareSessions', sessions)
      }
      if (!isMine()) return
      const before = comparison.value
      error.value = null
      if (before?.alignment && before.a.revision === answer.a.revision && before.b.revision === answer.b.revision)
        return
      const [a, b] = await Promise.all([api.call('sessionSeries', sessions.a), api.call('sessionSeries', sessions.b)])
      if (!isMine()) return
      const fresh = await Promise.all(pagesShown(answer.alignment?.rows ?? 0).map((page) => fetchPage(sessions, page)))
      if (!isMine()) return
      alignments += 1
      comparison.value = answer
      series.value = { a, b }
      pages.value = new Map(fresh)
      pending = new Set()
      loadShown()
    } catch (thrown) {
      if (!isMine()) return
      error.value = toAppError(thrown)
      // One was deleted: nothing of it stays on screen.
      if (error.value.code === 'not-found') forget()
    }
  }

  function forget(): void {
    alignments += 1
    comparison.value = null
    pages.value = new Map()
    series.value = { a: null, b: null }
    pending = new Set()
  }

  async function fetchPage(sessions: ComparedSessions, page: number) {
    const { rows } = await api.call('comparedRows', { ...sessions, from: page * PAGE + 1, limit: PAGE })
    return [page, rows] as const
  }

  function pagesShown(rows: number): number[] {
    const last = Math.floor((Math.min(rows, shown.end - 1) - 1) / PAGE)
    const found: number[] = []
    for (let page = Math.floor((shown.first - 1) / PAGE); page <= last; page++) found.push(page)
    return found
  }

  function loadShown(): void {
    const rows = comparison.value?.alignment?.rows ?? 0
    for (const page of pagesShown(rows)) if (!pages.value.has(page) && !pending.has(page)) void load(page)
  }

  async function load(page: number): Promise<void> {
    const sessions = pair.value
    const mine = alignments
    if (sessions === null) return
    pending.add(page)
    try {
      const [, rows] = await fetchPage(sessions, page)
      if (mine !== alignments) return
      const kept = new Map(pages.value)
      kept.set(page, rows)
      const near = new Set(pagesShown(comparison.value?.alignment?.rows ?? 0))
      for (const old of kept.keys()) {
        if (kept.size <= MOST_PAGES) break
        if (!near.has(old)) kept.delete(old)
      }
      pages.value = kept
    } catch (thrown) {
      if (mine === alignments) error.value = toAppError(thrown)
    } finally {
      if (mine === alignments) pending.delete(page)
    }
  }

  function show(first: number, end: number): void {
    shown = { first, end }
    loadShown()
  }

  const rowAt = (row: number): ComparedRow | undefined =>
    pages.value.get(Math.floor((row - 1) / PAGE))?.[(row - 1) % PAGE]

  watch(
    () => [pair.value?.a, pair.value?.b],
    () => {
      error.value = null
      forget()
      void refresh()
    },
  )
  useLive(refresh, 1000)

  return { comparison, series, error, rowAt, show, refresh }
}
