import { appendFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { logLine } from '../fixtures/log-line'
import { expect, test } from './app'

/** Sources can be paused and filtered, and stay so over a restart. */

const line = (session: string, second: number) =>
  `${logLine(
    { session_id: session, model: 'gpt-4o', input_token: 10, output_token: 1 },
    { start_time: new Date(Date.UTC(2026, 1, 1, 10, 0, second)).toISOString(), request_id: `${session}${second}` },
  )}\n`

test('a source can be paused, resumed, and limited to some sessions, over a restart too', async ({
  folder,
  launch,
  restart,
}) => {
  const log = join(folder, 'access.log')
  writeFileSync(log, line('alpha', 1))
  const running = await launch({ args: [`--open-log=${log}`] })
  let { page } = running
  await expect(page.getByTestId('card-rounds')).toHaveAttribute('data-value', '1')
  await page.getByTestId('nav-sources').click()
  const row = () => page.getByTestId('source-row')
  await row().getByTestId('source-pause').click()
  await expect(row()).toHaveAttribute('data-state', 'paused')
  appendFileSync(log, line('alpha', 2))

  page = (await restart(running)).page
  await page.getByTestId('nav-sources').click()
  await expect(row()).toHaveAttribute('data-state', 'paused')
  await expect(page.getByTestId('ledger-total')).toHaveAttribute('data-value', '1')
  await row().getByTestId('source-pause').click()
  await expect(page.getByTestId('ledger-total')).toHaveAttribute('data-value', '2')

  await row().getByTestId('source-session-key').fill('alp')
  await page.keyboard.press('Enter')
  await expect(row().getByTestId('source-session-key')).toHaveClass(/on/)
  appendFileSync(log, line('beta', 3) + line('alpha', 4))
  await expect(page.getByTestId('ledger-total')).toHaveAttribute('data-value', '4')
  await page.getByTestId('nav-overview').click()
  await expect(page.getByTestId('card-sessions')).toHaveAttribute('data-value', '1')
  await expect(page.getByTestId('card-rounds')).toHaveAttribute('data-value', '3')
})
