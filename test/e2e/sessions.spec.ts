import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { logLine } from '../fixtures/log-line'
import { expect, test } from './app'

/** The list of sessions: filters, order, columns, keyboard, and the place where it was left. */

const LINES = Array.from({ length: 120 }, (_, index) =>
  logLine(
    {
      session_id: `agent:${index}`,
      model: index % 10 === 0 ? 'o3' : 'gpt-4o',
      input_token: 100 + index,
      output_token: 10,
      question: index === 77 ? 'Where is the kraken?' : `Question ${index}`,
      ...(index === 5 ? { response_type: 'error' } : {}),
    },
    { start_time: new Date(Date.UTC(2026, 1, 1) + index * 60_000).toISOString(), request_id: `r${index}` },
  ),
)

test('the list of sessions is filtered, opened by keyboard, and kept as the user left it', async ({
  folder,
  launch,
  restart,
}) => {
  const log = join(folder, 'access.log')
  writeFileSync(log, `${LINES.join('\n')}\n`)
  const running = await launch({ args: [`--open-log=${log}`] })
  const { page } = running
  await expect(page.getByTestId('card-sessions')).toHaveAttribute('data-value', '120')
  await page.getByTestId('nav-sessions').click()
  const count = (from: typeof page) => from.locator('[data-total]')
  await expect(count(page)).toHaveAttribute('data-total', '120')
  await expect(page.getByTestId('session-row').first().locator('svg.spark')).toBeVisible()

  await page.keyboard.press('/')
  await page.keyboard.type('KRAKEN')
  await expect(count(page)).toHaveAttribute('data-total', '1')
  await page.keyboard.press('Escape')
  await expect(count(page)).toHaveAttribute('data-total', '120')
  await page.keyboard.press('Escape')
  await expect(page.getByTestId('sessions-table')).toBeFocused()

  // The keyboard reaches the content of a popover, even an empty one, and returns to its button.
  await page.getByTestId('saved-filters').focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog', { name: 'Saved filters' })).toBeFocused()
  await page.keyboard.press('Tab')
  await expect(page.getByTestId('saved-filters')).toBeFocused()
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await page.getByTestId('filter-model').focus()
  await page.keyboard.press('Enter')
  await expect(page.locator('.filter-menu input').first()).toBeFocused()
  await page.getByLabel('o3', { exact: true }).check()
  await expect(count(page)).toHaveAttribute('data-total', '12')
  await page.keyboard.press('Escape')
  await expect(page.locator('.filter-menu')).toHaveCount(0)
  await expect(page.getByTestId('filter-model')).toBeFocused()
  await page.getByTestId('saved-filters').click()
  await page.getByTestId('saved-name').fill('Reasoners')
  await page.keyboard.press('Enter')

  await page.getByTestId('choose-columns').click()
  await page.locator('[data-column=failed]').check()
  await page.locator('[data-column=spark]').uncheck()
  await page.keyboard.press('Escape')
  const handle = page.locator('[data-resize=model]')
  const header = page.getByRole('columnheader').filter({ has: handle })
  const width = async () => (await header.boundingBox())?.width ?? 0
  const before = await width()
  await handle.focus()
  await page.keyboard.press('ArrowRight')
  await expect.poll(width).toBeGreaterThan(before + 10)

  const again = await restart(running)
  await again.page.getByTestId('nav-sessions').click()
  const table = again.page.getByTestId('sessions-table')
  await expect(table).toHaveAttribute('data-columns', /failed/)
  await expect(table).not.toHaveAttribute('data-columns', /spark/)
  await again.page.getByTestId('saved-filters').click()
  await again.page.getByRole('button', { name: 'Reasoners', exact: true }).click()
  await expect(count(again.page)).toHaveAttribute('data-total', '12')

  // By keyboard from the filter into the list and into a session. Back, the list is as it was.
  await again.page.keyboard.press('Escape')
  await again.page.getByTestId('sessions-filter').focus()
  await again.page.keyboard.press('ArrowDown')
  await again.page.keyboard.press('ArrowDown')
  await again.page.keyboard.press('Enter')
  await expect(again.page.getByTestId('page-session')).toBeVisible()
  await again.page.goBack()
  await expect(count(again.page)).toHaveAttribute('data-total', '12')
  await expect(again.page.getByTestId('sessions-table')).toBeFocused()

  // The first press in a scrolled list must not move the row away from the pointer.
  await again.page.getByTestId('sessions-reset').click()
  await expect(count(again.page)).toHaveAttribute('data-total', '120')
  await again.page.getByTestId('nav-overview').click()
  await again.page.getByTestId('nav-sessions').click()
  const list = again.page.getByTestId('sessions-table')
  await expect(list.getByTestId('session-row').first()).toBeVisible()
  await list.evaluate((element) => (element.scrollTop = 1500))
  const box = await list.boundingBox()
  if (box === null) throw new Error('The list is not there.')
  const at = { x: box.x + 200, y: box.y + 250 }
  const under = () =>
    again.page.evaluate(
      ({ x, y }) => document.elementFromPoint(x, y)?.closest('[data-row]')?.getAttribute('data-session-id') ?? null,
      at,
    )
  await expect.poll(under).not.toBeNull()
  const wanted = await under()
  await again.page.mouse.click(at.x, at.y)
  await expect(again.page.getByTestId('page-session')).toBeVisible()
  expect(decodeURIComponent(again.page.url())).toContain(wanted ?? '')
  await again.page.goBack()
  await expect.poll(() => list.evaluate((element) => element.scrollTop)).toBe(1500)
  await expect(list).toHaveAttribute('aria-activedescendant', /session-row-\d+/)
})
