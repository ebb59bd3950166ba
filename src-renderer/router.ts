import { createRouter, createWebHashHistory, type LocationQuery, type Router, type RouteLocationRaw } from 'vue-router'
import ComparePage from './features/compare/ComparePage.vue'
import OverviewPage from './features/overview/OverviewPage.vue'
import SessionsPage from './features/sessions/SessionsPage.vue'
import SearchPage from './features/search/SearchPage.vue'
import InsightsPage from './features/insights/InsightsPage.vue'
import SessionPage from './features/conversation/SessionPage.vue'
import SettingsPage from './features/settings/SettingsPage.vue'
import SourcesPage from './features/sources/SourcesPage.vue'
import WelcomePage from './features/welcome/WelcomePage.vue'

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
const sideOf = (param: unknown): string | null =>
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

export function createAppRouter(): Router {
  return createRouter({
    history: createWebHashHistory(),
    routes: [
      { path: '/', redirect: { name: 'overview' } },
      { path: '/welcome', name: 'welcome', component: WelcomePage },
      { path: '/overview', name: 'overview', component: OverviewPage },
      { path: '/sessions', name: 'sessions', component: SessionsPage },
      {
        path: '/session/:id',
        name: 'session',
        component: SessionPage,
        props: (route) => ({ sessionId: fromRouteId(String(route.params['id'])) }),
      },
      {
        path: '/compare/:a?/:b?',
        name: 'compare',
        component: ComparePage,
        props: (route) => ({ a: sideOf(route.params['a']), b: sideOf(route.params['b']) }),
        // Another pair is the same page: what is on screen stays until the other is there.
        meta: { key: 'compare' },
      },
      { path: '/search', name: 'search', component: SearchPage },
      { path: '/insights', name: 'insights', component: InsightsPage },
      { path: '/sources', name: 'sources', component: SourcesPage },
      { path: '/settings/:section?', name: 'settings', component: SettingsPage },
      { path: '/:rest(.*)*', redirect: { name: 'overview' } },
    ],
  })
}

/**
 * An address that names a session, of the original's form `/session?id=ID` or as `?session=ID`, becomes the route of that
 * session before the router looks at the address.
 */
export function adoptSessionLink(): void {
  const { pathname, search } = location
  const query = new URLSearchParams(search)
  const isOriginals = pathname === '/session'
  const sessionId = query.get(isOriginals ? 'id' : 'session')
  if (sessionId === null) return
  history.replaceState(null, '', `${isOriginals ? '/' : pathname}#/session/${encodeURIComponent(toRouteId(sessionId))}`)
}
