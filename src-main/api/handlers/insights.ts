import type { Budgets } from '../../desktop/services/budgets'
import type { EngineClient } from '../../engine/thread/client'
import { budgetList, insightQuery, nothing, oneSessionId } from '../schemas/arguments'
import type { Handlers } from '../../desktop/ipc/handle'

export function insightHandlers(engine: Pick<EngineClient, 'call'>): Handlers<'insights:get' | 'insights:session'> {
  return {
    'insights:get': { args: insightQuery, run: (query) => engine.call('insight', query) },
    'insights:session': { args: oneSessionId, run: (sessionId) => engine.call('sessionInsights', sessionId) },
  }
}

export function budgetHandlers(budgets: Budgets): Handlers<'budgets:get' | 'budgets:set'> {
  return {
    'budgets:get': { args: nothing, run: () => budgets.states() },
    'budgets:set': { args: budgetList, run: (list) => budgets.set(list) },
  }
}
