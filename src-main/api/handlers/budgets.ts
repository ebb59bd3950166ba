import { budgetList, nothing } from '../schemas/arguments'
import type { Budgets } from '../ports'
import type { Handlers } from '../handler'

export function budgetHandlers(budgets: Budgets): Handlers<'budgets:get' | 'budgets:set'> {
  return {
    'budgets:get': { args: nothing, run: () => budgets.states() },
    'budgets:set': { args: budgetList, run: (list) => budgets.set(list) },
  }
}
