import { afterEach, expect, test, vi } from 'vitest'
import { createRetention } from '../../../../src-main/desktop/services/retention'
import { defaultStoredSettings } from '../../../../src-main/desktop/settings/stored-settings'
import type { EngineClient } from '../../../../src-main/engine/thread/client'
import type { Engine } from '../../../../src-main/engine/engine'
import { logLine } from '../../../fixtures/log-line'
import { engineOver } from '../../../fixtures/open-engine'
import { eventually } from '../../../fixtures/patience'

const DAY_MS = 86_400_000
const NOW = Date.UTC(2026, 5, 1)

const line = (session: string, daysAgo: number) =>
  logLine({ session_id: session, model: 'm' }, { start_time: new Date(NOW - daysAgo * DAY_MS).toISOString() })

/** The real engine, asked as the app asks it. */
function asClient(engine: Engine): Pick<EngineClient, 'call'> {
  const methods = engine as unknown as Record<string, (...args: readonly unknown[]) => unknown>
  const call = (method: string, ...args: readonly unknown[]) =>
    Promise.resolve({ ok: true, value: methods[method]?.(...args) })
  return { call: call as unknown as EngineClient['call'] }
}

function retention(engine: Engine, days: number | null) {
  const settings = { ...defaultStoredSettings, settings: { ...defaultStoredSettings.settings, retention: { days } } }
  const info = vi.fn()
  const made = createRetention({
    engine: asClient(engine),
    settings: { current: () => settings },
    log: { info, warn: vi.fn() },
    now: () => NOW,
  })
  stops.push(made.stop)
  return { made, info }
}

const stops: (() => void)[] = []
afterEach(() => {
  for (const stop of stops.splice(0)) stop()
})

const ended = (engine: Engine) => eventually(() => expect(engine.deletion().result).not.toBeNull())

test('by the rule, sessions that ended before it are deleted, and counted in the program log', async () => {
  const engine = await engineOver([line('old', 91), line('both', 91), line('both', 89)])
  const { made, info } = retention(engine, 90)
  await made.apply()
  await ended(engine)
  expect(engine.overview({ recentLimit: 0 }).totals).toMatchObject({ sessions: 1, rounds: 2 })
  expect(info).toHaveBeenCalledExactlyOnceWith('retention', { days: 90, sessions: 1, rounds: 1 })
})

test('without a rule, and where nothing is old, nothing is done', async () => {
  const engine = await engineOver([line('a', 10)])
  for (const days of [null, 11]) {
    const { made, info } = retention(engine, days)
    await made.apply()
    expect(info).not.toHaveBeenCalled()
  }
  expect(engine.deletion()).toMatchObject({ active: false, result: null })
})

test('asked for, what is older is told and deleted', async () => {
  const engine = await engineOver([line('a', 10), line('b', 5)])
  const { made } = retention(engine, null)
  expect(await made.olderThan(7)).toEqual({ ok: true, value: { sessions: 1, rounds: 1 } })
  await made.deleteOlderThan(7)
  await ended(engine)
  expect(engine.overview({ recentLimit: 0 }).totals.rounds).toBe(1)
})
