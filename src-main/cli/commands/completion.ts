import { Argument, Command } from 'commander'
import { completionScript, SHELLS, type Shell } from '../terminal/completions'

/** `program`: the whole command line, asked only when the command runs. */
export function completionCommand(program: () => Command): Command {
  return new Command('completion')
    .description('print what makes a shell complete commands and options')
    .addArgument(new Argument('<shell>').choices(SHELLS))
    .addHelpText(
      'after',
      '\nIn the shell’s start file:\n  bash   source <(agent-session-monitor completion bash)\n' +
        '  zsh    source <(agent-session-monitor completion zsh)\n' +
        '  fish   agent-session-monitor completion fish | source',
    )
    .action((shell: Shell) => {
      process.stdout.write(completionScript(shell, program()))
    })
}
