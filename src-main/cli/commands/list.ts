import { Command, Option } from 'commander'
import { isoTime } from '../../engine/export/session-json'
import { listSessions } from '../../engine/index/queries/sessions'
import { hoursFilter, withFilters, type FilterOptions } from '../context/filters'
import { readStore, type CommonOptions } from '../context/open-store'
import { count, dataDirOption, examples, jsonOption } from '../context/options'
import { money, printJson, printTable } from '../terminal/output'
import { listEntry } from '../terminal/json-entries'

interface ListOptions extends CommonOptions, FilterOptions {
  readonly sortBy: 'updated' | 'cost' | 'tokens'
  readonly limit: number
  readonly text?: string
}

const SORT_KEYS = { updated: 'lastTime', cost: 'cost', tokens: 'tokens' } as const

export function listCommand(): Command {
  const command = new Command('list')
    .description('list sessions, the highest of what they are sorted by first')
    .addOption(new Option('--sort-by <key>', 'order').choices(Object.keys(SORT_KEYS)).default('updated'))
    .option('--limit <n>', 'how many; 0 for all', count, 10)
    .option('--text <text>', 'only sessions whose id, title or model holds this text')
  return withFilters(command)
    .addOption(dataDirOption())
    .addOption(jsonOption())
    .addHelpText('after', examples('list --sort-by cost --limit 5', 'list --model gpt-4o --since 7d --json'))
    .action(list)
}

async function list(options: ListOptions): Promise<void> {
  const { rows } = await readStore(options, ({ index }) =>
    listSessions(index, {
      sortBy: SORT_KEYS[options.sortBy],
      descending: true,
      offset: 0,
      limit: options.limit,
      filter: hoursFilter(index, options),
      ...(options.text === undefined ? {} : { text: options.text }),
    }),
  )
  if (options.json === true) {
    printJson(rows.map(listEntry))
    return
  }
  printTable(
    ['Session', 'Model', 'Rounds', 'Input', 'Output', 'Cost', 'Updated'],
    rows.map((row) => [
      row.sessionId,
      row.model ?? '',
      String(row.rounds),
      String(row.inputTokens),
      String(row.outputTokens),
      money(row.costUsd, row.unpricedRounds),
      isoTime(row.lastTime),
    ]),
    [2, 3, 4, 5],
  )
}
