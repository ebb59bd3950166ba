import { Command } from 'commander'
import { storedSourcesStatus } from '../../engine/tail/sources-status'
import { ledgerJson, marksJson } from '../context/monitor-summary'
import { readStore, type CommonOptions } from '../context/open-store'
import { dataDirOption, examples, jsonOption } from '../context/options'
import { printJson, printTable } from '../terminal/output'

export function ledgerCommand(): Command {
  return new Command('ledger')
    .description('what became of every line that was read, by file')
    .addOption(dataDirOption())
    .addOption(jsonOption())
    .addHelpText('after', examples('ledger', 'ledger --json'))
    .action(ledger)
}

async function ledger(options: CommonOptions): Promise<void> {
  const status = await readStore(options, ({ index }) => storedSourcesStatus(index.files()))
  const files = status.sources.flatMap((source) => source.files.map((file) => ({ source: source.path, file })))
  if (options.json === true) {
    printJson({
      ledger: ledgerJson(status.ledger),
      marks: marksJson(status.marks),
      files: files.map(({ source, file }) => ({
        path: file.path,
        source,
        read_bytes: file.readBytes,
        ledger: ledgerJson(file.ledger),
        marks: marksJson(file.marks),
      })),
    })
    return
  }
  const row = (name: string, counts: typeof status.ledger): string[] => [
    name,
    ...[
      counts.lines,
      counts.counted,
      counts.duplicate,
      counts.notLlm,
      counts.malformed,
      counts.blank,
      counts.tooLong,
      counts.filtered,
      counts.deleted,
    ].map(String),
  ]
  printTable(
    ['File', 'Lines', 'Counted', 'Read before', 'No LLM', 'Malformed', 'Blank', 'Too long', 'Filtered', 'Deleted'],
    [...files.map(({ file }) => row(file.path, file.ledger)), row('all', status.ledger)],
    [1, 2, 3, 4, 5, 6, 7, 8, 9],
  )
}
