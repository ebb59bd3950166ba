import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { logLine } from '../fixtures/log-line'
import { expect, test } from './app'

/** Ctrl+K finds pages, sessions and actions from any page, by keyboard alone. */

const KEY = process.platform === 'darwin' ? 'Meta+k' : 'Control+k'
const LINES = Array.from({ length: 200 }, (_, index) =>
  logLine(
    {
      session_id: `agent:${index}`,
      model: 'gpt-4o',
      input_token: 10,
      output_token: 1,
      question: index === 150 ? '海怪在哪里？ Where is the kraken?' : `Question ${index}`,
    },
    { start_time: new Date(Date.UTC(2026, 1, 1) + index * 60_000).toISOString(), request_id: `r${index}` },
  ),
)

test('the palette opens pages, sessions and settings in both languages, and returns the focus when closed', async ({
  folder,
  launch,
  restart,
}) => {
  const log = join(folder, 'access.log')
  writeFileSync(log, `${LINES.join('\n')}\n`)
  const running = await launch({ args: [`--open-log=${log}`] })
  const { page } = running
  await expect(page.getByTestId('card-sessions')).toHaveAttribute('data-value', '200')
  const palette = page.getByTestId('palette')
  const option = (id: string) => palette.locator(`[data-option="${id}"]`)

  // Closing it returns the focus.
  await page.getByTestId('nav-insights').focus()
  await page.keyboard.press(KEY)
  await expect(page.getByTestId('palette-text')).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(palette).toHaveCount(0)
  await expect(page.getByTestId('nav-insights')).toBeFocused()

  // The menu opens it as well.
  await running.clickMenu('palette')
  await expect(page.getByTestId('palette-text')).toBeFocused()
  await page.keyboard.press(KEY)
  await expect(palette).toHaveCount(0)

  // It finds a page by the first letters of its words, and a session by its title.
  await page.keyboard.press(KEY)
  await page.keyboard.type('insights fail')
  await page.keyboard.press('Enter')
  await expect(page.getByTestId('page-insights')).toBeVisible()
  expect(page.url()).toContain('section=failures')
  await page.keyboard.press(KEY)
  await page.keyboard.type('KRAKEN')
  await expect(option('session:agent:150')).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(page.getByTestId('page-session')).toBeVisible()

  // It offers recent items, and actions for the session on screen.
  await page.keyboard.press(KEY)
  await expect(palette.getByRole('option').first()).toHaveAttribute('data-option', 'session:agent:150')
  await page.keyboard.type('compare this')
  await expect(palette.getByRole('option').first()).toHaveAttribute('data-option', 'session:compare')
  await page.keyboard.press('Enter')
  await expect(page.getByTestId('page-compare')).toBeVisible()

  // It changes the language, and finds names in either language.
  await page.keyboard.press(KEY)
  await page.keyboard.type('中文')
  await page.keyboard.press('Enter')
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN')
  await page.keyboard.press(KEY)
  await page.keyboard.type('appearance dark')
  await page.keyboard.press('Enter')
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')

  // Recent items are kept over a restart.
  const again = await restart(running)
  await again.page.getByTestId('nav-overview').waitFor()
  await again.page.keyboard.press(KEY)
  await expect(again.page.locator('[data-option="theme:dark"]')).toBeVisible()
  await expect(again.page.locator('[data-option="session:agent:150"]')).toBeVisible()
})
