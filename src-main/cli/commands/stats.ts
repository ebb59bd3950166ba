import { reportByDate, reportByModel } from '../../engine/export/finops'
import { readStore, type CommonOptions } from '../open-store'
import { money, printJson, printTable } from '../output'

/** `stats-model`: the report's section by_model. */
export async function statsModel(options: CommonOptions): Promise<void> {
  const byModel = await readStore(options, (store) => reportByModel(store.index))
  if (options.json === true) printJson(byModel)
  else printStats('Model', byModel)
}

/** `stats-date`: the report's section by_date. */
export async function statsDate(options: CommonOptions & { readonly days?: number }): Promise<void> {
  const byDate = await readStore(options, (store) => reportByDate(store.index, options.days ?? null))
  if (options.json === true) printJson(byDate)
  else printStats('Date', byDate)
}

function printStats(heading: string, stats: ReturnType<typeof reportByModel>): void {
  printTable(
    [heading, 'Sessions', 'Rounds', 'Input', 'Output', 'Cost'],
    Object.entries(stats).map(([name, totals]) => [
      name,
      String(totals.session_count),
      String(totals.rounds),
      String(totals.total_input),
      String(totals.total_output),
      money(totals.total_cost, totals.unpriced_rounds),
    ]),
    [1, 2, 3, 4, 5],
  )
}
