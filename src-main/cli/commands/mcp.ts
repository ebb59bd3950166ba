import { Command } from 'commander'
import { engineOptions, type CommonOptions } from '../context/open-store'
import { dataDirOption, examples } from '../context/options'
import { programVersion } from '../context/program-files'

export function mcpCommand(): Command {
  return new Command('mcp')
    .description('answer an agent’s questions over the Model Context Protocol, on standard input and output')
    .addOption(dataDirOption())
    .addHelpText('after', examples('mcp', 'mcp --data-dir ./history'))
    .action(async (options: CommonOptions) => {
      const { serveMcp } = await import('../mcp/server')
      await serveMcp(engineOptions(options), programVersion())
    })
}
