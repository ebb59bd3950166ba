import { Command, Option } from 'commander'
import type { DataSelection } from '../../contract/index'
import { Engine } from '../../engine/engine'
import { EngineError } from '../../engine/base/errors'
import { selectionSize } from '../../engine/index/queries/selection'
import type { SessionIndex } from '../../engine/index/tables/session-index'
import { sourcesNamed } from '../context/filters'
import { engineOptions, readStore, remarkNotice, type CommonOptions } from '../context/open-store'
import { tellOpening } from '../context/opening'
import { dataDirOption, examples, instantOf, jsonOption, moment, type Moment } from '../context/options'
import { printable, printJson, printLine } from '../terminal/output'

interface DeleteOptions extends CommonOptions {
  readonly olderThan?: Moment
  readonly source?: string
  readonly dryRun?: boolean
}

export function deleteCommand(): Command {
  return new Command('delete')
    .description('delete part of the history, and give its space back; logs are never touched')
    .addOption(
      new Option(
        '--older-than <time>',
        'sessions whose last request is older: a day, an ISO time, or 90d ago',
      ).argParser((text) => moment(text)),
    )
    .addOption(new Option('--source <path>', 'what was read from this log or folder').conflicts('olderThan'))
    .option('--dry-run', 'only say how much it is')
    .addOption(dataDirOption())
    .addOption(jsonOption())
    .addHelpText('after', examples('delete --older-than 90d --dry-run', 'delete --source /var/log/old'))
    .action(deletePart)
}

async function deletePart(options: DeleteOptions): Promise<void> {
  // Looked at first: a data folder that is not there is an error, and none is made.
  const { selection, size } = await readStore(options, ({ index }) => {
    const selection = selectionOf(index, options)
    return { selection, size: selectionSize(index, selection) }
  })
  const dryRun = options.dryRun === true
  const freed = dryRun ? 0 : await deleteNow(selection, options)
  if (options.json === true) {
    printJson({ sessions: size.sessions, rounds: size.rounds, deleted: !dryRun, freed_bytes: freed })
    return
  }
  const [sessions, rounds] = [counted(size.sessions, 'session'), counted(size.rounds, 'round')]
  // What a source brought need not be all of a session.
  const amount = 'source' in selection ? `${rounds} of ${sessions}` : `${sessions} with ${rounds}`
  const where = 'source' in selection ? ` from ${printable(selection.source)}` : ''
  printLine(dryRun ? `Would delete ${amount}${where}.` : `Deleted ${amount}${where}; ${String(freed)} bytes are free.`)
}

const counted = (count: number, what: string): string => `${String(count)} ${what}${count === 1 ? '' : 's'}`

/** Bytes that are free now. */
async function deleteNow(selection: DataSelection, options: DeleteOptions): Promise<number> {
  const engine = await Engine.open(engineOptions(options), tellOpening(true))
  try {
    engine.notices.forEach(remarkNotice)
    const { result, error } = await engine.delete(selection)
    if (error !== null) throw new EngineError(error.code, error.message, error)
    return result?.freedBytes ?? 0
  } finally {
    await engine.close()
  }
}

function selectionOf(index: SessionIndex, { olderThan, source }: DeleteOptions): DataSelection {
  if (olderThan !== undefined) return { olderThan: instantOf(olderThan, index.timeZone) }
  if (source === undefined) {
    throw new EngineError('refused', 'What is to be deleted is not said.', { hint: 'Add --older-than or --source.' })
  }
  const [found, ...more] = sourcesNamed(index, source)
  if (found === undefined || more.length > 0) {
    throw new EngineError('refused', 'Several sources have this in their path.', {
      where: source,
      hint: `Name one of: ${[found, ...more].join(', ')}.`,
    })
  }
  return { source: found }
}
