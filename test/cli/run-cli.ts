import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, onTestFinished } from 'vitest'
import { ensureBuilt } from '../../scripts/lib/build.mjs'

export const program = fileURLToPath(new URL('../../out/main/cli.js', import.meta.url))

export interface Ran {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Where there are no settings: those of an app that is used on this machine must not count. */
const nowhere = fileURLToPath(new URL('./no-settings', import.meta.url))
export const environment = {
  ...process.env,
  TZ: 'UTC',
  HOME: nowhere,
  XDG_CONFIG_HOME: nowhere,
  APPDATA: nowhere,
  AGENT_SESSION_MONITOR_TOKEN: '',
}

/** Runs the real command line in a process of its own. `input`: what it gets on standard input. */
export async function runCli(
  args: readonly string[],
  input?: string,
  more: Readonly<Record<string, string>> = {},
): Promise<Ran> {
  const child = spawn(process.execPath, [program, ...args], {
    env: { ...environment, ...more },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const output = collectOutput(child)
  child.stdin.end(input ?? '')
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, ...output() }
}

/** Starts it and lets it run; it is ended with the test. */
export function startCli(
  args: readonly string[],
  more: Readonly<Record<string, string>> = {},
): {
  readonly child: ChildProcess
  readonly output: () => Omit<Ran, 'code'>
  readonly stop: () => Promise<number | null>
} {
  const child = spawn(process.execPath, [program, ...args], {
    env: { ...environment, ...more },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const output = collectOutput(child)
  const closed = once(child, 'close') as Promise<[number | null]>
  const stop = async (): Promise<number | null> => {
    child.kill('SIGTERM')
    return (await closed)[0]
  }
  onTestFinished(async () => {
    await stop()
  })
  return { child, output, stop }
}

function collectOutput(child: ChildProcess): () => Omit<Ran, 'code'> {
  const text = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8')
    child[name]?.on('data', (piece: string) => (text[name] += piece))
  }
  return () => ({ ...text })
}

/** What a command's `--json` printed. Fails with what it said on stderr. */
export async function json<T>(...args: readonly string[]): Promise<T> {
  const { code, stdout, stderr } = await runCli(args)
  if (code !== 0) throw new Error(`exit code ${String(code)}: ${stderr}`)
  return JSON.parse(stdout) as T
}

/** Removed with the file's tests: from within one of them, or from beforeAll, no such hook can be set. */
const folders: string[] = []
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 10 })
})

/** A folder with a log of these lines, a store that has read it, for all tests of a file. */
export async function storeOf(
  lines: readonly string[],
): Promise<{ readonly folder: string; readonly store: string; readonly log: string }> {
  await ensureBuilt(['main', 'renderer'])
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'asm-cli-')))
  folders.push(folder)
  const log = join(folder, 'access.log')
  const store = join(folder, 'store')
  writeFileSync(log, lines.map((line) => `${line}\n`).join(''))
  await json('monitor', '--log-path', log, '--data-dir', store, '--once', '--json')
  return { folder, store, log }
}
