import { Command } from 'commander'
import { completionCommand } from './commands/completion'
import { deleteCommand } from './commands/delete'
import { doctorCommand } from './commands/doctor'
import { exportCommand } from './commands/export'
import { importCommand } from './commands/import'
import { ledgerCommand } from './commands/ledger'
import { listCommand } from './commands/list'
import { mcpCommand } from './commands/mcp'
import { monitorCommand } from './commands/monitor'
import { pricesCommand } from './commands/prices'
import { searchCommand } from './commands/search'
import { serveCommand } from './commands/serve'
import { showCommand } from './commands/show'
import { statsConsumerCommand, statsDateCommand, statsModelCommand } from './commands/stats'
import { urlCommand } from './commands/url'
import { verifyCommand } from './commands/verify'
import { programVersion } from './context/program-files'

/** The command line, on the same engine as the app and without Electron. Data on stdout, errors in one line on stderr. */
export function program(): Command {
  const cli = new Command('agent-session-monitor')
    .description('Sessions, tokens and cost from the access logs of a Higress AI gateway.')
    .version(programVersion(), '-V, --version')
    .exitOverride()
    .configureHelp({ helpWidth: 100 })
    .configureOutput({
      outputError: (text, write) => {
        write(`${text.trim().replace(/\s*\n\s*/g, ' ')}\n`)
      },
    })
  const commands = [
    monitorCommand(),
    serveCommand(),
    listCommand(),
    showCommand(),
    searchCommand(),
    statsModelCommand(),
    statsDateCommand(),
    statsConsumerCommand(),
    pricesCommand(),
    exportCommand(),
    importCommand(),
    deleteCommand(),
    ledgerCommand(),
    verifyCommand(),
    doctorCommand(),
    urlCommand(),
    mcpCommand(),
    completionCommand(() => cli),
  ]
  for (const command of commands) cli.addCommand(command.copyInheritedSettings(cli))
  return cli
}
