import * as v from 'valibot'
import type { Budget } from '../../contract/index'

/** A model or consumer as logged: as long as the names that filters take. */
const name = v.pipe(v.string(), v.maxLength(10_000))

const budgetSchema = v.strictObject({
  id: v.pipe(v.string(), v.minLength(1), v.maxLength(100)),
  period: v.picklist(['day', 'week', 'month']),
  unit: v.picklist(['usd', 'tokens']),
  limit: v.pipe(v.number(), v.finite(), v.gtValue(0), v.maxValue(1e15)),
  scope: v.variant('kind', [
    v.strictObject({ kind: v.literal('all') }),
    v.strictObject({ kind: v.literal('model'), name }),
    v.strictObject({ kind: v.literal('consumer'), name }),
  ]),
})

export const budgetsSchema: v.GenericSchema<unknown, readonly Budget[]> = v.pipe(
  v.array(budgetSchema),
  v.maxLength(100),
  v.check((budgets) => new Set(budgets.map(({ id }) => id)).size === budgets.length, 'ids must differ'),
)

/** Crossings that were told: see app/budgets.ts. A name in one may be written with six characters for each of its own. */
export const toldSchema = v.pipe(v.array(v.pipe(v.string(), v.maxLength(61_000))), v.maxLength(1000))
