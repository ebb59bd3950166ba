/**
 * What npm start does without a display: the real app, driven as a user would, leaves screenshots of its pages and the
 * exported report in demo-output/ and its overview as text. Only the answer of the native save dialog is supplied.
 */
import { rmSync } from 'node:fs'
import { access, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { closeApp, keepOutput, launchApp } from './lib/driven-app.mjs'
import { findElectron } from './lib/electron.mjs'
import { inRoot, root } from './lib/paths.mjs'
import { Stop, run, say } from './lib/say.mjs'

/** @typedef {import('@playwright/test').ElectronApplication} ElectronApplication */
/** @typedef {import('@playwright/test').Page} Page */
/** @typedef {import('../src-main/contract/index').MonitorApi} MonitorApi declares window.monitor */

const switches = process.argv.slice(2)
const output = inRoot('demo-output')
const report = join(output, 'report.json')

/** @param {string} file */
const shown = (file) => relative(root, file)

/** Opens the log that was named, the sample log if none was, and waits until it is read. @param {Page} page */
async function openLog(page) {
  if (!switches.some((text) => text.startsWith('--open-log='))) await page.getByTestId('welcome-sample').click()
  await page.getByTestId('card-sessions').waitFor()
  const read = async () => {
    const { monitor } = window
    const asked = await Promise.all([monitor.invoke('progress'), monitor.invoke('sourcesStatus')])
    const [progress, status] = asked.map((answer) => JSON.parse(answer))
    if (!progress.ok || !status.ok) return false
    const { sources } = status.value
    return (
      !progress.value.active &&
      sources.length > 0 &&
      sources.every((/** @type {{ state: string }} */ { state }) => state === 'following' || state === 'error')
    )
  }
  await page.waitForFunction(read, undefined, { timeout: 30 * 60_000 })
}

/** Takes the picture when the page has come to rest: charts draw themselves in steps. @param {Page} page @param {string} name */
async function screenshot(page, name) {
  const path = join(output, `${name}.png`)
  let before = await page.screenshot()
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const after = await page.screenshot({ path })
    if (after.equals(before)) break
    before = after
  }
  say(`Saved ${shown(path)}.`)
}

/** @param {Page} page */
async function overviewAsText(page) {
  const cards = await page.locator('[data-testid^="card-"]').allInnerTexts()
  const rows = await page
    .getByTestId('model-table')
    .locator('tr')
    .evaluateAll((found) =>
      found.map((row) => [...row.querySelectorAll('th, td')].map((cell) => cell.textContent.trim())),
    )
  const models = rows.filter((row) => row.some((cell) => cell !== ''))
  const widths = models.reduce(
    (widest, row) => row.map((cell, column) => Math.max(cell.length, widest[column] ?? 0)),
    /** @type {number[]} */ ([]),
  )
  const line = /** @param {string[]} row */ (row) =>
    row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')
  return [
    'Overview',
    ...cards.map(
      (card) =>
        `  ${card
          .split('\n')
          .map((part) => part.trim())
          .filter(Boolean)
          .join(' · ')}`,
    ),
    'By model',
    ...models.map((row) => `  ${line(row)}`.trimEnd()),
  ].join('\n')
}

/** Presses File → Export Report, and answers the save dialog. @param {ElectronApplication} app */
async function exportReport(app) {
  await rm(report, { force: true })
  await app.evaluate(({ dialog, Menu }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath })
    Menu.getApplicationMenu()?.getMenuItemById('export-report')?.click()
  }, report)
}

/** @param {string} file */
async function waitForFile(file) {
  for (let attempt = 0; attempt < 300; attempt += 1) {
    try {
      await access(file)
      return
    } catch {
      await pause(50)
    }
  }
  throw new Stop(`The app did not write ${shown(file)}.`)
}

/** @param {ElectronApplication} app */
async function showPages(app) {
  const page = await app.firstWindow()
  await openLog(page)
  await screenshot(page, 'overview')
  say(await overviewAsText(page))

  await page.evaluate(() => (location.hash = '#/sessions'))
  await page.getByTestId('session-row').first().waitFor()
  await screenshot(page, 'sessions')

  await page.getByTestId('session-row').first().click()
  await page.getByTestId('round').first().waitFor()
  await screenshot(page, 'session')

  await exportReport(app)
  await waitForFile(report)
  say(`Saved ${shown(report)}.`)
}

/** @param {unknown} error */
const firstLine = (error) => String(error).split('\n')[0]

await run(async () => {
  const electron = await findElectron()
  const data = await mkdtemp(join(tmpdir(), 'agent-session-monitor-demo-'))
  // Also when a signal ends us.
  process.once('exit', () => rmSync(data, { recursive: true, force: true, maxRetries: 10 }))
  await mkdir(output, { recursive: true })
  const app = await launchApp({ electron, args: [`--user-data-dir=${data}`, ...switches] }).catch(
    (/** @type {unknown} */ error) => {
      throw new Stop(`The app could not be started: ${firstLine(error)}`)
    },
  )
  const printed = keepOutput(app)
  try {
    await showPages(app)
  } catch (error) {
    if (error instanceof Stop) throw error
    throw new Stop(
      `${printed()}\nThe app started but did not do what it should (${firstLine(error)}); what it printed is above.`,
    )
  } finally {
    await closeApp(app)
  }
  say('Done. On a machine with a display, npm start opens this app in a window.')
})
