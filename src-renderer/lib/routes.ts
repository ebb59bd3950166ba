import type { LocationQuery, RouteLocationRaw } from 'vue-router'

/** Addresses of the pages. Pure: router.ts has the table of the pages themselves. */

/**
 * A session id as a route parameter. An id may hold anything a log can: half a surrogate pair, which no URL can carry,
 * or nothing at all, which matches no route. Both are spelled with `~`.
 */
export function toRouteId(sessionId: string): string {
  if (sessionId === '') return '~'
  return sessionId
    .replaceAll('~', '~7e.')
    .replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, (half) => {
      return `~${half.charCodeAt(0).toString(16)}.`
    })
}

export function fromRouteId(param: string): string {
  if (param === '~') return ''
  return param.replace(/~([0-9a-f]+)\./g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
}

export const sessionRoute = (sessionId: string): RouteLocationRaw => ({
  name: 'session',
  params: { id: toRouteId(sessionId) },
})

/** Where only one session is chosen; no id is spelled like this. */
const NONE = '~none'
export const sideOf = (param: unknown): string | null =>
  typeof param !== 'string' || param === '' || param === NONE ? null : fromRouteId(param)

/** Two sessions side by side; null: yet to be chosen. */
export function compareRoute(a: string | null, b: string | null): RouteLocationRaw {
  const params = [a, b].map((id) => (id === null ? NONE : toRouteId(id)))
  return { name: 'compare', params: a === null && b === null ? {} : { a: params[0], b: params[1] } }
}

/** A place in a session's conversation, and what is to be seen there. */
export interface Place {
  readonly round: number
  /** A text to find there. */
  readonly find?: string
  /** Which of several such places: the text around it, and where in that it begins. Travels beside the address. */
  readonly near?: { readonly snippet: string; readonly at: number }
}

export const placeRoute = (sessionId: string, { round, find, near }: Place): RouteLocationRaw => ({
  name: 'session',
  params: { id: toRouteId(sessionId) },
  query: { round: String(round), ...(find === undefined ? {} : { find }) },
  ...(near === undefined ? {} : { state: { near } }),
})

/** The place an address of placeRoute() names; null where it names none. */
export function placeOf(query: LocationQuery, state: unknown): Place | null {
  const round = Number(query['round'])
  if (!Number.isSafeInteger(round) || round < 1) return null
  const { find } = query
  const near = (state as { near?: Place['near'] } | null)?.near
  return {
    round,
    ...(typeof find === 'string' && find !== '' ? { find } : {}),
    ...(near === undefined ? {} : { near }),
  }
}
