import { shallowReactive, shallowRef, type ShallowReactive, type ShallowRef } from 'vue'
import type { AppError, Round, SessionHeader } from '@contract'
import { api, toAppError } from '../../api'

/** Rounds fetched and rendered together. */
export const PAGE = 10
/** Rounds before a page that are fetched with it, so that repetitions across its border are seen. */
const CONTEXT = 3
/** Pages that are put up together when one of them comes near the screen. */
export const BLOCK = 20
/** Pages kept in memory beyond those on screen. */
const MOST_PAGES = 24

interface LoadedPage {
  readonly rounds: readonly Round[]
  readonly earlier: readonly Round[]
}

export interface Conversation {
  readonly header: ShallowRef<SessionHeader | null>
  readonly error: ShallowRef<AppError | null>
  readonly total: ShallowRef<number>
  readonly pages: ShallowReactive<Map<number, LoadedPage>>
  readonly pageErrors: ShallowReactive<Map<number, AppError>>
  /** Pages on or near the screen; only these are rendered. */
  readonly near: ShallowReactive<Set<number>>
  /** Blocks of pages that came near the screen, or were gone to; the others are empty boxes. */
  readonly opened: ShallowReactive<Set<number>>
  readonly refresh: () => Promise<void>
  /** Fetches a page that is not there yet, and opens its block. */
  readonly load: (page: number) => Promise<void>
}

export const pageOf = (round: number): number => Math.floor((round - 1) / PAGE)

/** One session's header and rounds, the rounds a page at a time. */
export function useConversation(sessionId: string): Conversation {
  const header = shallowRef<SessionHeader | null>(null)
  const error = shallowRef<AppError | null>(null)
  const total = shallowRef(0)
  const pages = shallowReactive(new Map<number, LoadedPage>())
  const pageErrors = shallowReactive(new Map<number, AppError>())
  const near = shallowReactive(new Set<number>())
  const opened = shallowReactive(new Set([0]))
  const pending = new Map<number, Promise<void>>()

  async function fetchPage(page: number, again = false): Promise<void> {
    const first = page * PAGE + 1
    const from = Math.max(1, first - CONTEXT)
    try {
      const answer = await api.call('sessionRounds', { sessionId, from, limit: first - from + PAGE })
      // Older than what is known meanwhile.
      if (answer.total < total.value && !again) {
        await fetchPage(page, true)
        return
      }
      pages.delete(page)
      pages.set(page, {
        earlier: answer.rounds.filter((round) => round.round < first),
        rounds: answer.rounds.filter((round) => round.round >= first),
      })
      pageErrors.delete(page)
      total.value = Math.max(total.value, answer.total)
      forgetFarPages()
    } catch (thrown) {
      pageErrors.set(page, toAppError(thrown))
    }
  }

  function forgetFarPages(): void {
    for (const page of pages.keys()) {
      if (pages.size <= MOST_PAGES) return
      if (!near.has(page)) pages.delete(page)
    }
  }

  /** The session was deleted: nothing of it stays on screen. */
  function forget(): void {
    header.value = null
    total.value = 0
    pages.clear()
    near.clear()
    near.add(0)
    opened.clear()
    opened.add(0)
  }

  function load(page: number): Promise<void> {
    opened.add(Math.floor(page / BLOCK))
    if (pages.has(page)) return Promise.resolve()
    return pending.get(page) ?? reload(page)
  }

  /** One that is on its way already may not have what came since: it is asked for once more. */
  function reload(page: number): Promise<void> {
    const running = pending.get(page)
    const started = running === undefined ? fetchPage(page) : running.then(() => fetchPage(page))
    pending.set(page, started)
    return started.finally(() => {
      if (pending.get(page) === started) pending.delete(page)
    })
  }

  async function refresh(): Promise<void> {
    let answer: SessionHeader
    try {
      answer = await api.call('sessionHeader', sessionId)
    } catch (thrown) {
      error.value = toAppError(thrown)
      if (error.value.code === 'not-found') forget()
      return
    }
    error.value = null
    const before = header.value
    if (before?.revision === answer.revision) return
    // What could not be had while the session was not there is asked for again.
    if (before === null) pageErrors.clear()
    // What was asked for with the first header may have been answered before the last of its rounds came.
    const isWhole = before === null && (total.value === 0 || total.value === answer.rounds)
    header.value = answer
    total.value = answer.rounds
    // Other sessions changed, not this one: what is on screen stands.
    if (isWhole || (before !== null && sameBut(before, answer))) return
    const shown = [...near]
    for (const page of pages.keys()) if (!near.has(page)) pages.delete(page)
    await Promise.all(shown.map(reload))
  }

  return { header, error, total, pages, pageErrors, near, opened, refresh, load }
}

function sameBut(a: SessionHeader, b: SessionHeader): boolean {
  return JSON.stringify({ ...a, revision: 0 }) === JSON.stringify({ ...b, revision: 0 })
}
