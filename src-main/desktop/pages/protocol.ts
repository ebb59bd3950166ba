import { readFile } from 'node:fs/promises'
import { protocol } from 'electron'
import type { Session } from 'electron'
import { securityHeaders } from '../../hosting/content-security'
import { scheme } from './origin'
import { systemCode } from '../../shared/system-errors'
import { servedFile } from './app-file'

/** Must run before the app is ready. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ])
}

export function servePages(session: Session, root: string): void {
  session.protocol.handle(scheme, (request) => answer(request, root))
}

async function answer(request: Request, root: string): Promise<Response> {
  if (request.method !== 'GET') return refusal(405)
  const file = servedFile(request.url, root)
  if (file === null) return refusal(404)
  try {
    return new Response(await readFile(file.path), { headers: headers(file.mimeType) })
  } catch (error) {
    return refusal(systemCode(error) === 'ENOENT' || systemCode(error) === 'EISDIR' ? 404 : 500)
  }
}

function refusal(status: number): Response {
  return new Response(null, { status, headers: headers('text/plain; charset=utf-8') })
}

function headers(mimeType: string): Record<string, string> {
  return { 'Content-Type': mimeType, ...securityHeaders, 'Cache-Control': 'no-cache' }
}
