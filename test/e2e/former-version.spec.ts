import { cpSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ask, expect, test } from './app'

/** What version 0.1.0 left on disk; fixtures/former-version/README.md says how it was recorded. */
const FORMER = fileURLToPath(new URL('../fixtures/former-version/0.1.0/', import.meta.url))

interface Stored {
  readonly sources: readonly string[]
  readonly settings: object
  readonly budgets: readonly object[]
}

test('the app opens the store and settings of version 0.1.0 and keeps both', async ({ folder, launch }) => {
  const dataFolder = join(folder, 'former')
  cpSync(join(FORMER, 'store'), join(dataFolder, 'store'), { recursive: true })
  cpSync(join(FORMER, 'settings.json'), join(dataFolder, 'settings.json'))
  const saved = (): Stored => JSON.parse(readFileSync(join(dataFolder, 'settings.json'), 'utf8')) as Stored
  const before = saved()

  const running = await launch({ dataFolder })
  await expect(running.page.locator('html')).toHaveAttribute('lang', /^zh/)
  const settings = await ask(running.page, 'settings:get')
  expect(settings).toMatchObject({ ok: true, value: before.settings })
  const overview = await ask(running.page, 'overview', { recentLimit: 1 })
  // The sums of recorded/…/list.json.
  expect(overview).toMatchObject({
    ok: true,
    value: { totals: { sessions: 9, rounds: 26, inputTokens: 30_715, outputTokens: 3510, cachedTokens: 7680 } },
  })
  await expect(running.page.getByTestId('notice')).toHaveCount(0)

  // A change of one setting writes the file; everything else in it is as it was.
  await ask(running.page, 'settings:set', { theme: 'light' })
  await running.quit()
  const after = saved()
  expect(after.sources).toEqual(before.sources)
  expect(after.budgets).toEqual(before.budgets)
  expect(after.settings).toMatchObject({ ...before.settings, theme: 'light' })
})
