import { serve, type ServerType } from '@hono/node-server'
import type { AppInfo } from '../contract/index'
import type { EngineClient } from '../engine/thread/client'
import { EngineError } from '../engine/base/errors'
import { systemCode } from '../shared/system-errors'
import { hostNames } from './access'
import { createSite } from './site'

export interface ServerOptions {
  readonly engine: Pick<EngineClient, 'call' | 'on'>
  /** Address to listen on. */
  readonly host: string
  /** 0: one that is free. */
  readonly port: number
  readonly token: string | null
  /** Further names under which it may be asked for. */
  readonly allowHosts: readonly string[]
  /** Folder of the built renderer. */
  readonly pages: string
  readonly info: () => AppInfo
}

export interface RunningServer {
  readonly port: number
  close(): Promise<void>
}

/** Starts to listen. Throws an EngineError when the address can't be had. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { engine, host, port, token, allowHosts, pages, info } = options
  const site = createSite({ engine, rules: { token, hosts: hostNames(host, allowHosts) }, pages, info })
  const server = await new Promise<ServerType>((resolve, reject) => {
    const starting = serve({ fetch: site.fetch, hostname: host, port }, () => {
      starting.off('error', reject)
      resolve(starting)
    })
    starting.once('error', reject)
  }).catch((error: unknown) => {
    throw cannotListen(error, host, port)
  })
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve()
        })
        site.close()
        if ('closeAllConnections' in server) server.closeAllConnections()
      }),
  }
}

function cannotListen(error: unknown, host: string, port: number): EngineError {
  const where = `${host}:${String(port)}`
  const detail = { where, cause: error }
  switch (systemCode(error)) {
    case 'EADDRINUSE':
      return new EngineError('refused', 'Another program listens there already.', {
        ...detail,
        hint: 'Choose another --port, or 0 for any that is free.',
      })
    case 'EACCES':
      return new EngineError('permission', 'The system does not allow this program to listen there.', {
        ...detail,
        hint: 'Choose a --port of 1024 or more.',
      })
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new EngineError('refused', 'This computer does not have this address.', {
        ...detail,
        hint: 'Use --host 127.0.0.1 for this computer alone, or --host 0.0.0.0 for all of its addresses.',
      })
    default:
      return new EngineError('refused', `It can't listen there: ${systemCode(error) ?? 'unknown failure'}.`, detail)
  }
}
