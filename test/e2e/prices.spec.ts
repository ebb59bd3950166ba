import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { logLine } from '../fixtures/log-line'
import { expect, test } from './app'

/**
 * Calculated by hand, in USD per million tokens:
 *   gpt-4o     1000 × 2.5 + 100 × 10 = 3500 → $0.0035
 *   house-7b   2000 × 2 + 500 × 6    = 7000 → $0.007, once its price is set to 2 in and 6 out
 */
const LINES = [
  logLine({ session_id: 'a', model: 'openai/gpt-4o', input_token: 1000, output_token: 100 }, { request_id: '1' }),
  logLine({ session_id: 'b', model: 'house-7b', input_token: 2000, output_token: 500 }, { request_id: '2' }),
]

test('a price set by the user changes every cost, and is kept over a restart', async ({ launch, restart, folder }) => {
  const log = join(folder, 'access.log')
  writeFileSync(log, LINES.map((line) => `${line}\n`).join(''))
  const running = await launch({ args: [`--open-log=${log}`] })
  const { page } = running
  await expect(page.getByTestId('card-cost')).toHaveAttribute('data-value', '0.0035')

  await page.getByTestId('nav-settings').click()
  await page.getByTestId('settings-prices').click()
  await expect(page.getByTestId('prices-unknown')).toBeVisible()
  const row = page.locator('[data-testid=price-row][data-model=house-7b]')
  const matched = page.locator('[data-testid=price-row][data-model="openai/gpt-4o"]')
  await expect(matched).toContainText('as gpt-4o')
  await row.getByTestId('price-set').click()
  await page.getByTestId('price-save').click()
  await expect(page.getByTestId('price-dialog').getByRole('alert')).toHaveCount(2)
  await page.getByTestId('price-input').fill('2')
  await page.getByTestId('price-output').fill('6')
  await page.getByTestId('price-output').press('Enter')
  await expect(page.getByTestId('price-dialog')).toHaveCount(0)
  await expect(page.getByTestId('prices-unknown')).toHaveCount(0)
  await expect(row).toContainText('your price')
  await expect(row).toContainText('$0.007')
  await page.getByTestId('nav-overview').click()
  await expect(page.getByTestId('card-cost')).toHaveAttribute('data-value', '0.0105')

  const file = join(folder, 'prices.json')
  await running.answerSaveDialog(file)
  await page.getByTestId('nav-settings').click()
  await page.getByTestId('settings-prices').click()
  await page.getByTestId('prices-export').click()
  await expect.poll(() => existsSync(file)).toBe(true)
  expect((JSON.parse(readFileSync(file, 'utf8')) as { prices: unknown[] }).prices).toHaveLength(1)

  await page.getByTestId('settings-currency').click()
  await page.getByText('Chinese yuan (CNY)').click()
  await page.getByTestId('currency-rate').fill('7')
  await page.getByTestId('currency-rate').press('Tab')
  await expect(page.getByTestId('currency-example')).toContainText('¥7.00')

  const again = await restart(running)
  await again.page.getByTestId('nav-overview').click()
  await expect(again.page.getByTestId('card-cost')).toHaveAttribute('data-value', '0.0105')
  await expect(again.page.getByTestId('card-cost')).toContainText('¥')
  await again.page.getByTestId('nav-settings').click()
  await again.page.getByTestId('settings-prices').click()
  const kept = again.page.locator('[data-testid=price-row][data-model=house-7b]')
  await kept.getByTestId('price-reset').click()
  await expect(kept).toContainText('unknown price')
  await again.answerOpenDialog(file)
  await again.page.getByTestId('prices-import').click()
  await expect(kept).toContainText('your price')
  await again.page.getByTestId('nav-overview').click()
  await expect(again.page.getByTestId('card-cost')).toHaveAttribute('data-value', '0.0105')
})
