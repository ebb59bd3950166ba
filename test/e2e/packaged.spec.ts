import { packagedExecutable } from '../../scripts/lib/package.mjs'
import { expect, test } from './app'

// npm test packages the app just before (see scripts/test.mjs).
test('the packaged app opens the sample log and shows the overview', async ({ launch }) => {
  const { app, page } = await launch({ packaged: packagedExecutable() })
  expect(await app.evaluate(({ app: electronApp }) => electronApp.isPackaged)).toBe(true)

  await page.getByTestId('welcome-sample').click()

  await expect(page.getByTestId('page-overview')).toBeVisible()
  for (const card of ['sessions', 'rounds', 'input', 'output', 'cost']) {
    await expect(page.getByTestId(`card-${card}`)).toContainText(/[1-9]/)
  }
  await expect(page.getByTestId('model-table').locator('tbody tr').first()).toBeVisible()
})
