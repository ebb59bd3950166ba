import { Command } from 'commander'
import { reportByConsumer, reportByDate, reportByModel } from '../../engine/export/finops'
import { type ReportTotals } from '../../contract/index'
import { hoursFilter, withFilters, type FilterOptions } from '../context/filters'
import { readStore, type CommonOptions } from '../context/open-store'
import { countFromOne, dataDirOption, examples, jsonOption } from '../context/options'
import { money, printJson, printTable } from '../terminal/output'

interface StatsOptions extends CommonOptions, FilterOptions {
  readonly days?: number
}

export function statsModelCommand(): Command {
  return statsCommand('stats-model', 'tokens and cost by model', [
    'stats-model',
    'stats-model --since 30d --json',
  ]).action(async (options: StatsOptions) => {
    print('Model', options, await readStore(options, ({ index }) => reportByModel(index, hoursFilter(index, options))))
  })
}

export function statsDateCommand(): Command {
  return statsCommand('stats-date', 'tokens and cost by day', [
    'stats-date --days 7',
    'stats-date --model gpt-4o --json',
  ])
    .option('--days <n>', 'the latest days with requests; all when left out', countFromOne)
    .action(async (options: StatsOptions) => {
      const byDate = await readStore(options, ({ index }) =>
        reportByDate(index, options.days ?? null, hoursFilter(index, options)),
      )
      print('Date', options, byDate)
    })
}

export function statsConsumerCommand(): Command {
  return statsCommand('stats-consumer', 'tokens and cost by consumer', ['stats-consumer --since 30d']).action(
    async (options: StatsOptions) => {
      const filtered = readStore(options, ({ index }) => reportByConsumer(index, hoursFilter(index, options)))
      print('Consumer', options, await filtered)
    },
  )
}

function statsCommand(name: string, description: string, help: readonly string[]): Command {
  return withFilters(new Command(name).description(description))
    .addOption(dataDirOption())
    .addOption(jsonOption())
    .addHelpText('after', examples(...help))
}

function print(heading: string, options: StatsOptions, stats: Readonly<Record<string, ReportTotals>>): void {
  if (options.json === true) {
    printJson(stats)
    return
  }
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
