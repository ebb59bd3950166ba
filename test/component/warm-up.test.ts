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

/** An app whose page is idle only when the test says so. */
function warmingUp() {
  vi.useFakeTimers()
  const held: (() => void)[] = []
  vi.stubGlobal('requestIdleCallback', (step: () => void) => held.push(step))
  const monitor = installMonitor({
    sessions: () => ({ revision: 1, total: 1, rows: [aSession({ sessionId: 'a' })] }),
    sessionRounds: () => ({ total: 1, rounds: [aRound()] }),
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
  const settle = (): Promise<unknown> => vi.runAllTimersAsync()
  return {
    app,
    monitor,
    wrong,
    settle,
    /** Runs idle steps until `done` says so, or until none is left. */
    idle: async (done: () => boolean = () => false) => {
      await settle()
      for (let step = held.shift(); step !== undefined; step = held.shift()) {
        step()
        await settle()
        if (done()) return
      }
    },
  }
}

it('fetches the first sessions before their page is opened, and leaves nothing behind in the page shown', async () => {
  const { app, monitor, wrong, idle } = warmingUp()
  document.body.innerHTML = '<main>the page</main>'
  const listeners = monitor.listeners()
  warmUp(app)
  await idle()
  expect(useSessionsStore().rowAt(0)?.sessionId).toBe('a')
  expect(monitor.countOf('sessionRounds')).toBe(1)
  expect(document.body.innerHTML).toBe('<main>the page</main>')
  expect(monitor.listeners()).toBe(listeners)
  expect(wrong).not.toHaveBeenCalled()
})

it('leaves the place alone to which the user scrolls the list of sessions meanwhile', async () => {
  const { app, idle } = warmingUp()
  warmUp(app)
  const store = useSessionsStore()
  // The sessions are there, and the hidden table waits for the page to be idle.
  await idle(() => store.total !== null)
  store.scrollTop = 1500
  await idle()
  expect(store.scrollTop).toBe(1500)
})
