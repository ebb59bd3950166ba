import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { readSettings, writeSettings } from '../../../../src-main/desktop/settings/stored-settings'

/** Saved by the app of version 0.1.0 (fixtures/former-version/README.md). */
const former = new URL('../../../fixtures/former-version/0.1.0/settings.json', import.meta.url)

it('reads the settings of version 0.1.0 without a loss and writes them back as they were', () => {
  const text = readFileSync(former, 'utf8')
  const { stored, later, damaged } = readSettings(text)
  expect(damaged).toEqual([])
  expect(JSON.parse(writeSettings(stored, later))).toMatchObject(JSON.parse(text) as object)
  expect(stored.settings).toMatchObject({
    theme: 'dark',
    language: 'zh',
    timeZone: 'America/New_York',
    currency: { code: 'CNY', usdRate: 7.1 },
  })
  expect(stored.budgets).toHaveLength(3)
})
