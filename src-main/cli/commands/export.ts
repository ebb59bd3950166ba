import { resolve } from 'node:path'
import { Command, Option } from 'commander'
import type { ExportRequest, UsageFilter } from '../../contract/index'
import { fromWriteError } from '../../engine/base/errors'
import { outputPath } from '../../engine/export/output-path'
import { planExport } from '../../engine/export/plan'
import { usageByDate } from '../../engine/index/queries/overview'
import { replaceFileSync } from '../../engine/disk/replace-file'
import { Conversations } from '../../engine/sessions/conversations'
import type { Store } from '../../engine/store/store'
import { hoursFilter, usageFilter, withFilters, type FilterOptions } from '../context/filters'
import { requireSession } from '../context/find-session'
import { readStore, type CommonOptions } from '../context/open-store'
import { countFromOne, dataDirOption, dayStart, examples } from '../context/options'
import { printable, remark } from '../terminal/output'

type Format = 'json' | 'csv' | 'ndjson' | 'markdown'
const FORMATS: readonly Format[] = ['json', 'csv', 'ndjson', 'markdown']

interface ExportOptions extends CommonOptions, FilterOptions {
  readonly format: Format
  readonly session?: string
  readonly days?: number
}

export function exportCommand(): Command {
  const command = new Command('export')
    .description('write the FinOps report, all requests (ndjson), or one session, to a file')
    .argument('<file>', 'where to; "-" for standard output')
    .addOption(new Option('--format <format>', 'form').choices(FORMATS).default('json'))
    .option('--session <id>', 'this session instead of the report')
    .option('--days <n>', 'only the latest days with requests', countFromOne)
  return withFilters(command)
    .addOption(dataDirOption())
    .addHelpText(
      'after',
      examples(
        'export finops-report.json --days 30',
        'export finops.csv --format csv    (writes finops.model.csv and finops.date.csv)',
        'export requests.ndjson --format ndjson --since 7d',
        'export talk.md --format markdown --session agent:main:discord:1',
      ),
    )
    .action(exportTo)
}

async function exportTo(file: string, options: ExportOptions): Promise<void> {
  await readStore(options, (store) => {
    const { archive, index, prices } = store
    const sources = { index, prices, conversations: new Conversations(archive, index) }
    for (const { suffix, pieces } of planExport(sources, requestOf(store, options), new Date()).files) {
      write(file, suffix, pieces)
    }
  })
}

function requestOf(store: Store, options: ExportOptions): ExportRequest {
  const { format, session } = options
  if (session !== undefined) {
    return { what: 'session', format, sessionId: requireSession(store.index, session).row.sessionId }
  }
  const filter = exportFilter(store, options)
  return format === 'ndjson' ? { what: 'rounds', format, filter } : { what: 'report', format, filter }
}

/** `--days`: from the first of the latest days that had rounds under the other filters. */
function exportFilter({ index }: Store, options: ExportOptions): UsageFilter {
  // Requests themselves are told apart to the millisecond.
  const filter = options.format === 'ndjson' ? usageFilter(index, options) : hoursFilter(index, options)
  if (options.days === undefined) return filter
  const [first] = usageByDate(index, options.days, filter)
  const start = first === undefined ? null : dayStart(first.date, index.timeZone)
  return start === null ? filter : { ...filter, from: Math.max(start, filter.from ?? -Infinity) }
}

function write(file: string, suffix: string | null, pieces: Iterable<string>): void {
  if (file === '-') {
    // Whoever looks at it in a terminal is kept from what log text would do there; a pipe gets it as it is.
    const shown = process.stdout.isTTY ? (text: string) => printable(text.replaceAll('\r\n', '\n')) : String
    for (const piece of pieces) process.stdout.write(shown(piece))
    return
  }
  const path = resolve(outputPath(file, suffix))
  try {
    replaceFileSync(path, encoded(pieces))
  } catch (error) {
    throw fromWriteError(error, path)
  }
  remark(`Written: ${path}`)
}

/** Small pieces put together: a write to the disk each would be slow. */
function* encoded(pieces: Iterable<string>): Generator<Uint8Array> {
  let waiting = ''
  for (const piece of pieces) {
    waiting += piece
    if (waiting.length < 256 * 1024) continue
    yield Buffer.from(waiting)
    waiting = ''
  }
  yield Buffer.from(waiting)
}
