import { flushPromises, type DOMWrapper } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import type { Budget } from '@contract'
import BudgetsPanel from '../../src-renderer/features/insights/BudgetsPanel.vue'
import BudgetStrip from '../../src-renderer/features/overview/BudgetStrip.vue'
import { installMonitor, mountApp } from './support'

const first: Budget = { id: 'first', period: 'month', unit: 'usd', limit: 10, scope: { kind: 'all' } }
const second: Budget = { ...first, id: 'second', scope: { kind: 'model', name: 'gpt-4o' } }

/** The panel of two budgets, and what is kept of them. */
async function shown({ fails = false } = {}) {
  let kept: readonly Budget[] = [first, second]
  const states = () => kept.map((budget) => ({ budget, start: '2026-02-01', used: 5, unpricedRounds: 0, share: 0.5 }))
  const monitor = installMonitor({
    'budgets:get': states,
    ...(fails
      ? {}
      : {
          'budgets:set': (budgets: readonly Budget[]) => {
            kept = budgets
            return states()
          },
        }),
  })
  const page = mountApp(BudgetsPanel, { props: {} })
  await flushPromises()
  const row = (at: number): DOMWrapper<Element> => {
    const found = page.findAll('[data-testid="budget"]')[at]
    if (found === undefined) throw new Error(`no budget ${String(at)}`)
    return found
  }
  return {
    monitor,
    page,
    row,
    part: (name: string) => row(1).find(`[data-testid="budget-${name}"]`),
    kept: () => kept,
  }
}

describe('a budget that is there', () => {
  it('is changed where it stands: limit, unit, period and scope, and stays the one it is', async () => {
    const { part, row, kept } = await shown()
    await part('edit').trigger('click')
    const limit = part('limit').element as HTMLInputElement
    expect(limit.value).toBe('10')
    expect(document.activeElement).toBe(limit)
    expect((part('name').element as HTMLInputElement).value).toBe('gpt-4o')

    await part('limit').setValue('2500')
    await part('unit').setValue('tokens')
    await part('period').setValue('week')
    await part('scope').setValue('consumer')
    await part('name').setValue('tester')
    await row(1).get('form').trigger('submit')
    await flushPromises()
    const changed = { period: 'week', unit: 'tokens', limit: 2500, scope: { kind: 'consumer', name: 'tester' } }
    expect(kept()).toEqual([first, { id: 'second', ...changed }])
    expect(row(1).text()).toContain('tokens of 2')
    expect(row(1).find('form').exists()).toBe(false)
    expect(document.activeElement).toBe(part('edit').element)
  })

  it('stays as it was with Escape, and the keyboard is where it was', async () => {
    const { part, row, monitor } = await shown()
    await part('edit').trigger('click')
    await part('limit').setValue('99')
    await part('limit').trigger('keydown', { key: 'Escape' })
    await flushPromises()
    expect(row(1).find('form').exists()).toBe(false)
    expect(document.activeElement).toBe(part('edit').element)
    expect(monitor.countOf('budgets:set')).toBe(0)
    await part('edit').trigger('click')
    expect((part('limit').element as HTMLInputElement).value).toBe('10')
  })

  it('is not changed to what no budget can be', async () => {
    const { part, row, monitor } = await shown()
    await part('edit').trigger('click')
    for (const limit of ['', '0', '-1', 'much']) {
      await part('limit').setValue(limit)
      await row(1).get('form').trigger('submit')
      expect(part('limit').attributes('aria-invalid')).toBe('true')
    }
    await part('limit').setValue('3')
    await part('name').setValue('')
    await row(1).get('form').trigger('submit')
    expect(part('limit').attributes('aria-invalid')).toBe('false')
    expect(part('name').attributes('aria-invalid')).toBe('true')
    expect(monitor.countOf('budgets:set')).toBe(0)
  })

  it('keeps what was typed when it could not be kept, and says so', async () => {
    const { page, part, row } = await shown({ fails: true })
    await part('edit').trigger('click')
    await part('limit').setValue('7')
    await row(1).get('form').trigger('submit')
    await flushPromises()
    expect((part('limit').element as HTMLInputElement).value).toBe('7')
    expect(page.find('[role="alert"]').exists()).toBe(true)
  })
})

it('a new budget is added to those there are, and the form is empty again', async () => {
  const { page, kept } = await shown()
  const limit = () => page.get('.new [data-testid="budget-limit"]')
  await limit().setValue('1,5')
  await page.get('.new form').trigger('submit')
  await flushPromises()
  expect(kept()).toHaveLength(3)
  expect(kept()[2]).toMatchObject({ limit: 1.5, period: 'month', scope: { kind: 'all' } })
  expect((limit().element as HTMLInputElement).value).toBe('')
})

it('in the overview leads to the budgets, not to another analysis', async () => {
  await shown()
  const strip = mountApp(BudgetStrip, { props: {} })
  await flushPromises()
  expect(strip.findAll('a').map((link) => link.attributes('href'))).toEqual([
    '/insights?section=budgets',
    '/insights?section=budgets',
  ])
})
