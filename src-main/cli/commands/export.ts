import { dirname, extname, join, resolve, basename } from 'node:path'
import { Command, Option } from 'commander'
import type { UsageFilter } from '../../contract/index'
import { fromSystemError } from '../../engine/errors'
import { dateCsv, modelCsv, sessionCsv } from '../../engine/export/csv'
import { finopsReport } from '../../engine/export/finops'
import { reportMarkdown, sessionMarkdown } from '../../engine/export/markdown'
import { requestRound, sessionRounds, sessionText, type SessionFileSources } from '../../engine/export/session-json'
import { usageByDate } from '../../engine/index/queries/overview'
import { eachRequest, type RequestPlace } from '../../engine/index/queries/requests'
import { roundRows } from '../../engine/index/queries/rounds'
import { writeWhole } from '../../engine/index/snapshot'
import { toUsd } from '../../engine/pricing/cost'
import { Conversations } from '../../engine/sessions/conversation'
import type { Store } from '../../engine/store'
import { usageFilter, withFilters, type FilterOptions } from '../filters'
import { requireSession } from '../find-session'
import { readStore, type CommonOptions } from '../open-store'
import { countFromOne, dataDirOption, dayStart, examples } from '../options'
import { printable, remark } from '../output'

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
    const outputs =
      options.session === undefined ? reportOutputs(store, options) : sessionOutputs(store, options.session, options)
    for (const [suffix, pieces] of outputs) write(file, suffix, pieces)
  })
}

/** What goes into which file: the part of its name that is added, and its text piece by piece. */
type Outputs = readonly (readonly [suffix: string | null, pieces: Iterable<string>])[]

function reportOutputs(store: Store, options: ExportOptions): Outputs {
  const filter = exportFilter(store, options)
  if (options.format === 'ndjson') return [[null, requestLines(store, filter)]]
  const report = finopsReport(store.index, new Date(), filter)
  switch (options.format) {
    case 'json':
      return [[null, [`${JSON.stringify(report, null, 2)}\n`]]]
    case 'csv':
      return [
        ['model', modelCsv(report)],
        ['date', dateCsv(report)],
      ]
    case 'markdown':
      return [[null, reportMarkdown(report)]]
  }
}

/** `--days`: from the first of the latest days that had rounds under the other filters. */
function exportFilter({ index }: Store, options: ExportOptions): UsageFilter {
  const filter = usageFilter(index, options)
  if (options.days === undefined) return filter
  const [first] = usageByDate(index, options.days, filter)
  const start = first === undefined ? null : dayStart(first.date)
  return start === null ? filter : { ...filter, from: Math.max(start, filter.from ?? -Infinity) }
}

/** Every request that counts as one JSON object a line: its session's id, then the fields of a round, without messages. */
function* requestLines(store: Store, filter: UsageFilter): Generator<string> {
  const sources = sourcesOf(store)
  const places: RequestPlace[] = []
  eachRequest(store.index, filter, (place) => {
    places.push(place)
  })
  for (const { seq, sessionId, inferred, round } of places) {
    const fields = requestRound(sources, seq, round, { withMessages: false })
    yield `${JSON.stringify({ session_id: sessionId, inferred, ...fields })}\n`
  }
}

function sessionOutputs(store: Store, sessionId: string, options: ExportOptions): Outputs {
  const { id, row } = requireSession(store.index, sessionId)
  const sources = sourcesOf(store)
  const rounds = function* (withMessages: boolean) {
    for (let round = 1; round <= row.rounds; round += 1) yield* sessionRounds(sources, id, round, 1, { withMessages })
  }
  switch (options.format) {
    case 'json':
      return [[null, sessionText(sources, id, row, { withMessages: true })]]
    case 'csv':
      return [[null, sessionCsv(row.sessionId, rounds(false))]]
    case 'ndjson':
      return [[null, lines(rounds(true))]]
    case 'markdown':
      return [[null, sessionMarkdown(row, records(store, sources.conversations, id))]]
  }
}

function* lines(values: Iterable<unknown>): Generator<string> {
  for (const value of values) yield `${JSON.stringify(value)}\n`
}

function* records(store: Store, conversations: Conversations, id: number) {
  for (const { seq, round, cost } of roundRows(store.index, id, 1, 0)) {
    yield { record: conversations.request(seq), round, costUsd: toUsd(cost) }
  }
}

function sourcesOf({ archive, index, prices }: Store): SessionFileSources {
  return { index, prices, conversations: new Conversations(archive, index) }
}

function write(file: string, suffix: string | null, pieces: Iterable<string>): void {
  if (file === '-') {
    // Whoever looks at it in a terminal is kept from what log text would do there; a pipe gets it as it is.
    const shown = process.stdout.isTTY ? (text: string) => printable(text.replaceAll('\r\n', '\n')) : String
    for (const piece of pieces) process.stdout.write(shown(piece))
    return
  }
  const path = resolve(named(file, suffix))
  try {
    writeWhole(path, encoded(pieces))
  } catch (error) {
    throw fromSystemError(error, path)
  }
  remark(`Written: ${path}`)
}

/** report.csv and "model": report.model.csv. */
function named(file: string, suffix: string | null): string {
  if (suffix === null) return file
  const extension = extname(file)
  return join(dirname(file), `${basename(file, extension)}.${suffix}.csv`)
}

/** Small pieces are put together: a write to the disk each would be slow. */
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
