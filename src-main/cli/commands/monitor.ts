import { resolve } from 'node:path'
import { Command, Option } from 'commander'
import type { LogFileStatus, SourceStatus } from '../../contract/index'
import { Engine } from '../../engine/engine'
import { EngineError, toAppError } from '../../engine/base/errors'
import { SessionFolder } from '../../engine/export/session-folder'
import { liveView, summary, summaryLine } from '../context/monitor-summary'
import { engineOptions, remarkNotice, type CommonOptions } from '../context/open-store'
import { tellOpening } from '../context/opening'
import { collect, dataDirOption, examples, jsonOption, seconds } from '../context/options'
import { printJson, remark } from '../terminal/output'
import { listenForStop } from '../terminal/stop'
import { chosenPaths, DEFAULT_LOG_PATH } from '../context/watched-paths'

interface MonitorOptions extends CommonOptions {
  readonly logPath: readonly string[]
  readonly outputDir?: string
  readonly sessionKey?: string
  readonly stateFile?: string
  readonly refreshInterval: number
  readonly once?: boolean
}

export function monitorCommand(): Command {
  return new Command('monitor')
    .description('read gateway logs into the history, and follow them')
    .addOption(
      new Option('--log-path <path...>', 'log file or folder, "-" for standard input; may be given more than once')
        .argParser((value: string, before: readonly string[] | undefined) =>
          collect(value, before === DEFAULT ? [] : before),
        )
        .default(DEFAULT, DEFAULT_LOG_PATH),
    )
    .addOption(dataDirOption())
    .option('--output-dir <folder>', 'keep one JSON file a session there')
    .option('--session-key <text>', 'show and write only sessions whose id contains this; the history holds all')
    .option('--state-file <file>', 'accepted for compatibility: what was read is remembered in the data folder')
    .option('--refresh-interval <seconds>', 'how often what is shown and written is brought up to date', seconds, 1)
    .option('--once', 'read what is there, print the summary and the ledger, follow nothing')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        'monitor --log-path /var/log/higress --once --json',
        'monitor --log-path /var/log/higress/access.log --output-dir ./sessions',
        'monitor --log-path -    (kubectl logs -f … | agent-session-monitor monitor --log-path -)',
      ),
    )
    .action(monitor)
}

const DEFAULT: readonly string[] = [DEFAULT_LOG_PATH]

/** Reads the logs into the store; with --once what is there now, else until it is told to stop. */
async function monitor(options: MonitorOptions): Promise<void> {
  const engine = await Engine.open(engineOptions(options), tellOpening(true))
  const { paths, standardInput } = chosenPaths(options.logPath)
  const key = options.sessionKey ?? null
  const view = chooseView(engine, options, key)
  // Listened to from now on, so that Ctrl+C ends the first reading too.
  const stop = listenForStop()
  try {
    engine.notices.forEach(remarkNotice)
    engine.on('notice', remarkNotice)
    const folder = sessionFolder(engine, options, key)
    const reading = standardInput ? engine.readStream(process.stdin) : null
    if (paths.length > 0) {
      const first = engine.readOnce(paths)
      // Whoever waits for them is told; after a stop nobody does.
      first.catch(() => undefined)
      reading?.catch(() => undefined)
      if ((await Promise.race([first.then(() => 'read'), stop.told.then(() => 'stopped')])) === 'stopped') return
      failWithoutLogs(engine, { standardInput, once: options.once === true })
    }
    if (options.once === true) {
      // Who ends a pipe that does not end gets what came through it.
      if (reading !== null) await Promise.race([reading, stop.told])
      await engine.repriced()
      folder?.update()
      view.show()
      return
    }
    const update = (): void => {
      try {
        folder?.update()
        view.show()
      } catch (error) {
        remarkNotice(toAppError(error))
      }
    }
    update()
    const everySoOften = throttled(update, options.refreshInterval * 1000)
    engine.on('changed', everySoOften.call)
    if (paths.length > 0) engine.watch(paths)
    // A pipe that has ended brings nothing more; with nothing else to follow, this is done.
    await (paths.length === 0 && reading !== null ? Promise.race([reading, stop.told]) : stop.told)
    everySoOften.cancel()
    update()
  } finally {
    stop.release()
    view.end()
    if (standardInput) process.stdin.destroy()
    await engine.close()
  }
}

function sessionFolder(engine: Engine, options: MonitorOptions, key: string | null): SessionFolder | null {
  if (options.stateFile !== undefined) {
    remark('--state-file is not needed: what was read is remembered in the data folder.')
  }
  if (options.outputDir === undefined) return null
  const sources = () => {
    const { index, prices } = engine.store
    return { index, prices, conversations: engine.conversations }
  }
  return new SessionFolder(sources, resolve(options.outputDir), (id) => key === null || id.includes(key))
}

/**
 * Where nothing at all can be read this is a failure; else it is remarked on. A file that is not permitted may become so
 * while it is followed, and is read then.
 */
function failWithoutLogs(engine: Engine, { standardInput, once }: { standardInput: boolean; once: boolean }): void {
  const sources = engine.sourcesStatus().sources.filter((source) => source.state !== 'looking')
  const errors = sources.flatMap((source) => [source.error, ...source.files.map((file) => file.error)])
  const told = errors.filter((error) => error !== null)
  const gaveNothing = ({ error, ledger }: LogFileStatus): boolean => error !== null && ledger.lines === 0
  const fails = ({ error, files }: SourceStatus): boolean =>
    error !== null || (once && files.length > 0 && files.every(gaveNothing))
  const [first] = told
  if (first === undefined) return
  if (standardInput || !sources.every(fails)) {
    told.forEach(remarkNotice)
    return
  }
  told.slice(1).forEach(remarkNotice)
  throw new EngineError(first.code, first.message, {
    ...(first.where === undefined ? {} : { where: first.where }),
    ...(first.hint === undefined ? {} : { hint: first.hint }),
  })
}

interface View {
  readonly show: () => void
  readonly end: () => void
}

/** The live view on a terminal; a line for each change elsewhere; objects with --json. */
function chooseView(engine: Engine, options: MonitorOptions, key: string | null): View {
  const end = (): void => undefined
  if (options.json === true) return { show: () => printJson(summary(engine, key)), end }
  const { stdout } = process
  if (!stdout.isTTY || options.once === true) {
    let told = ''
    const show = (): void => {
      const line = summaryLine(engine, key)
      if (line !== told) stdout.write(`${line}\n`)
      told = line
    }
    return { show, end }
  }
  // The alternate screen: what the terminal showed before is there again at the end.
  let shown = false
  return {
    show: () => {
      stdout.write(
        `${shown ? '' : '\u001b[?1049h\u001b[?25l'}\u001b[H${liveView(engine, key, stdout).replaceAll('\n', '\u001b[K\n')}\u001b[J`,
      )
      shown = true
    },
    end: () => {
      if (shown) stdout.write(`\u001b[?25h\u001b[?1049l${summaryLine(engine, key)}\n`)
    },
  }
}

/** Calls `work` at most once in `ms`, and once more after the last call. */
function throttled(work: () => void, ms: number): { readonly call: () => void; readonly cancel: () => void } {
  let timer: NodeJS.Timeout | undefined
  return {
    call: () => {
      timer ??= setTimeout(() => {
        timer = undefined
        work()
      }, ms)
    },
    cancel: () => {
      clearTimeout(timer)
    },
  }
}
