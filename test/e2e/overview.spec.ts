import { appendFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { logLine, type LineFields } from '../fixtures/log-line'
import { expect, test } from './app'

/** The overview counts what its range and filters select, after a restart too. */

const DAY = 86_400_000
const line = (daysAgo: number, ai: LineFields, outer: LineFields = {}) =>
  `${logLine(
    { session_id: `s${daysAgo}`, model: 'gpt-4o', consumer: 'ci', input_token: 100, output_token: 10, ...ai },
    { start_time: new Date(Date.now() - daysAgo * DAY - 1000).toISOString(), request_id: `r${daysAgo}`, ...outer },
  )}\n`

test('a range and filters apply to every number of the overview, and are kept over a restart', async ({
  folder,
  launch,
  restart,
}) => {
  const log = join(folder, 'access.log')
  writeFileSync(
    log,
    line(0, {}) +
      line(2, { model: 'o3' }) +
      line(8, { consumer: 'web' }) +
      line(100, { model: 'o3', response_type: 'error' }, { response_code: '500' }),
  )
  const running = await launch({ args: [`--open-log=${log}`] })
  const { page } = running
  const rounds = (from: typeof page, value: string) =>
    expect(from.getByTestId('card-rounds')).toHaveAttribute('data-value', value)
  await rounds(page, '4')
  await expect(page.getByTestId('live-strip').getByRole('link')).toHaveCount(4)

  // On the way back the page is where it was left; a new visit begins at its top.
  const scroller = page.locator('[data-testid=page-overview] .scroll')
  const top = () => scroller.evaluate((element) => element.scrollTop)
  await scroller.evaluate((element) => (element.scrollTop = 300))
  await page.getByTestId('nav-sessions').click()
  await expect(page.getByTestId('sessions-table')).toBeVisible()
  await page.goBack()
  await expect.poll(top).toBe(300)
  await page.getByTestId('nav-sessions').click()
  await page.getByTestId('nav-overview').click()
  await expect(page.getByTestId('card-rounds')).toBeVisible()
  await expect.poll(top).toBe(0)

  await page.getByText('7 days', { exact: true }).click()
  await rounds(page, '2')
  await expect(page.getByTestId('card-rounds')).toContainText('▲') // one round in the previous seven days
  await expect(page.getByTestId('model-table').locator('tbody tr')).toHaveCount(2)
  await page.getByText('30 days', { exact: true }).click()
  await rounds(page, '3')
  await page.getByTestId('filter-consumer').click()
  await page.getByLabel('web', { exact: true }).check()
  await rounds(page, '1')
  await page.keyboard.press('Escape')

  await scroller.evaluate((element) => (element.scrollTop = 200))
  // The app learns of the scroll in the next frame, so it must not quit before that.
  await expect.poll(() => page.evaluate(() => (window.history.state as { scrolled?: number }).scrolled)).toBe(200)
  const again = await restart(running)
  await rounds(again.page, '1')
  const scrollerAgain = again.page.locator('[data-testid=page-overview] .scroll')
  const topAgain = () => scrollerAgain.evaluate((element) => element.scrollTop)
  // The panels above may have another height after the restart.
  await expect.poll(topAgain, 'where it was left').toBeGreaterThan(150)
  await expect(again.page.getByTestId('filter-consumer')).toContainText('web')
  await again.page.getByTestId('overview-reset').click()
  await rounds(again.page, '4')

  // A chosen outcome filters the overview; an empty result says so and offers to reset the filters.
  await again.page.getByTestId('status-counts').getByRole('button', { name: 'Error' }).click()
  await rounds(again.page, '1')
  await again.page.getByText('Today', { exact: true }).click()
  await expect(again.page.getByText('No matches')).toBeVisible()
  await again.page.getByTestId('overview-reset').click()
  await rounds(again.page, '4')

  // A new request appears in the live strip at once.
  appendFileSync(log, line(0, { session_id: 'fresh', model: 'gpt-4o-mini' }, { request_id: 'fresh' }))
  await expect(again.page.getByTestId('live-strip').getByRole('link').first()).toContainText('gpt-4o-mini')

  // By keyboard: the arrow keys move along the bars and announce each; Enter acts like a click.
  const chart = again.page.getByTestId('chart-model').getByRole('application')
  await chart.focus()
  await again.page.keyboard.press('ArrowDown')
  await expect(chart.getByTestId('chart-point')).toContainText(/o3|gpt-4o/)
  await expect(again.page.locator('.chart-tip-title')).toBeVisible()
  await again.page.keyboard.press('Enter')
  await expect(again.page.getByTestId('model-table').locator('tbody tr')).toHaveCount(1)
  await again.page.getByTestId('overview-reset').click()
  await expect(again.page.getByTestId('model-table').locator('tbody tr')).toHaveCount(3)

  // A click on a bar filters by its model.
  await again.page
    .getByTestId('chart-model')
    .locator('canvas')
    .click({ position: { x: 300, y: 14 } })
  await expect(again.page.getByTestId('model-table').locator('tbody tr')).toHaveCount(1)
})
