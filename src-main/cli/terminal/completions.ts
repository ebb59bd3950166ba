import type { Command, Option } from 'commander'

export type Shell = 'bash' | 'zsh' | 'fish'
export const SHELLS: readonly Shell[] = ['bash', 'zsh', 'fish']

/** A script for `shell`, made from the commands as they are. Its words are ours: nothing in it comes from a log. */
export function completionScript(shell: Shell, program: Command): string {
  switch (shell) {
    case 'bash':
      return bash(program)
    case 'zsh':
      return zsh(program)
    case 'fish':
      return fish(program)
  }
}

const longOf = (option: Option): string => option.long ?? option.short ?? ''

/** Every option of a command, --help too, which commander does not list. */
function optionsOf(command: Command): readonly string[] {
  return [...command.options.filter((option) => !option.hidden).map(longOf), '--help']
}

function choicesOf(command: Command): readonly (readonly [string, readonly string[]])[] {
  return command.options.flatMap((option) =>
    option.argChoices === undefined ? [] : [[longOf(option), option.argChoices] as const],
  )
}

/** The options after which a value of this kind comes. */
const optionsWith = (command: Command, kind: ReturnType<typeof valueOf>): readonly string[] =>
  command.options.filter((option) => !option.hidden && valueOf(option) === kind).map(longOf)

/** What follows an option, if anything: choices of ours, a path, or something that only the user knows. */
function valueOf(option: Option): 'none' | 'choice' | 'path' | 'other' {
  if (!option.required && !option.optional) return 'none'
  if (option.argChoices !== undefined) return 'choice'
  return /<(file|folder|path)/.test(option.flags) ? 'path' : 'other'
}

/** Whether a command's own argument is a path: the others take none, or what only the user knows. */
const takesPath = (command: Command): boolean =>
  command.registeredArguments.some((argument) => /^(file|folder|path)/.test(argument.name()))

function firstArgumentChoices(command: Command): readonly string[] {
  return command.registeredArguments[0]?.argChoices ?? []
}

function bash(program: Command): string {
  const cases = program.commands.map((command) => {
    const choices = choicesOf(command).map(
      ([option, values]) => `      ${option}) COMPREPLY=($(compgen -W '${values.join(' ')}' -- "$word")); return ;;`,
    )
    const [paths, others] = [optionsWith(command, 'path'), optionsWith(command, 'other')]
    if (paths.length > 0) choices.push(`      ${paths.join('|')}) _agent_session_monitor_files "$word"; return ;;`)
    if (others.length > 0) choices.push(`      ${others.join('|')}) return ;;`)
    const words = [...optionsOf(command), ...firstArgumentChoices(command)]
    return [
      `    ${command.name()})`,
      ...(choices.length === 0 ? [] : ['      case "$before" in', ...choices, '      esac']),
      `      words='${words.join(' ')}'${takesPath(command) ? ' paths=yes' : ''} ;;`,
    ].join('\n')
  })
  return `# bash completion of ${program.name()}
# Bash proposes them itself where it can be told to, and quotes the spaces in their names.
_agent_session_monitor_files() {
  compopt -o default 2>/dev/null && return
  local IFS=$'\\n'
  COMPREPLY=($(compgen -f -- "$1"))
}
_agent_session_monitor() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" words='' paths=''
  COMPREPLY=()
  if [[ $COMP_CWORD -eq 1 ]]; then
    COMPREPLY=($(compgen -W '${program.commands.map((command) => command.name()).join(' ')} --help --version' -- "$word"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
  esac
  if [[ -n $paths && $word != -* ]]; then
    _agent_session_monitor_files "$word"
    return
  fi
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -F _agent_session_monitor ${program.name()}
`
}

function zsh(program: Command): string {
  const names = program.commands.map((command) => `    '${command.name()}:${quoted(command.description())}'`)
  const cases = program.commands.map((command) => {
    const options = command.options.filter((option) => !option.hidden)
    const specs = options.map((option) => {
      // A blank is an action that proposes nothing.
      const values = {
        none: '',
        choice: `:value:(${(option.argChoices ?? []).join(' ')})`,
        path: ':path:_files',
        other: ':value: ',
      }
      return `        '*${longOf(option)}[${quoted(option.description)}]${values[valueOf(option)]}'`
    })
    const choices = firstArgumentChoices(command)
    const rest =
      choices.length > 0
        ? [`        '*:value:(${choices.join(' ')})'`]
        : takesPath(command)
          ? ["        '*:path:_files'"]
          : []
    const all = [...specs, "        '--help[show help]'", ...rest]
    return `      ${command.name()}) _arguments \\\n${all.join(' \\\n')} ;;`
  })
  return `#compdef ${program.name()}
# zsh completion of ${program.name()}
_agent_session_monitor() {
  local -a commands options
  commands=(
${names.join('\n')}
  )
  options=('--help:show help' '--version:show the version')
  if (( CURRENT == 2 )); then
    if [[ $PREFIX == -* ]]; then _describe -o 'option' options; else _describe 'command' commands; fi
    return
  fi
  local command="\${words[2]}"
  shift words
  (( CURRENT-- ))
  case "$command" in
${cases.join('\n')}
  esac
}
compdef _agent_session_monitor ${program.name()}
`
}

function fish(program: Command): string {
  const name = program.name()
  const lines = [
    `# fish completion of ${name}`,
    // Not fish's own test for a word anywhere: what is searched for, or a session's id, may be a command's name.
    'function __agent_session_monitor_in',
    '  set -l words (commandline -opc)',
    '  test (count $words) -ge 2; and test $words[2] = $argv[1]',
    'end',
    `complete -c ${name} -l help -d 'show help'`,
    `complete -c ${name} -n __fish_use_subcommand -f -l version -d 'show the version'`,
  ]
  for (const command of program.commands) {
    lines.push(
      `complete -c ${name} -n __fish_use_subcommand -f -a ${command.name()} -d '${quoted(command.description())}'`,
    )
    const seen = `-n '__agent_session_monitor_in ${command.name()}'`
    for (const option of command.options.filter((known) => !known.hidden)) {
      const values = {
        none: '',
        choice: ` -x -a '${(option.argChoices ?? []).join(' ')}'`,
        path: ' -r -F',
        other: ' -x',
      }
      const value = values[valueOf(option)]
      lines.push(`complete -c ${name} ${seen} -l ${longOf(option).slice(2)}${value} -d '${quoted(option.description)}'`)
    }
    const choices = firstArgumentChoices(command)
    if (choices.length > 0) lines.push(`complete -c ${name} ${seen} -f -a '${choices.join(' ')}'`)
    else if (!takesPath(command)) lines.push(`complete -c ${name} ${seen} -f`)
  }
  return `${lines.join('\n')}\n`
}

/** For text between single quotes, and within zsh's brackets and colons. */
function quoted(text: string): string {
  return text.replaceAll("'", '’').replace(/[[\]:\\]/g, ' ')
}
