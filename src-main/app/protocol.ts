import { readFile } from 'node:fs/promises'
import { protocol } from 'electron'
import type { Session } from 'electron'
import { scheme } from './origin'
import { systemCode } from './result'
import { servedFile } from './served-file'

/**
 * Nothing but the program's own files, and no connection anywhere. Styles are the exception: the component library
 * makes style elements while it runs, and chart tooltips carry style attributes. A style can fetch nothing here.
 */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-src 'none'",
  "frame-ancestors 'none'",
  "object-src 'none'",
].join('; ')

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
  return {
    'Content-Type': mimeType,
    'Content-Security-Policy': contentSecurityPolicy,
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cache-Control': 'no-cache',
  }
}
