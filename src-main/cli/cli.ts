import { Command, CommanderError, Option } from 'commander'
import { EngineError } from '../engine/errors'
import { list } from './commands/list'
import { monitor } from './commands/monitor'
import { show } from './commands/show'
import { statsDate, statsModel } from './commands/stats'
import { defaultDataFolder } from './data-folder'
import { count, daysBack } from './options'
import { quietOnClosedPipe } from './output'

/** Exit codes: 0 done, 1 failed, 2 wrong usage. */
const FAILED = 1
const WRONG_USAGE = 2

/** The command line, on the same engine as the app and without Electron. Data on stdout, errors in one line on stderr. */
function program(): Command {
  const cli = new Command('agent-session-monitor')
    .description('Sessions, tokens and cost from the access logs of a Higress AI gateway.')
    .exitOverride()
    .configureOutput({
      outputError: (text, write) => {
        write(text)
      },
    })
  const dataDir = () =>
    new Option('--data-dir <folder>', 'where the history is kept').default(defaultDataFolder(), 'the user data folder')
  const json = () => new Option('--json', 'print JSON (stable fields)')

  cli
    .command('monitor')
    .description('read gateway logs into the history')
    .option('--log-path <path...>', 'log file or folder; may be given more than once', ['/var/log/higress/access.log'])
    .addOption(dataDir())
    .option('--once', 'read what is there, follow nothing')
    .addOption(json())
    .addHelpText('after', '\nExample:\n  agent-session-monitor monitor --log-path /var/log/higress --once --json')
    .action(monitor)

  cli
    .command('list')
    .description('list sessions')
    .addOption(new Option('--sort-by <key>', 'order').choices(['updated', 'cost', 'tokens']).default('updated'))
    .option('--limit <n>', 'how many; 0 for all', count, 10)
    .addOption(dataDir())
    .addOption(json())
    .addHelpText('after', '\nExample:\n  agent-session-monitor list --sort-by cost --limit 5')
    .action(list)

  cli
    .command('show')
    .description('show one session, round by round')
    .argument('<session-id>')
    .option('--no-messages', 'leave out the messages sent with each round')
    .addOption(dataDir())
    .addOption(json())
    .addHelpText('after', '\nExample:\n  agent-session-monitor show agent:main:discord:1 --no-messages')
    .action(show)

  cli
    .command('stats-model')
    .description('tokens and cost by model')
    .addOption(dataDir())
    .addOption(json())
    .action(statsModel)

  cli
    .command('stats-date')
    .description('tokens and cost by day')
    .option('--days <n>', 'the latest days with requests; all when left out', daysBack)
    .addOption(dataDir())
    .addOption(json())
    .action(statsDate)

  return cli
}

async function main(): Promise<void> {
  quietOnClosedPipe()
  try {
    await program().parseAsync(process.argv)
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : WRONG_USAGE
      return
    }
    process.stderr.write(`agent-session-monitor: ${describe(error)}\n`)
    process.exitCode = FAILED
  }
}

function describe(error: unknown): string {
  if (!(error instanceof EngineError)) return error instanceof Error ? error.message : String(error)
  const where = error.where === undefined ? '' : ` (${error.where})`
  return `${error.message}${where}${error.hint === undefined ? '' : ` ${error.hint}`}`.replace(/\s*\n\s*/g, ' ')
}

await main()
