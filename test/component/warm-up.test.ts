import { createPinia, setActivePinia } from 'pinia'
import { afterEach, expect, it, vi } from 'vitest'
import { createApp } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import { i18n } from '../../src-renderer/i18n'
import { useSessionsStore } from '../../src-renderer/stores/sessions'
import { warmUp } from '../../src-renderer/warm-up'
import { aRound, aSession, installMonitor } from './support'

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

it('has the first sessions at hand before their page is opened, and leaves nothing behind in the one shown', async () => {
  vi.useFakeTimers()
  const monitor = installMonitor({
    'sessions:list': () => ({ revision: 1, total: 1, rows: [aSession({ sessionId: 'a' })] }),
    'session:rounds': () => ({ total: 1, rounds: [aRound()] }),
  })
  const pinia = createPinia()
  setActivePinia(pinia)
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [{ path: '/:rest(.*)*', component: { render: () => null } }],
  })
  const app = createApp({ render: () => null })
    .use(pinia)
    .use(i18n)
    .use(router)
  const wrong = vi.fn()
  app.config.errorHandler = wrong
  app.config.warnHandler = wrong
  document.body.innerHTML = '<main>the page</main>'
  const listeners = monitor.listeners()
  warmUp(app)
  await vi.runAllTimersAsync()
  expect(useSessionsStore().rowAt(0)?.sessionId).toBe('a')
  expect(monitor.countOf('session:rounds')).toBe(1)
  expect(document.body.innerHTML).toBe('<main>the page</main>')
  expect(monitor.listeners()).toBe(listeners)
  expect(wrong).not.toHaveBeenCalled()
})
