import { createHash, timingSafeEqual } from 'node:crypto'
import { hostname, networkInterfaces } from 'node:os'
import { isIP } from 'node:net'

/** Who may ask. Everything here is decided from the request's own headers. */
export interface AccessRules {
  /** What has to be shown; null on a server that only this computer reaches. */
  readonly token: string | null
  /** Host names, without port, under which this server may be asked for. Lower case. */
  readonly hosts: ReadonlySet<string>
}

/** The headers the decision needs. */
export interface AskedBy {
  readonly method: string
  readonly host: string | undefined
  readonly origin: string | undefined
  readonly fetchSite: string | undefined
  readonly fetchMode: string | undefined
}

/** Why a request is refused; null when it is not. The token is checkToken's matter. */
export type Refusal = 'unknown-host' | 'foreign-origin' | null

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]']

/** Whether an address to listen on can be reached from this computer only. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host)
}

/**
 * The names a server listening on `host` answers to. A page elsewhere that had its own name point here (DNS rebinding)
 * comes with that name and is refused. `more`: names a proxy or the network knows it under.
 */
export function hostNames(host: string, more: readonly string[]): ReadonlySet<string> {
  const names = new Set([...LOOPBACK, ...more.map((name) => name.toLowerCase())])
  if (isLoopback(host)) return names
  names.add(isIP(host) === 6 ? `[${host}]` : host.toLowerCase())
  names.add(hostname().toLowerCase())
  for (const addresses of Object.values(networkInterfaces())) {
    for (const { address } of addresses ?? []) names.add(isIP(address) === 6 ? `[${address}]` : address)
  }
  return names
}

/** Checks host and origin. */
export function refusal(rules: Pick<AccessRules, 'hosts'>, asked: AskedBy): Refusal {
  const { method, host, origin, fetchSite, fetchMode } = asked
  if (host === undefined || !URL.canParse(`http://${host}`)) return 'unknown-host'
  const parsed = new URL(`http://${host}`)
  if (parsed.username !== '' || parsed.pathname !== '/' || !rules.hosts.has(parsed.hostname)) return 'unknown-host'
  // Behind a proxy that speaks TLS the scheme is its own.
  if (origin !== undefined && origin !== `http://${host}` && origin !== `https://${host}`) return 'foreign-origin'
  // A link from elsewhere may lead here; a script or an image from elsewhere may not look.
  const isVisit = (method === 'GET' || method === 'HEAD') && fetchMode === 'navigate'
  const isForeign = fetchSite === 'cross-site' || fetchSite === 'same-site'
  return isForeign && !isVisit ? 'foreign-origin' : null
}

/** Compares in constant time: how long it takes says nothing about how much of a guess is right. */
export function isToken(expected: string, given: string | undefined): boolean {
  if (given === undefined) return false
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(expected), digest(given))
}
