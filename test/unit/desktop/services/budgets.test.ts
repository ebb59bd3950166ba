import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { budgetWords } from '../../../../src-main/desktop/words/budget-words'
import { createBudgets, type Budgets } from '../../../../src-main/desktop/services/budgets'
import { ok } from '../../../../src-main/shared/result'
import { openSettings, type SettingsStore } from '../../../../src-main/desktop/settings/settings-store'
import { textsFor } from '../../../../src-main/desktop/words/texts'
import type { Budget, BudgetState } from '../../../../src-main/contract/index'
import type { EngineClient } from '../../../../src-main/engine/thread/client'
import { eventually } from '../../../fixtures/patience'

const budget: Budget = { id: 'one', period: 'day', unit: 'usd', limit: 10, scope: { kind: 'all' } }

let folder: string
let settings: SettingsStore
let budgets: Budgets
let used: number
let start: string
let told: number[]
let marks: (number | null)[][]

/** As the engine says it. */
const stateOf = (of: Budget): BudgetState => ({
  budget: of,
  start,
  used,
  unpricedRounds: 0,
  share: [0.5, 0.8, 1].filter((share) => used >= share * of.limit).at(-1) ?? null,
})

async function open(): Promise<void> {
  settings = await openSettings({
    path: join(folder, 'settings.json'),
    notify: () => undefined,
    texts: () => textsFor('en', 'en'),
    delayMs: 0,
  })
  const call = (_: string, list: readonly Budget[]) => Promise.resolve(ok(list.map(stateOf)))
  budgets = createBudgets({
    engine: { call: call as unknown as EngineClient['call'] },
    settings,
    notify: ({ share }) => told.push(share ?? 0),
    onChanged: (states) => marks.push(states.map(({ share }) => share)),
    delayMs: 0,
  })
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'budgets-'))
  used = 0
  start = '2026-02-01'
  told = []
  marks = []
  await open()
})

afterEach(async () => {
  budgets.stop()
  await settings.flush()
  await rm(folder, { recursive: true })
})

/** Lets the budgets look once, and waits until they have. */
async function spend(amount: number): Promise<void> {
  used = amount
  const before = marks.length
  budgets.storeChanged()
  budgets.storeChanged()
  await eventually(() => expect(marks.length).toBeGreaterThan(before))
}

describe('a budget', () => {
  test('is told at each share once, and the highest alone where several were passed', async () => {
    await budgets.set([budget])
    await spend(5)
    await spend(8.5)
    await spend(12)
    await budgets.set([budget])
    expect(told).toEqual([0.5, 0.8, 1])
    expect(marks.at(-1)).toEqual([1])
    used = 9
    await budgets.set([{ ...budget, id: 'two' }])
    expect(told).toEqual([0.5, 0.8, 1, 0.8])
  })

  test('is not told again after a restart', async () => {
    await budgets.set([budget])
    await spend(8.5)
    budgets.stop()
    await settings.flush()
    await open()
    await spend(8.6)
    expect(told).toEqual([0.8])
  })

  test('is told before it can be lost only once it is written down', async () => {
    const flush = vi.spyOn(settings, 'flush')
    used = 6
    await budgets.set([budget])
    expect(flush).toHaveBeenCalledOnce()
    expect(told).toEqual([0.5])
  })

  test('is told anew when it is for something else', async () => {
    used = 9
    await budgets.set([budget])
    await budgets.set([{ ...budget, scope: { kind: 'model', name: 'gpt-4o' } }])
    await budgets.set([{ ...budget, period: 'month' }])
    expect(told).toEqual([0.8, 0.8, 0.8])
  })

  test('is told again in another period, and with another limit', async () => {
    used = 9
    await budgets.set([budget])
    start = '2026-02-02'
    await spend(9)
    await budgets.set([{ ...budget, limit: 11 }])
    expect(told).toEqual([0.8, 0.8, 0.8])
  })
})

describe('what a notification says', () => {
  const state: BudgetState = { budget, start: '2026-02-01', used: 8.5, unpricedRounds: 0, share: 0.8 }

  test('names the scope, the share, what was used and the period', () => {
    expect(budgetWords(state, textsFor('en', 'en'), 'en')).toEqual({
      title: 'Budget for everything: 80% used',
      body: '$8.50 of $10.00 a day (from 2026-02-01).',
    })
  })

  test('takes a name as it is, even one that looks like a placeholder', () => {
    const named = { ...state, share: 1, budget: { ...budget, scope: { kind: 'model', name: '{percent}' } as const } }
    expect(budgetWords(named, textsFor('en', 'en'), 'en').title).toBe('Budget for {percent} is used up')
  })
})
