import { readFile } from 'node:fs/promises'
import { Hono } from 'hono'
import type { Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { securityHeaders } from '../hosting/content-security'
import { failed } from '../shared/result'
import { fileUnder } from '../hosting/served-file'
import { dayIn } from '../shared/zone'
import type { AppInfo } from '../contract/index'
import type { EngineClient } from '../engine/thread/client'
import { isToken, refusal, type AccessRules } from './access'
import { contractApi } from './contract-api'
import { downloads } from './downloads'
import { liveEvents } from './live-events'
import { originalApi } from './original-api'

export interface SiteOptions {
  readonly engine: Pick<EngineClient, 'call' | 'on'>
  readonly rules: AccessRules
  /** Folder of the built renderer. */
  readonly pages: string
  readonly info: () => AppInfo
}

export interface Site {
  readonly fetch: (request: Request, env?: unknown) => Response | Promise<Response>
  /** Ends the streams of events: a server that waits for them would never close. */
  readonly close: () => void
}

const COOKIE = 'agent_session_monitor'

/** The pages, the contract and the original's endpoints behind one gate. Read-only: nothing here changes anything. */
export function createSite({ engine, rules, pages, info }: SiteOptions): Site {
  const site = new Hono()
  const events = liveEvents(engine)

  site.use(async (c, next) => {
    const refused = gate(c, rules)
    if (refused === null) await next()
    else c.res = refused
    for (const [name, value] of Object.entries(securityHeaders)) c.res.headers.set(name, value)
    c.res.headers.set('Cross-Origin-Resource-Policy', 'same-origin')
    // Their names change with what is in them; a refusal does not, and would be remembered as long.
    const lasts = c.res.status === 200 && c.req.path.startsWith('/assets/')
    c.res.headers.set('Cache-Control', lasts ? 'private, max-age=31536000' : 'no-store')
  })

  site.get('/api/events', (c) => events.stream(c))
  site.route('/api/invoke', contractApi(engine, info))
  site.route(
    '/api',
    downloads(engine, () => dayIn(Date.now(), info().timeZone ?? 'UTC')),
  )
  site.route('/api', originalApi(engine))
  for (const path of ['/', '/index.html', '/session']) site.get(path, (c) => page(c, '/index.html', pages))
  // Browsers ask for it unasked; the pages have none.
  site.get('/favicon.ico', (c) => c.body(null, 204))
  site.get('*', (c) => page(c, new URL(c.req.url).pathname, pages))
  site.onError((_error, c) => c.json(failed({ code: 'internal', message: 'Something went wrong in the server.' }), 500))
  site.notFound((c) => c.text('Not found.', 404))

  return { fetch: (request, env) => site.fetch(request, env), close: events.close }
}

/** The answer to a request that may not pass; null when it may. */
function gate(c: Context, rules: AccessRules): Response | null {
  const reason = refusal(rules, {
    method: c.req.method,
    host: c.req.header('host'),
    origin: c.req.header('origin'),
    fetchSite: c.req.header('sec-fetch-site'),
    fetchMode: c.req.header('sec-fetch-mode'),
  })
  if (reason === 'unknown-host') {
    return refuse(c, 403, 'This server is not known under this name. Start it with --allow-host NAME.')
  }
  if (reason === 'foreign-origin') return refuse(c, 403, 'Pages of another origin may not ask here.')
  if (rules.token === null) return null
  const shown = c.req.query('token')
  if (shown !== undefined && isToken(rules.token, shown)) {
    setCookie(c, COOKIE, shown, { httpOnly: true, sameSite: 'Strict', path: '/', maxAge: 30 * 24 * 3600 })
    const url = new URL(c.req.url)
    if (c.req.method !== 'GET' || url.pathname.startsWith('/api/')) return null
    url.searchParams.delete('token')
    // Two slashes would begin the name of another server.
    return c.html(comeBack(`${url.pathname.replace(/^\/+/, '/')}${url.search}`))
  }
  const bearer = /^Bearer (.+)$/.exec(c.req.header('authorization') ?? '')?.[1]
  if (isToken(rules.token, bearer) || isToken(rules.token, getCookie(c, COOKIE))) return null
  return refuse(c, 401, 'This server asks for its token: open the link it printed when it was started.')
}

function refuse(c: Context, status: 401 | 403, message: string): Response {
  return c.req.path.startsWith('/api/')
    ? c.json(failed({ code: 'refused', message }), status)
    : c.text(`${message}\n`, status)
}

/**
 * Takes the token out of the address. Not by a redirect: of one that a link on another site began, a browser would not
 * send the cookie along.
 */
function comeBack(path: string): string {
  const quoted = path.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')
  return `<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0;url=${quoted}"><title>Agent Session Monitor</title>`
}

async function page(c: Context, pathname: string, pages: string): Promise<Response> {
  const file = fileUnder(pathname, pages)
  if (file === null) return c.notFound()
  try {
    return c.body(await readFile(file.path), 200, { 'Content-Type': file.mimeType })
  } catch {
    return c.notFound()
  }
}
