import { net, session } from 'electron'
import type { AskWeb, WebAnswer } from './release-check'

/**
 * Asks by way of the system's proxy and certificates. The session is of this alone and in memory: it has no cookies and no
 * cache, and the pages can't reach it.
 */
export const askWeb: AskWeb = (url, signal) =>
  new Promise<WebAnswer>((resolve, reject) => {
    const request = net.request({
      url,
      session: session.fromPartition('releases', { cache: false }),
      redirect: 'manual',
      credentials: 'omit',
    })
    // Electron's own names the system and the versions of everything.
    request.setHeader('User-Agent', 'agent-session-monitor')
    signal.addEventListener('abort', () => request.abort(), { once: true })
    request.on('redirect', (status, _method, location) => {
      resolve({ status, location, body: nothing() })
      request.abort()
    })
    request.on('response', (response) => {
      // It is a stream, which its type does not say.
      const body = response as unknown as AsyncIterable<Uint8Array>
      resolve({ status: response.statusCode, location: null, body })
    })
    request.on('error', reject)
    request.on('abort', () => reject(new Error('aborted')))
    request.end()
  })

async function* nothing(): AsyncGenerator<Uint8Array> {
  // A redirect's own text is not read.
}
