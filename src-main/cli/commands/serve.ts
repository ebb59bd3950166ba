import { randomBytes } from 'node:crypto'
import { join, resolve } from 'node:path'
import { Command, Option } from 'commander'
import { startEngine, type EngineClient } from '../../engine/thread/client'
import { EngineError } from '../../engine/base/errors'
import { isLoopback } from '../../server/access'
import { engineOptions, remarkNotice, type CommonOptions } from '../context/open-store'
import { collect, dataDirOption, examples, notEmpty, port } from '../context/options'
import { remark } from '../terminal/output'
import { programFolder, programVersion } from '../context/program-files'
import { listenForStop } from '../terminal/stop'
import { chosenPaths, rememberedPaths } from '../context/watched-paths'

interface ServeOptions extends CommonOptions {
  readonly port: number
  readonly host: string
  readonly token?: boolean
  readonly allowHost?: readonly string[]
  readonly logPath?: readonly string[]
}

const TOKEN_VARIABLE = 'AGENT_SESSION_MONITOR_TOKEN'
const MIN_TOKEN = 16

export function serveCommand(): Command {
  return new Command('serve')
    .description('show the history in a browser, live; follows the logs meanwhile')
    .addOption(new Option('--port <port>', 'port to listen on, 0 for any that is free').argParser(port).default(8888))
    .addOption(
      new Option('--host <address>', 'address to listen on; one that others reach asks for a token')
        .argParser(notEmpty)
        .default('127.0.0.1'),
    )
    .option('--token', 'ask for a token on this computer too')
    .addOption(
      new Option(
        '--allow-host <name>',
        'a further name it is asked for under, such as a proxy’s; may be repeated',
      ).argParser(collect),
    )
    .addOption(new Option('--log-path <path>', 'log file or folder to follow; may be repeated').argParser(collect))
    .addOption(dataDirOption())
    .addHelpText(
      'after',
      `${examples('serve', 'serve --port 9000 --log-path /var/log/higress', 'serve --host 0.0.0.0')}\n\n` +
        `Without --log-path the logs read before are followed. ${TOKEN_VARIABLE} sets the token, else it is made anew.`,
    )
    .action(serve)
}

async function serve(options: ServeOptions): Promise<void> {
  const { startServer } = await import('../../server/server')
  const root = programFolder()
  const engine = await openEngine(options, root)
  const stop = listenForStop()
  try {
    const token = tokenFor(options)
    const dataFolder = resolve(options.dataDir)
    const server = await startServer({
      engine: engine.client,
      host: options.host,
      port: options.port,
      token,
      allowHosts: options.allowHost ?? [],
      pages: join(root, 'out', 'renderer'),
      info: () => ({
        version: programVersion(),
        electron: '',
        dataFolder,
        platform: process.platform,
        // The browser's own language is the user's.
        systemLocale: '',
        readOnly: true,
        timeZone: engineOptions(options).timeZone,
      }),
    })
    if (engine.follows) await follow(engine.client, options, dataFolder)
    const base = `http://${urlHost(options.host)}:${String(server.port)}/`
    process.stdout.write(`${token === null ? base : `${base}?token=${encodeURIComponent(token)}`}\n`)
    await Promise.race([
      stop.told,
      new Promise<never>((_, reject) => {
        engine.client.onFailure((error) => {
          reject(new EngineError(error.code, error.message, { hint: error.hint ?? '' }))
        })
      }),
    ])
    await server.close()
  } finally {
    stop.release()
    await engine.client.close()
  }
}

/** The engine in its own thread, so that a page is answered while a log is read. Another writer's store is only read. */
async function openEngine(
  options: ServeOptions,
  root: string,
): Promise<{ readonly client: EngineClient; readonly follows: boolean }> {
  const workerPath = join(root, 'out', 'main', 'worker.js')
  const start = (mode: 'write' | 'read'): EngineClient => startEngine({ ...engineOptions(options), mode, workerPath })
  const writer = start('write')
  writer.on('notice', remarkNotice)
  const answer = await writer.call('progress')
  if (answer.ok) return { client: writer, follows: true }
  await writer.close()
  if (answer.error.code !== 'store-in-use' && answer.error.code !== 'permission' && answer.error.code !== 'read-only') {
    throw new EngineError(answer.error.code, answer.error.message, { hint: answer.error.hint ?? '' })
  }
  const reader = start('read')
  reader.on('notice', remarkNotice)
  const read = await reader.call('progress')
  if (!read.ok) {
    await reader.close()
    throw new EngineError(read.error.code, read.error.message, { hint: read.error.hint ?? '' })
  }
  remark(`${answer.error.message} What it stores is shown as it comes.`)
  if (options.logPath !== undefined) remark('--log-path is not followed: the other program does the reading.')
  return { client: reader, follows: false }
}

async function follow(engine: EngineClient, options: ServeOptions, dataFolder: string): Promise<void> {
  const stored = await engine.call('storedSources')
  const { paths } = chosenPaths(options.logPath ?? [])
  const watched = options.logPath === undefined ? rememberedPaths(dataFolder, stored.ok ? stored.value : []) : paths
  if (watched.length === 0) remark('No log is followed: name one with --log-path.')
  await engine.call('watch', watched)
}

/** Null on a server that only this computer reaches. */
function tokenFor(options: ServeOptions): string | null {
  const given = process.env[TOKEN_VARIABLE]
  if (given !== undefined && given !== '') {
    if (given.length < MIN_TOKEN) {
      throw new EngineError('refused', `${TOKEN_VARIABLE} is shorter than ${String(MIN_TOKEN)} characters.`)
    }
    return given
  }
  return isLoopback(options.host) && options.token !== true ? null : randomBytes(24).toString('base64url')
}

/** As it stands in a link; an address that means "all" is shown as this computer's own. */
function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost'
  return host.includes(':') ? `[${host}]` : host
}
