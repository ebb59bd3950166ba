import type { Budget, BudgetState, Result } from '../../contract/index'
import type { EngineClient } from '../../engine/thread/client'
import { ok } from '../../shared/result'
import type { SettingsStore } from '../settings/settings-store'

/** Keeps the user's budgets, and tells when one reaches a share of its limit. */
export interface Budgets {
  /** All budgets and how much of each is used now. */
  readonly states: () => Promise<Result<readonly BudgetState[]>>
  /** Replaces them. What they have reached already is told at once. */
  readonly set: (budgets: readonly Budget[]) => Promise<Result<readonly BudgetState[]>>
  /** Looks soon whether one was crossed: the store changed. */
  readonly storeChanged: () => void
  readonly stop: () => void
}

export interface BudgetsOptions {
  readonly engine: Pick<EngineClient, 'call'>
  readonly settings: SettingsStore
  /** Shows a desktop notification. */
  readonly notify: (state: BudgetState) => void
  readonly onChanged: (states: readonly BudgetState[]) => void
  readonly now?: () => number
  /** At most one look in this time, ms. */
  readonly delayMs?: number
  /** Looks even when nothing was read: a new day begins by itself. */
  readonly everyMs?: number
}

export function createBudgets({
  engine,
  settings,
  notify,
  onChanged,
  now = Date.now,
  delayMs = 1000,
  everyMs = 60_000,
}: BudgetsOptions): Budgets {
  let timer: NodeJS.Timeout | null = null
  let looking: Promise<unknown> = Promise.resolve()
  let shown = ''
  let stopped = false

  const states = (): Promise<Result<readonly BudgetState[]>> => {
    const { budgets } = settings.current()
    return budgets.length === 0 ? Promise.resolve(ok([])) : engine.call('budgetStates', budgets, now())
  }

  async function look(): Promise<Result<readonly BudgetState[]>> {
    const result = await states()
    if (!result.ok || stopped) return result
    const fresh = result.value.filter((state) => !isTold(settings.current().toldBudgets, state))
    const told = result.value.flatMap((state) => toldKeys(settings.current().toldBudgets, state))
    if (fresh.length > 0) {
      // Written before it is told: whatever happens in between, a crossing is never told twice.
      settings.update({ toldBudgets: told })
      await settings.flush()
      for (const state of fresh) notify(state)
    }
    const marks = JSON.stringify(result.value.map(({ budget, start, share }) => [budget, start, share]))
    if (marks !== shown) {
      shown = marks
      onChanged(result.value)
    }
    return result
  }

  /** One look at a time: two at once would both find a crossing new. */
  function lookInTurn(): Promise<Result<readonly BudgetState[]>> {
    const next = looking.then(look)
    looking = next.catch(() => undefined)
    return next
  }

  const soon = (): void => {
    if (stopped || settings.current().budgets.length === 0) return
    timer ??= setTimeout(() => {
      timer = null
      void lookInTurn().catch(() => undefined)
    }, delayMs)
  }
  const clock = setInterval(soon, everyMs)
  clock.unref()

  return {
    states,
    set(budgets) {
      settings.update({ budgets })
      return lookInTurn()
    },
    storeChanged: soon,
    stop() {
      stopped = true
      clearInterval(clock)
      if (timer !== null) clearTimeout(timer)
    },
  }
}

/** The crossing of a share in a period by a budget as it is now: one of another limit or scope is another crossing. */
function keyOf({ budget, start }: BudgetState, share: number): string {
  const { id, limit, unit, period, scope } = budget
  return `${id} ${String(limit)} ${unit} ${period} ${JSON.stringify(scope)} ${start} ${String(share)}`
}

/** With a share, those below it are told as well: whoever starts at 90 % needs no word about 50 %. */
function isTold(told: readonly string[], state: BudgetState): boolean {
  return state.share === null || told.some((key) => shareOf(key, state) >= (state.share ?? 0))
}

/** What stays told of this budget's current period, with what it has reached now. */
function toldKeys(told: readonly string[], state: BudgetState): string[] {
  const highest = Math.max(state.share ?? 0, ...told.map((key) => shareOf(key, state)))
  return highest > 0 ? [keyOf(state, highest)] : []
}

/** The share such a key stands for; 0 when it is of another budget or period. */
function shareOf(key: string, state: BudgetState): number {
  const prefix = keyOf(state, 0).slice(0, -1)
  return key.startsWith(prefix) ? Number(key.slice(prefix.length)) : 0
}
