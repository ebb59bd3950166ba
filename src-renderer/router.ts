import { createRouter, createWebHashHistory, type Router } from 'vue-router'
import { fromRouteId, sideOf, toRouteId } from './lib/routes'
import ComparePage from './features/compare/ComparePage.vue'
import OverviewPage from './features/overview/OverviewPage.vue'
import SessionsPage from './features/sessions/SessionsPage.vue'
import SearchPage from './features/search/SearchPage.vue'
import InsightsPage from './features/insights/InsightsPage.vue'
import SessionPage from './features/conversation/SessionPage.vue'
import SettingsPage from './features/settings/SettingsPage.vue'
import SourcesPage from './features/sources/SourcesPage.vue'
import WelcomePage from './features/welcome/WelcomePage.vue'

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
