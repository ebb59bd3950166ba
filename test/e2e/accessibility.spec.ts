import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect, test } from './app'

/** Axe checks every page, in both themes, empty and with data. */

async function violations(page: Page): Promise<string[]> {
  // By default axe opens a window of its own, which the app refuses.
  const { violations: found } = await new AxeBuilder({ page }).setLegacyMode(true).analyze()
  return found.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.target.join(' ')} ${node.failureSummary ?? ''}`),
  )
}

/** Waits for animations: axe would measure the colours of a fade. */
async function settled(page: Page): Promise<void> {
  await page.waitForFunction(() =>
    document.getAnimations().every((one) => {
      const { iterations } = one.effect?.getTiming() ?? {}
      return one.playState !== 'running' || iterations === Infinity
    }),
  )
}

for (const theme of ['light', 'dark'] as const) {
  test(`axe finds no violation on any page in the ${theme} theme`, async ({ launch }) => {
    const { page } = await launch()
    await page.evaluate((value) => window.monitor.invoke('settings:set', { theme: value }), theme)
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme)
    const expectNone = async (what: string) => {
      await settled(page)
      expect(await violations(page), what).toEqual([])
    }

    await expect(page.getByTestId('page-welcome')).toBeVisible()
    await expectNone('welcome')
    await page.getByTestId('nav-sessions').click()
    await expect(page.getByTestId('page-sessions')).toBeVisible()
    await expectNone('no sessions')
    await page.getByTestId('nav-search').click()
    await expect(page.getByTestId('page-search')).toBeVisible()
    await expectNone('nothing to search')
    await page.getByTestId('nav-sources').click()
    await expect(page.getByTestId('page-sources')).toBeVisible()
    await expectNone('no sources')

    await page.getByTestId('nav-overview').click()
    await page.getByTestId('welcome-sample').click()
    await expect(page.getByTestId('card-rounds')).toBeVisible()
    await expect(page.getByTestId('live-strip')).toBeVisible()
    await expectNone('overview')
    await page.getByTestId('filter-model').click()
    await expect(page.locator('.filter-menu')).toBeVisible()
    await expectNone('a filter open')
    await page.keyboard.press('Escape')

    await page.getByTestId('nav-sessions').click()
    await expect(page.getByTestId('session-row').first()).toBeVisible()
    await expectNone('sessions')
    await page.getByTestId('session-row').first().click()
    await expect(page.getByTestId('round').first()).toBeVisible()
    await expect(page.getByTestId('session-chart')).toBeVisible()
    await expectNone('a session')
    await page.keyboard.press(process.platform === 'darwin' ? 'Meta+k' : 'Control+k')
    await page.getByTestId('palette-text').fill('s')
    await expect(page.locator('[data-option^="session:"]').first()).toBeVisible()
    await expectNone('the command palette')
    await page.keyboard.press('Escape')
    await page.getByTestId('show-context').first().click()
    await expect(page.getByTestId('context-messages')).toBeVisible()
    await expectNone('a request')
    await page.keyboard.press('Escape')
    await expect(page.getByTestId('inspector')).toHaveCount(0)
    await page.getByTestId('session-compare').click()
    await expect(page.getByTestId('page-compare')).toBeVisible()
    await expectNone('one session to compare')
    await page.getByTestId('pick-b').click()
    await expect(page.getByRole('option').last()).toBeVisible()
    await expectNone('choosing a session')
    await page.getByRole('option').last().click()
    await expect(page.getByTestId('compare-row').first()).toBeVisible()
    await expect(page.getByTestId('compare-chart').locator('canvas')).toBeVisible()
    await expectNone('two sessions')
    await page.getByTestId('inspect-part').click()
    await expect(page.getByTestId('compare-parameters')).toBeVisible()
    await expectNone('two rounds')
    await page.keyboard.press('Escape')
    await expect(page.getByTestId('compare-inspector')).toHaveCount(0)
    await page.getByTestId('nav-search').click()
    await page.getByTestId('search-text').fill('the')
    await expect(page.getByTestId('search-hit').first()).toBeVisible()
    await expectNone('hits')
    await page.getByTestId('search-text').fill('nowhere at all')
    await expect(page.getByText('No results for')).toBeVisible()
    await expectNone('no hits')
    await page.getByTestId('nav-insights').click()
    await page.getByRole('radio', { name: 'All', exact: true }).check()
    await page.getByRole('radio', { name: 'Consumers' }).check()
    await expect(page.getByTestId('insight-routes')).toBeVisible()
    await expectNone('insights')
    await page.getByRole('radio', { name: 'Budgets' }).check()
    await page.getByTestId('budget-limit').fill('5')
    await page.getByTestId('budget-add').click()
    await expect(page.getByTestId('budget')).toBeVisible()
    await expectNone('budgets')
    await page.getByTestId('nav-sources').click()
    await expect(page.getByTestId('source-row')).toBeVisible()
    await expectNone('sources')
    await page.getByTestId('nav-insights').click()
    await expect(page.getByTestId('page-insights')).toBeVisible()
    await expectNone('insights')
    await page.getByTestId('nav-settings').click()
    await expect(page.getByTestId('time-zone')).toBeVisible()
    await expectNone('general settings')
    await page.getByTestId('settings-budgets').click()
    await expect(page.getByTestId('budget')).toBeVisible()
    await expectNone('budgets in the settings')
    await page.getByTestId('settings-data').click()
    await expect(page.getByTestId('data-folder')).toBeVisible()
    await expectNone('data settings')
    await page.getByTestId('settings-about').click()
    await expect(page.getByTestId('about-section')).toBeVisible()
    await expectNone('about')
    await page.getByTestId('settings-prices').click()
    await expect(page.getByTestId('price-table')).toBeVisible()
    await expectNone('prices')
    await page.getByTestId('price-edit').first().click()
    await expect(page.getByTestId('price-dialog')).toBeVisible()
    await expectNone('a price')
    await page.getByTestId('price-cancel').click()
    await page.getByTestId('settings-currency').click()
    await page.getByText('Chinese yuan (CNY)').click()
    await expect(page.getByTestId('currency-rate')).toBeVisible()
    await expectNone('currency')
  })
}
