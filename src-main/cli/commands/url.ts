import { Command } from 'commander'
import { sessionLinks } from '../context/links'
import { examples, jsonOption } from '../context/options'
import { printJson } from '../terminal/output'

export function urlCommand(): Command {
  return new Command('url')
    .description('print the links that open a session: in the application, and in a browser while "serve" runs')
    .argument('<session-id>')
    .option('--base-url <url>', 'where "serve" is reached', 'http://localhost:8888')
    .addOption(jsonOption())
    .addHelpText('after', examples('url agent:main:discord:1'))
    .action((sessionId: string, options: { readonly baseUrl: string; readonly json?: boolean }) => {
      const links = sessionLinks(sessionId, options.baseUrl)
      if (options.json === true) printJson(links)
      else process.stdout.write(`${links.app}\n${links.session_detail}\n`)
    })
}
