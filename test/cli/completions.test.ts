import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ensureBuilt } from '../../scripts/lib/build.mjs'
import { PATIENCE_MS } from '../fixtures/patience'
import { runCli } from './run-cli'

/** Real shells are asked what they propose. One that is not on this system is left out, and says so. */

const NAME = 'agent-session-monitor'
// On Windows there may be one, whose paths are not Windows'.
const missing = (shell: string): boolean =>
  process.platform === 'win32' || spawnSync(shell, ['--version']).error !== undefined

let folder: string
/** There is one file where the shells run. */
const FILE = 'only-file.log'

beforeAll(async () => {
  await ensureBuilt(['main'])
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'completions-')))
  mkdirSync(join(folder, 'home'))
  writeFileSync(join(folder, FILE), '')
})
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }))

/** Writes the completion of that shell; its path. */
async function scriptOf(shell: string): Promise<string> {
  const { code, stdout } = await runCli(['completion', shell])
  expect(code).toBe(0)
  const path = join(folder, `completion.${shell}`)
  writeFileSync(path, stdout)
  return path
}

const run = (shell: string, args: readonly string[]): string =>
  execFileSync(shell, args, {
    cwd: folder,
    encoding: 'utf8',
    timeout: PATIENCE_MS,
    env: { PATH: process.env['PATH'], HOME: join(folder, 'home'), TERM: 'dumb', LANG: 'C.UTF-8' },
  })

describe('bash', () => {
  it('is proposed what fits, and paths are left to it', async ({ skip }) => {
    skip(missing('bash'), 'No bash to try it in on this system.')
    const script = await scriptOf('bash')
    const propose = (...words: readonly string[]): string[] => {
      const quoted = [NAME, ...words].map((word) => `'${word}'`).join(' ')
      const asking = `COMP_WORDS=(${quoted}); COMP_CWORD=${String(words.length)}; _agent_session_monitor; echo "\${COMPREPLY[*]}"`
      return run('bash', ['--norc', '-c', `source '${script}'\n${asking}`])
        .trim()
        .split(' ')
    }
    expect(propose('li')).toEqual(['list'])
    expect(propose('list', '--sort-by', '')).toEqual(['updated', 'cost', 'tokens'])
    expect(propose('list', '--sor')).toEqual(['--sort-by'])
    expect(propose('completion', '')).toEqual(['--help', 'bash', 'zsh', 'fish'])
    // Paths where a path is meant, and nowhere else.
    expect(propose('monitor', '--log-path', '')).toContain(FILE)
    for (const words of [
      ['import', 'onl'],
      ['export', 'onl'],
      ['monitor', '--output-dir', 'onl'],
    ]) {
      expect(propose(...words)).toEqual([FILE])
    }
    for (const words of [['list', 'onl'], ['list', '--limit', 'onl'], ['search', 'onl'], ['show', 'onl'], ['onl']]) {
      expect(propose(...words)).toEqual([''])
    }
    // Nothing is left to what bash does by itself where nothing is proposed.
    expect(run('bash', ['--norc', '-c', `source '${script}'; complete -p ${NAME}`])).not.toContain('-o')
  })
})

describe('fish', () => {
  it('is proposed what fits, with what it means', async ({ skip }) => {
    skip(missing('fish'), 'No fish to try it in on this system.')
    const script = await scriptOf('fish')
    const propose = (line: string): string[] =>
      run('fish', ['--no-config', '-c', `source '${script}'; complete -C '${NAME} ${line}'`])
        .split('\n')
        .filter((found) => found !== '')
    const words = (line: string): string[] => propose(line).map((found) => found.split('\t')[0] ?? '')

    expect(propose('li')).toEqual(['list\tlist sessions, the highest of what they are sorted by first'])
    expect(words('')).toContain('stats-consumer')
    expect(words('')).not.toContain(FILE)
    expect(words('--ver')).toEqual(['--version'])
    expect(words('list --sort-by ')).toEqual(['cost', 'tokens', 'updated'])
    expect(words('list --sor')).toEqual(['--sort-by'])
    expect(words('list --he')).toEqual(['--help'])
    expect(words('export --format n')).toEqual(['ndjson'])
    expect(words('completion ')).toEqual(['bash', 'fish', 'zsh'])
    // Paths where a path is meant, and nowhere else.
    for (const line of ['monitor --log-path onl', 'import onl', 'export onl']) expect(words(line)).toEqual([FILE])
    for (const line of ['list onl', 'list --limit onl', 'search onl', 'show onl']) expect(words(line)).toEqual([])
    // A command's name that is searched for is a text.
    expect(words('search list --sort')).toEqual([])
  })
})

/**
 * Types a line and a tab on a terminal of zsh's own, reads what the terminal shows until that fits a pattern, and prints it.
 * Arguments: the completion, the line, the pattern.
 */
const TYPE_IN_ZSH = `
zmodload zsh/zpty
zpty shell 'zsh -f -i'
zpty -w shell "stty rows 60 cols 200; PROMPT=; autoload -Uz compinit; compinit -u -D; source '$1'; setopt no_beep no_always_last_prompt; LISTMAX=0; print REA''DY"
zpty -r shell shown '*READY*'
zpty -n -w shell "$2"$'\\t'
zpty -r shell shown "$3"
print -r -- "$shown"
zpty -d shell
`

describe('zsh', () => {
  it('is proposed what fits, with what it means', async ({ skip }) => {
    skip(missing('zsh'), 'No zsh to try it in on this system.')
    const script = await scriptOf('zsh')
    const shown = (line: string, pattern: string): string =>
      run('zsh', ['-f', '-c', TYPE_IN_ZSH, 'zsh', script, `${NAME} ${line}`, pattern])

    expect(shown('lis', '*list *')).not.toContain(FILE)
    const commands = shown('', '*stats-consumer*verify*')
    expect(commands).toContain('what became of every line')
    expect(commands).not.toContain(FILE)
    shown('--ver', '*--version *')
    expect(shown('list --sort-by ', '*cost*tokens*updated*')).not.toContain(FILE)
    shown('list --sor', '*--sort-by *')
    shown('list --he', '*--help *')
    shown('export --format n', '*--format ndjson *')
    expect(shown('completion ', '*bash*fish*zsh*')).not.toContain(FILE)
    for (const line of ['monitor --log-path onl', 'import onl', 'export onl']) shown(line, `*${FILE} *`)
    // Nothing to propose: what is typed after the tab stands right behind what was typed before.
    for (const line of ['list onl', 'list --limit onl', 'search onl', 'show onl']) shown(`${line}\tEND`, '*onlEND*')
  })
})
