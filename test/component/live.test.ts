import { mount } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createPinia, setActivePinia } from 'pinia'
import { effectScope, ref } from 'vue'
import type { SessionListQuery, SessionRow } from '@contract'
import { api, MonitorError } from '../../src-renderer/api'
import { useLive } from '../../src-renderer/composables/useLive'
import { visibleRows } from '../../src-renderer/composables/useVirtualRows'
import type { CallLink } from '../../src-renderer/features/conversation/model/tool-calls'
import { useOutline } from '../../src-renderer/features/conversation/useOutline'
import { PAGE, useConversation } from '../../src-renderer/features/conversation/useConversation'
import { CHUNK, useSessionsStore } from '../../src-renderer/stores/sessions'
import { defaultSettings } from '@shared/default-settings'
import { useAppStore } from '../../src-renderer/stores/app'
import { aHeader, aRound, aSession, installMonitor } from './support'

beforeEach(() => {
  vi.useFakeTimers()
  setActivePinia(createPinia())
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe('useLive', () => {
  it('gathers a burst of changes into one more run, and never loses the last', async () => {
    const monitor = installMonitor({})
    let finish: () => void = () => undefined
    const refresh = vi.fn(() => new Promise<void>((resolve) => (finish = resolve)))
    const wrapper = mount({ setup: () => useLive(refresh, 400), render: () => null })
    expect(refresh).toHaveBeenCalledTimes(1)

    for (let revision = 0; revision < 50; revision++) monitor.emit('changed', { revision })
    expect(refresh, 'not while one is running').toHaveBeenCalledTimes(1)
    finish()
    await vi.advanceTimersByTimeAsync(399)
    expect(refresh, 'not before the pause is over').toHaveBeenCalledTimes(1)
    await vi.advanceTimersByTimeAsync(1)
    expect(refresh).toHaveBeenCalledTimes(2)
    finish()
    await vi.advanceTimersByTimeAsync(2000)
    expect(refresh, 'nothing changed since').toHaveBeenCalledTimes(2)

    monitor.emit('changed', { revision: 99 })
    expect(refresh, 'at once after a quiet time').toHaveBeenCalledTimes(3)

    wrapper.unmount()
    finish()
    monitor.emit('changed', { revision: 100 })
    await vi.advanceTimersByTimeAsync(2000)
    expect(refresh).toHaveBeenCalledTimes(3)
    expect(monitor.listeners()).toBe(0)
  })

  it('goes on after a run that failed', async () => {
    const monitor = installMonitor({})
    const refresh = vi.fn(() => Promise.reject(new Error('no')))
    mount({ setup: () => useLive(refresh, 100), render: () => null })
    await vi.advanceTimersByTimeAsync(200)
    monitor.emit('changed', { revision: 1 })
    expect(refresh).toHaveBeenCalledTimes(2)
  })
})

describe('visibleRows', () => {
  it('asks for what is on screen and a little more, within the list', () => {
    expect(visibleRows(20_000, 40, 0, 800, 5)).toEqual({ first: 0, end: 25 })
    expect(visibleRows(20_000, 40, 40_000, 800, 5)).toEqual({ first: 995, end: 1025 })
    expect(visibleRows(20_000, 40, 799_900, 800, 5)).toEqual({ first: 19_992, end: 20_000 })
    expect(visibleRows(3, 40, 5000, 800, 5)).toEqual({ first: 3, end: 3 })
    expect(visibleRows(0, 40, 0, 800, 5)).toEqual({ first: 0, end: 0 })
  })
})

describe('the sessions store', () => {
  const TOTAL = 20_000
  const rows = (query: SessionListQuery): readonly SessionRow[] =>
    Array.from({ length: Math.min(query.limit, TOTAL - query.offset) }, (_, step) =>
      aSession({ sessionId: `${query.sortBy}-${query.descending ? 'down' : 'up'}-${query.offset + step}` }),
    )
  const install = () =>
    installMonitor({
      sessions: (query) => ({ revision: 1, total: TOTAL, rows: rows(query) }),
      'settings:set': (change) => ({ ...defaultSettings, ...change }),
    })

  it('fetches only the parts that are looked at', async () => {
    const monitor = install()
    const store = useSessionsStore()
    await store.refresh()
    expect(monitor.countOf('sessions'), 'the rows on screen').toBe(1)
    await vi.advanceTimersByTimeAsync(500)
    expect(monitor.countOf('sessions'), 'and those a wheel’s turn away, when nothing is typed any more').toBe(2)
    expect(store.total).toBe(TOTAL)
    expect(store.rowAt(0)?.sessionId).toBe('lastTime-down-0')
    expect(store.rowAt(5000)).toBeUndefined()

    store.show(5000, 5040)
    await vi.advanceTimersByTimeAsync(0)
    expect(monitor.countOf('sessions')).toBe(5)
    expect(store.rowAt(5000)?.sessionId).toBe('lastTime-down-5000')
    store.show(5005, 5045)
    await vi.advanceTimersByTimeAsync(0)
    expect(monitor.countOf('sessions'), 'already there').toBe(5)
    const limits = monitor.calls.map((call) => (call.args[0] as SessionListQuery).limit)
    expect(Math.max(...limits)).toBe(CHUNK)
    expect(limits, '0 would mean all').not.toContain(0)
  })

  it('asks anew for what is on screen when the store changed, and shows the old until then', async () => {
    const monitor = install()
    const store = useSessionsStore()
    await store.refresh()
    store.show(5000, 5040)
    await vi.advanceTimersByTimeAsync(0)
    const again = store.refresh()
    expect(store.rowAt(5000), 'no flicker').toBeDefined()
    expect(monitor.calls.at(-1)?.args[0]).toMatchObject({ offset: 5000, limit: CHUNK })
    await again
    expect(store.rowAt(0), 'stale parts are forgotten').toBeUndefined()
  })

  it('sorts through the query, turns the order on the second time, and remembers it', async () => {
    const monitor = install()
    const store = useSessionsStore()
    await store.refresh()
    await store.sortBy('cost')
    expect(store.rowAt(0)?.sessionId).toBe('cost-down-0')
    await store.sortBy('cost')
    expect(store.rowAt(0)?.sessionId).toBe('cost-up-0')
    await store.sortBy('model')
    expect(store.sort).toEqual({ sortBy: 'model', descending: false })
    const stored = monitor.calls.filter((call) => call.channel === 'settings:set').at(-1)
    expect(stored?.args[0]).toEqual({ sessionSort: { sortBy: 'model', descending: false } })
  })

  it('falls back to the latest first when the stored order is nonsense', async () => {
    const monitor = install()
    await useAppStore().start()
    monitor.emit('settings:changed', {
      ...defaultSettings,
      sessionSort: { sortBy: 'cost; drop table', descending: false },
    })
    expect(useSessionsStore().sort).toEqual({ sortBy: 'lastTime', descending: true })
  })
})

describe('a conversation', () => {
  it('fetches a page with the rounds before it, and nothing else', async () => {
    const all = Array.from({ length: 2000 }, (_, index) => aRound({ round: index + 1 }))
    const monitor = installMonitor({
      sessionHeader: () => aHeader({ rounds: all.length }),
      sessionRounds: ({ from, limit }) => ({ total: all.length, rounds: all.slice(from - 1, from - 1 + limit) }),
    })
    const conversation = useConversation('s')
    await conversation.refresh()
    expect(monitor.countOf('sessionRounds')).toBe(0)
    await conversation.load(50)
    expect(monitor.calls.at(-1)?.args[0]).toEqual({ sessionId: 's', from: 50 * PAGE - 2, limit: PAGE + 3 })
    expect(conversation.pages.get(50)?.earlier.map((round) => round.round)).toEqual([498, 499, 500])
    expect(conversation.pages.get(50)?.rounds.map((round) => round.round)).toEqual(
      Array.from({ length: PAGE }, (_, index) => 501 + index),
    )
  })

  it('fetches nothing again while other sessions change, and what is near when this one does', async () => {
    let header = aHeader({ rounds: 40, revision: 1 })
    const monitor = installMonitor({
      sessionHeader: () => header,
      sessionRounds: ({ from, limit }) => ({
        total: header.rounds,
        rounds: Array.from({ length: Math.min(limit, header.rounds - from + 1) }, (_, index) =>
          aRound({ round: from + index }),
        ),
      }),
    })
    const conversation = useConversation('s')
    await conversation.refresh()
    conversation.near.add(1)
    await conversation.load(0)
    await conversation.load(1)
    expect(monitor.countOf('sessionRounds')).toBe(2)

    header = { ...header, revision: 2 }
    await conversation.refresh()
    expect(monitor.countOf('sessionRounds')).toBe(2)

    header = { ...header, revision: 3, rounds: 41 }
    await conversation.refresh()
    expect(monitor.countOf('sessionRounds')).toBe(3)
    expect(conversation.total.value).toBe(41)
    expect([...conversation.pages.keys()], 'far pages are forgotten').toEqual([1])
  })

  // Asked for together, the rounds may be answered before one arrives and the header after: it never came to be seen.
  it.each(['header', 'rounds'])('shows a round that arrived between two answers, the %s first', async (first) => {
    let rounds = 3
    const waiting: (() => void)[] = []
    const monitor = installMonitor({
      sessionHeader: () => aHeader({ rounds, revision: rounds }),
      sessionRounds: ({ from, limit }) => {
        const count = Math.min(limit, rounds - from + 1)
        const answer = { total: rounds, rounds: Array.from({ length: count }, (_, at) => aRound({ round: from + at })) }
        return new Promise((resolve) => waiting.push(() => resolve(answer))) as never
      },
    })
    const answered = async (): Promise<void> => {
      await vi.advanceTimersByTimeAsync(1)
      waiting.splice(0).forEach((answer) => answer())
      await vi.advanceTimersByTimeAsync(1)
    }
    const conversation = useConversation('s')
    const last = (page: number) => conversation.pages.get(page)?.rounds.at(-1)?.round
    conversation.near.add(0)
    void conversation.load(0)
    rounds = 4
    if (first === 'rounds') await answered()
    void conversation.refresh()
    await answered()
    await answered()
    expect(last(0)).toBe(4)

    // A page comes near the screen while another round arrives.
    rounds = 15
    void conversation.refresh()
    await answered()
    conversation.near.add(1)
    void conversation.load(1)
    rounds = 16
    void conversation.refresh()
    await answered()
    await answered()
    expect(last(1)).toBe(16)

    const asked = monitor.countOf('sessionRounds')
    void conversation.load(1)
    await conversation.refresh()
    await answered()
    expect(monitor.countOf('sessionRounds'), 'what is known is not asked for again').toBe(asked)
  })

  it('keeps an error of one page to that page', async () => {
    installMonitor({ sessionHeader: () => aHeader({ rounds: 40 }) })
    const conversation = useConversation('s')
    await conversation.refresh()
    await conversation.load(1)
    expect(conversation.error.value).toBeNull()
    expect(conversation.pageErrors.get(1)?.code).toBe('refused')
  })

  it('of a session that is deleted leaves nothing on screen, and comes back with it', async () => {
    let rounds = 40
    installMonitor({
      sessionHeader: () => aHeader({ rounds, revision: rounds }),
      sessionRounds: ({ from }) => ({ total: rounds, rounds: [aRound({ round: from })] }),
    })
    const conversation = useConversation('s')
    await conversation.refresh()
    await conversation.load(3)
    const refused = vi
      .spyOn(api, 'call')
      .mockRejectedValueOnce(new MonitorError({ code: 'not-found', message: 'Gone.' }))
    await conversation.refresh()
    refused.mockRestore()
    expect(conversation.error.value?.code).toBe('not-found')
    expect([conversation.header.value, conversation.total.value, conversation.pages.size]).toEqual([null, 0, 0])
    rounds = 1
    await conversation.refresh()
    expect([conversation.error.value, conversation.total.value]).toEqual([null, 1])
  })
})

describe('the outline of a session', () => {
  const called = (round: number, id: string) => ({
    round,
    calls: [{ id, name: 'f' }],
    results: [],
    failed: false,
    rewritten: false,
  })
  const figures = (times: readonly number[]) => ({
    revision: 1,
    times,
    inputTokens: times.map(() => 1),
    promptTokens: times.map(() => 1),
    cachedTokens: times.map(() => 1),
    outputTokens: times.map(() => 1),
    costUsd: times.map(() => 1),
  })

  it('counts anew where a round came late, and no round twice that came while it looked', async () => {
    let times = [10, 30]
    let behind = 0
    installMonitor({
      sessionSeries: () => figures(behind-- > 0 ? times.slice(0, -1) : times),
      sessionOutline: ({ from }) => ({
        rounds: times.map((time, at) => called(at + 1, `at ${String(time)}`)).filter(({ round }) => round >= from),
        next: null,
      }),
    })
    const total = ref(0)
    const calls = new Map<string, CallLink>()
    const scope = effectScope()
    const { rounds } = scope.run(() => useOutline('s', total, calls))!
    const seen = async () => {
      await vi.advanceTimersByTimeAsync(500)
      return rounds.value.map(({ round, calls: [call] }) => `${String(round)} ${call?.id ?? ''}`)
    }
    total.value = 2
    expect(await seen()).toEqual(['1 at 10', '2 at 30'])

    // A round more than the figures tell of.
    times = [10, 30, 40, 50]
    behind = 1
    total.value = 4
    expect(await seen()).toEqual(['1 at 10', '2 at 30', '3 at 40', '4 at 50'])

    // Another gateway's log brings what was said in between.
    times = [10, 20, 30, 40, 50]
    total.value = 5
    expect(await seen()).toEqual(['1 at 10', '2 at 20', '3 at 30', '4 at 40', '5 at 50'])
    expect(calls.get('at 30')?.calledIn).toEqual([3])
    scope.stop()
  })

  it('tells new costs of the same rounds, and looks through no round again for it', async () => {
    let usd = 1
    const monitor = installMonitor({
      sessionSeries: () => ({ ...figures([10, 20]), costUsd: [usd, usd] }),
      sessionOutline: ({ from }) => ({ rounds: [called(from, 'a')], next: from < 2 ? from + 1 : null }),
    })
    const total = ref(0)
    const costUsd = ref<number | null>()
    const scope = effectScope()
    const { series } = scope.run(() => useOutline('s', total, new Map<string, CallLink>(), undefined, costUsd))!
    total.value = 2
    costUsd.value = 2
    await vi.advanceTimersByTimeAsync(500)
    expect(monitor.countOf('sessionSeries'), 'once for what was never shown').toBe(1)
    usd = 5
    costUsd.value = 10
    await vi.advanceTimersByTimeAsync(500)
    expect(series.value?.costUsd).toEqual([5, 5])
    expect(monitor.countOf('sessionOutline')).toBe(2)
    scope.stop()
  })

  it('goes without what is particular about the session where it cannot be had, and keeps what is known of it', async () => {
    let refused = true
    let rounds = 2
    installMonitor({
      sessionSeries: () => figures(Array.from({ length: rounds }, (_, at) => at)),
      sessionOutline: () => ({ rounds: [], next: null }),
      sessionInsights: () => {
        if (refused) throw new Error('It cannot be had.')
        return { inference: null, branches: [], rounds: [] }
      },
    })
    const total = ref(0)
    const scope = effectScope()
    const { insights } = scope.run(() => useOutline('s', total, new Map<string, CallLink>()))!
    const seen = async () => {
      await vi.advanceTimersByTimeAsync(500)
      return insights.value
    }
    expect(insights.value, 'not asked yet').toBeUndefined()
    total.value = rounds
    expect(await seen()).toBeNull()
    refused = false
    rounds = total.value = 3
    expect(await seen()).not.toBeNull()
    refused = true
    rounds = total.value = 4
    expect(await seen()).not.toBeNull()
    scope.stop()
  })

  it('tells no round twice where it was interrupted, and none that was deleted while it looked', async () => {
    let rounds = 4
    let broken = true
    let release: () => void = () => undefined
    let held = Promise.resolve()
    const slice = async (from: number) => {
      const page = { rounds: [called(from, String(from))], next: from < rounds ? from + 1 : null }
      if (from !== 3) return page
      if (broken) throw new Error('The engine was started again.')
      await held
      return page
    }
    installMonitor({
      sessionSeries: () => figures(Array.from({ length: rounds }, (_, at) => at)),
      sessionOutline: ({ from }) => slice(from) as never,
    })
    const total = ref(0)
    const scope = effectScope()
    const { rounds: told } = scope.run(() => useOutline('s', total, new Map<string, CallLink>()))!
    const seen = async () => {
      await vi.advanceTimersByTimeAsync(500)
      return told.value.map(({ round }) => round)
    }
    total.value = 4
    await seen()
    broken = false
    rounds = total.value = 5
    expect(await seen()).toEqual([1, 2, 3, 4, 5])

    held = new Promise((resolve) => (release = resolve))
    rounds = total.value = 2
    expect(await seen()).toEqual([1, 2])
    rounds = total.value = 6
    await seen()
    rounds = total.value = 1
    release()
    expect(await seen()).toEqual([1])
    scope.stop()
  })
})
