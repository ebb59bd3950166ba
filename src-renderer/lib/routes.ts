import type { LocationQuery, RouteLocationRaw } from 'vue-router'

/*
 * The addresses of the pages. router.ts has the table of the pages themselves: it imports every page, and pages import
 * only these addresses.
 */

/**
 * A session id as a route parameter. A logged id may hold half a surrogate pair, which no URL can carry, or be empty, which
 * matches no route; both are written with `~`.
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

/** Stands for a side without a session. toRouteId() never returns it. */
const NONE = '~none'
export const sideOf = (param: unknown): string | null =>
  typeof param !== 'string' || param === '' || param === NONE ? null : fromRouteId(param)

/** Two sessions side by side; null for a side that is not chosen yet. */
export function compareRoute(a: string | null, b: string | null): RouteLocationRaw {
  const params = [a, b].map((id) => (id === null ? NONE : toRouteId(id)))
  return { name: 'compare', params: a === null && b === null ? {} : { a: params[0], b: params[1] } }
}

/** A round of a session, and the text to show in it. */
export interface RoundTarget {
  readonly round: number
  /** A text to find in the round. */
  readonly find?: string
  /**
   * Which occurrence of the text, by its context: a snippet, and where in the snippet the occurrence starts. It is kept in
   * the history entry, not in the address.
   */
  readonly near?: { readonly snippet: string; readonly at: number }
}

export const roundRoute = (sessionId: string, { round, find, near }: RoundTarget): RouteLocationRaw => ({
  name: 'session',
  params: { id: toRouteId(sessionId) },
  query: { round: String(round), ...(find === undefined ? {} : { find }) },
  ...(near === undefined ? {} : { state: { near } }),
})

/** The target in an address made by roundRoute(); null if the address has none. */
export function roundTargetOf(query: LocationQuery, state: unknown): RoundTarget | null {
  const round = Number(query['round'])
  if (!Number.isSafeInteger(round) || round < 1) return null
  const { find } = query
  const near = (state as { near?: RoundTarget['near'] } | null)?.near
  return {
    round,
    ...(typeof find === 'string' && find !== '' ? { find } : {}),
    ...(near === undefined ? {} : { near }),
  }
}
