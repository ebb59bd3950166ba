import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { logLine } from '../fixtures/log-line'
import { expect, test } from './app'

/** Deletion from the history: by age, by the retention rule, and along with a source. */

const DAY_MS = 86_400_000

const line = (session: string, daysAgo: number) =>
  `${logLine(
    { session_id: session, model: 'gpt-4o', input_token: 10, output_token: 1 },
    { start_time: new Date(Date.now() - daysAgo * DAY_MS).toISOString(), request_id: `${session}${String(daysAgo)}` },
  )}\n`

test('sessions older than a number of days are deleted after a confirmation, and stay deleted', async ({
  folder,
  launch,
  restart,
}) => {
  const log = join(folder, 'access.log')
  writeFileSync(log, line('old', 200) + line('old', 190) + line('goes-on', 150) + line('goes-on', 1) + line('new', 2))
  const running = await launch({ args: [`--open-log=${log}`] })
  let { page } = running
  await expect(page.getByTestId('card-rounds')).toHaveAttribute('data-value', '5')
  await page.getByTestId('nav-settings').click()
  await page.getByTestId('settings-data').click()
  await expect(page.getByTestId('stored-rounds')).toHaveText('5')
  await page.getByTestId('delete-days').fill('0')
  await expect(page.getByTestId('delete-older')).toBeDisabled()
  await page.getByTestId('delete-days').fill('100')
  await page.getByTestId('delete-older').click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('1 session with 2 rounds')
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await expect(dialog).toHaveCount(0)
  await expect(page.getByTestId('stored-rounds')).toHaveText('5')
  await page.getByTestId('delete-older').click()
  await dialog.getByRole('button', { name: 'Delete', exact: true }).click()
  await expect(page.getByTestId('stored-rounds')).toHaveText('3')
  await expect(page.getByText('Deleted 1 session (2 rounds)')).toBeVisible()
  page = (await restart(running)).page
  // The window opens on the page where it was closed.
  await expect(page.getByTestId('stored-rounds')).toHaveText('3')
  await page.getByTestId('nav-overview').click()
  await expect(page.getByTestId('card-rounds')).toHaveAttribute('data-value', '3')
  await expect(page.getByTestId('card-sessions')).toHaveAttribute('data-value', '2')
})

test('a retention rule takes effect once it is confirmed, and is kept over a restart', async ({
  folder,
  launch,
  restart,
}) => {
  const log = join(folder, 'access.log')
  writeFileSync(log, line('old', 200) + line('new', 2))
  const running = await launch({ args: [`--open-log=${log}`] })
  let { page } = running
  await expect(page.getByTestId('card-rounds')).toHaveAttribute('data-value', '2')
  const open = async () => {
    await page.getByTestId('nav-settings').click()
    await page.getByTestId('settings-data').click()
  }
  await open()
  await page.getByTestId('retention-days').selectOption('90')
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await expect(dialog).toHaveCount(0)
  await expect(page.getByTestId('retention-days')).toHaveValue('')
  await page.getByTestId('retention-days').selectOption('90')
  await dialog.getByRole('button', { name: 'Delete older sessions' }).click()
  await expect(page.getByTestId('stored-rounds')).toHaveText('1')
  page = (await restart(running)).page
  await open()
  await expect(page.getByTestId('retention-days')).toHaveValue('90')
})

test('a source can be removed along with its data', async ({ folder, launch }) => {
  const [kept, gone] = ['kept.log', 'gone.log'].map((name) => join(folder, name)) as [string, string]
  writeFileSync(kept, line('kept', 1))
  writeFileSync(gone, line('gone', 1) + line('gone', 2))
  const { page } = await launch({ args: [`--open-log=${kept}`, `--open-log=${gone}`] })
  await expect(page.getByTestId('card-rounds')).toHaveAttribute('data-value', '3')
  await page.getByTestId('nav-sources').click()
  const row = page.locator(`[data-testid=source-row][data-path="${gone}"]`)
  await row.getByTestId('source-remove').click()
  const dialog = page.getByRole('dialog')
  await dialog.getByTestId('remove-with-data').check()
  await dialog.getByRole('button', { name: 'Stop watching and delete' }).click()
  await expect(row).toHaveCount(0)
  await page.getByTestId('nav-overview').click()
  await expect(page.getByTestId('card-rounds')).toHaveAttribute('data-value', '1')
  await expect(page.getByTestId('card-sessions')).toHaveAttribute('data-value', '1')
})

test('a deletion that was interrupted by a kill is resumed and reported at the next start', async ({
  folder,
  launch,
  restart,
}) => {
  const log = join(folder, 'access.log')
  writeFileSync(log, line('old', 200) + line('new', 2))
  const running = await launch({ args: [`--open-log=${log}`] })
  await expect(running.page.getByTestId('card-rounds')).toHaveAttribute('data-value', '2')
  // The engine keeps this file from before a deletion until its end.
  const selection = { olderThan: Date.now() - 100 * DAY_MS }
  const agreed = join(running.dataFolder, 'store', 'deletion.json')
  writeFileSync(agreed, JSON.stringify({ selection, archiveId: '', attempts: 0 }))
  const { page } = await restart(running)
  // This notice comes first, and goes after a while.
  await expect(page.getByText('The deletion now resumes.')).toBeVisible()
  await expect(page.getByTestId('card-rounds')).toHaveAttribute('data-value', '1')
  await expect.poll(() => existsSync(agreed)).toBe(false)
})
