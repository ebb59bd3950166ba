import { defineStore } from 'pinia'
import { computed, shallowReactive, shallowRef } from 'vue'
import type { AppError, ChosenFilter, SessionRow, SessionSortKey, Spark } from '@contract'
import { api, toAppError } from '../api'
import { useAppStore } from './app'

/** A screen's rows and some more: a longer answer takes longer to cross to the page than to be found. */
export const CHUNK = 50
const AHEAD = 30

/**
 * When the list has stood still this long, ms, what is not on screen is asked for: sparklines, and after another question
 * the rows a wheel's turn away. Each letter typed is another question.
 */
const PAUSE = 90
/** Sparklines asked for at a time, and kept. */
const MOST_ASKED = 60
const MOST_SPARKS = 2000

const SORT_KEYS: readonly SessionSortKey[] = [
  'session',
  'model',
  'rounds',
  'inputTokens',
  'outputTokens',
  'cachedTokens',
  'reasoningTokens',
  'failed',
  'duration',
  'cost',
  'firstTime',
  'lastTime',
]

/** Text sorts from A first; what is counted or dated, from the greatest or latest. */
const startsDescending = (key: SessionSortKey): boolean => key !== 'session' && key !== 'model'

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
  /** For the columns of the list, pixels. */
  const room = shallowRef(Infinity)
  /** The session that was opened last from the list, for whom comes back to it. */
  const opened = shallowRef<string | null>(null)
  /** What the sessions listed hold in their id, title or model. */
  const text = shallowRef('')
  const filter = shallowRef<ChosenFilter>({})
  let shownFirst = 0
  let shownEnd = 40
  /** Answers to a question asked under another sort or an older store are dropped. */
  let generation = 0
  let pending = new Set<number>()
  let settling: ReturnType<typeof setTimeout> | undefined

  const sort = computed<{ readonly sortBy: SessionSortKey; readonly descending: boolean }>(() => {
    const { sortBy, descending } = app.settings.sessionSort
    const key = SORT_KEYS.find((known) => known === sortBy)
    return key === undefined ? { sortBy: 'lastTime', descending: true } : { sortBy: key, descending }
  })

  const rowAt = (index: number): SessionRow | undefined => chunks.value.get(Math.floor(index / CHUNK))?.[index % CHUNK]

  /** The chunks on screen, and those of `ahead` rows before and after them. */
  function shownChunks(ahead = 0): number[] {
    const first = Math.floor(Math.max(0, shownFirst - ahead) / CHUNK)
    const last = Math.floor(Math.max(shownFirst, shownEnd - 1 + ahead) / CHUNK)
    return Array.from({ length: last - first + 1 }, (_, step) => first + step)
  }

  const ask = (chunk: number) =>
    api.call('sessions', {
      sortBy: sort.value.sortBy,
      descending: sort.value.descending,
      offset: chunk * CHUNK,
      limit: CHUNK,
      ...(text.value === '' ? {} : { text: text.value }),
      ...(Object.keys(filter.value).length === 0 ? {} : { filter: filter.value }),
    })

  /** Rows that say what they said stay the same objects: only those with news are rendered again. */
  function kept(chunk: number, rows: readonly SessionRow[]): readonly SessionRow[] {
    const before = chunks.value.get(chunk)
    if (before === undefined) return rows
    return rows.map((row, index) => {
      const known = before[index]
      return known !== undefined && JSON.stringify(known) === JSON.stringify(row) ? known : row
    })
  }

  /** Fetches what is on screen anew and shows it in one step. */
  async function refresh(): Promise<void> {
    const mine = ++generation
    pending = new Set()
    const wanted = shownChunks()
    try {
      const answers = await Promise.all(wanted.map(ask))
      if (mine !== generation) return
      chunks.value = new Map(wanted.map((chunk, index) => [chunk, kept(chunk, answers[index]?.rows ?? [])]))
      total.value = answers.at(-1)?.total ?? 0
      error.value = null
    } catch (thrown) {
      if (mine === generation) error.value = toAppError(thrown)
    }
    clearTimeout(settling)
    settling = setTimeout(() => {
      settling = undefined
      show(shownFirst, shownEnd)
    }, PAUSE)
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

  /** Tells which rows are on screen; what is missing of them and of those a wheel's turn away is fetched. */
  function show(first: number, end: number): void {
    shownFirst = first
    shownEnd = end
    if (total.value === null) return
    for (const chunk of shownChunks(settling === undefined ? AHEAD : 0)) {
      if (chunk * CHUNK < total.value && !chunks.value.has(chunk) && !pending.has(chunk)) void load(chunk)
    }
  }

  /** Lists other sessions: what is typed takes effect at once, an answer to what was typed before is dropped. */
  async function search(wanted: { readonly text?: string; readonly filter?: ChosenFilter }): Promise<void> {
    text.value = wanted.text ?? text.value
    filter.value = wanted.filter ?? filter.value
    shownFirst = 0
    shownEnd = 40
    scrollTop.value = 0
    await refresh()
  }

  // ── sparklines of the rows on screen, gathered in one question ──
  const sparks = shallowReactive(new Map<string, { readonly rounds: number; readonly spark: Spark }>())
  let sparkTimer: ReturnType<typeof setTimeout> | undefined
  let sparksPending = false

  const sparkOf = (row: SessionRow): Spark | undefined => sparks.get(row.sessionId)?.spark

  function wantSparks(): void {
    if (sparkTimer === undefined && !sparksPending) sparkTimer = setTimeout(() => void loadSparks(), PAUSE)
  }

  async function loadSparks(): Promise<void> {
    sparkTimer = undefined
    const wanted: SessionRow[] = []
    for (let index = shownFirst; index < shownEnd && wanted.length < MOST_ASKED; index++) {
      const row = rowAt(index)
      // A line is as good as the rounds it was made of.
      if (row !== undefined && sparks.get(row.sessionId)?.rounds !== row.rounds) wanted.push(row)
    }
    if (wanted.length === 0) return
    sparksPending = true
    try {
      const answer = await api.call(
        'sparks',
        wanted.map((row) => row.sessionId),
      )
      if (sparks.size > MOST_SPARKS) sparks.clear()
      wanted.forEach((row, index) => sparks.set(row.sessionId, { rounds: row.rounds, spark: answer[index] ?? [] }))
      sparksPending = false
      wantSparks()
    } catch {
      // Without its line a row says as much; asked again when the list changes.
      sparksPending = false
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

  return {
    total,
    chunks,
    error,
    sort,
    scrollTop,
    room,
    opened,
    text,
    filter,
    rowAt,
    refresh,
    show,
    sortBy,
    search,
    sparkOf,
    wantSparks,
  }
})
