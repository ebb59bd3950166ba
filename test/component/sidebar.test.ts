import { flushPromises, mount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, describe, expect, it } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'
import type { BudgetState } from '@contract'
import AppSidebar from '../../src-renderer/shell/AppSidebar.vue'
import { i18n } from '../../src-renderer/i18n'
import { installMonitor } from './support'

afterEach(() => {
  document.body.innerHTML = ''
})

const PAGES = ['overview', 'sessions', 'compare', 'search', 'insights', 'sources', 'settings', 'welcome'] as const

async function shown(at: string, budgets: readonly BudgetState[] = []) {
  installMonitor({ 'budgets:get': () => budgets })
  setActivePinia(createPinia())
  i18n.global.locale.value = 'en'
  const page = { render: () => null }
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [
      ...PAGES.map((name) => ({ path: `/${name}`, name, component: page })),
      { path: '/session/:id', name: 'session', component: page },
    ],
  })
  await router.push(at)
  const wrapper = mount(AppSidebar, { attachTo: document.body, global: { plugins: [i18n, router] } })
  await flushPromises()
  return { wrapper, router }
}

const aBudget = (share: number | null): BudgetState => ({
  budget: { id: 'one', period: 'month', unit: 'usd', limit: 100, scope: { kind: 'all' } },
  start: '2026-02-01',
  used: (share ?? 0) * 100,
  unpricedRounds: 0,
  share,
})

describe('the sidebar', () => {
  it('marks the page shown, also where a page is reached from another', async () => {
    const { wrapper, router } = await shown('/sessions')
    const current = () => wrapper.findAll('[aria-current=page]').map((item) => item.attributes('data-testid'))
    expect(current()).toEqual(['nav-sessions'])
    await router.push('/session/a')
    await flushPromises()
    expect(current(), 'a session is one of the sessions').toEqual(['nav-sessions'])
    await router.push('/welcome')
    await flushPromises()
    expect(current()).toEqual(['nav-overview'])
  })

  it('leads to the page pressed, and names each for those who see only its sign', async () => {
    const { wrapper, router } = await shown('/overview')
    for (const item of wrapper.findAll('a.nav-item')) expect(item.attributes('title')).toBeTruthy()
    await wrapper.get('[data-testid=nav-insights]').trigger('click')
    await flushPromises()
    expect(router.currentRoute.value.name).toBe('insights')
  })

  it('tells of a budget that is nearly used, and of none that is not', async () => {
    const mark = async (share: number | null) => (await shown('/overview', [aBudget(share)])).wrapper.find('.reached')
    expect((await mark(0.79)).exists()).toBe(false)
    expect((await mark(null)).exists()).toBe(false)
    const high = await mark(0.85)
    expect(high.text()).toContain('85%')
    expect(high.classes()).not.toContain('full')
    expect((await mark(1.2)).classes()).toContain('full')
  })
})
