import type { BudgetState } from '../../contract/index'
import type { Texts } from './texts'

/** What a desktop notification says of a budget. Pure. */
export function budgetWords(state: BudgetState, texts: Texts, locale: string): { title: string; body: string } {
  const { budget, used, share, start } = state
  const percent = new Intl.NumberFormat(locale, { style: 'percent' }).format(share ?? 0)
  const amount = (value: number): string =>
    budget.unit === 'usd'
      ? new Intl.NumberFormat(locale, { style: 'currency', currency: 'USD' }).format(value)
      : texts.tokensOf.replace('{count}', new Intl.NumberFormat(locale, { maximumFractionDigits: 0 }).format(value))
  const scope = budget.scope.kind === 'all' ? texts.budgetAll : budget.scope.name
  const period = { day: texts.budgetDay, week: texts.budgetWeek, month: texts.budgetMonth }[budget.period]
  return {
    title: fill(share === 1 ? texts.budgetUsedUp : texts.budgetReached, { scope, percent }),
    body: fill(texts.budgetBody, { used: amount(used), limit: amount(budget.limit), period, start }),
  }
}

/** In one go: a name out of a log may itself look like a placeholder. */
function fill(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '')
}
