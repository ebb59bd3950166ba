/**
 * Pictures of every page of the real app, for looking at them: each size, theme and language.
 *
 *   node scripts/pictures.mjs FOLDER [--log FILE] [--store FOLDER] [--empty] [--sizes 1440x900,…] [--themes light,dark]
 *     [--languages en,zh] [--pages overview,…]
 *
 * --log: a log file to read, else the sample log. --store: a data folder to show (test/bench/million.mjs makes a large
 * one); it is copied, not changed. --empty: nothing to show at all. Without a display run it under xvfb-run.
 */
import './lib/node-version.mjs'
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { closeApp, launchApp } from './lib/driven-app.mjs'
import { findElectron } from './lib/electron.mjs'
import { ensureBuilt } from './lib/build.mjs'
import { inRoot } from './lib/paths.mjs'
import { Stop, run, say } from './lib/say.mjs'

/** @typedef {import('@playwright/test').Page} Page */
/** @typedef {import('../src-main/contract/index').MonitorApi} MonitorApi declares window.monitor */
/** @typedef {import('../src-main/contract/index').Settings} Settings */

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    log: { type: 'string' },
    store: { type: 'string' },
    empty: { type: 'boolean', default: false },
    sizes: { type: 'string', default: '1440x900,1024x700,800x600' },
    themes: { type: 'string', default: 'light,dark' },
    languages: { type: 'string', default: 'en,zh' },
    pages: { type: 'string' },
  },
})

/** @param {string} text */
const list = (text) => text.split(',').filter(Boolean)

/** Page → its address, or what to press once there. @type {Record<string, { hash: string, press?: string }>} */
const emptyPages = {
  welcome: { hash: '#/welcome' },
  sessions: { hash: '#/sessions' },
  insights: { hash: '#/insights' },
  search: { hash: '#/search' },
  compare: { hash: '#/compare' },
  sources: { hash: '#/sources' },
  ...Object.fromEntries(
    ['general', 'budgets', 'prices', 'currency', 'data', 'about'].map((name) => [
      `settings-${name}`,
      { hash: `#/settings/${name}` },
    ]),
  ),
}

/** @param {Page} page @param {string} session */
async function pagesOf(page, session) {
  const sections = await page.evaluate(async () => {
    location.hash = '#/insights'
    for (let tries = 0; tries < 100 && document.querySelector('[name=insight-section]') === null; tries += 1) {
      await new Promise((done) => setTimeout(done, 20))
    }
    return document.querySelectorAll('[name=insight-section]').length
  })
  /** @type {Record<string, { hash: string, press?: string }>} */
  const pages = {
    overview: { hash: '#/overview' },
    'overview-end': { hash: '#/overview', press: 'end' },
    ...emptyPages,
    session: { hash: `#/session/${encodeURIComponent(session)}` },
    'session-inspector': { hash: `#/session/${encodeURIComponent(session)}`, press: '[data-testid=show-context]' },
  }
  for (let at = 0; at < sections; at += 1) {
    pages[`insights-${at + 1}`] = {
      hash: '#/insights',
      press: `label:has([name=insight-section]):nth-of-type(${at + 1})`,
    }
  }
  return pages
}

/** Waits until two looks in a row are the same: charts draw themselves in steps. @param {Page} page @param {string} path */
async function picture(page, path) {
  let before = await page.screenshot()
  for (let attempt = 0; attempt < 12; attempt += 1) {
    await page.waitForTimeout(120)
    const after = await page.screenshot({ path })
    if (after.equals(before)) return
    before = after
  }
}

await run(async () => {
  const [folder] = positionals
  if (folder === undefined) throw new Stop('Usage: node scripts/pictures.mjs FOLDER')
  const output = resolve(folder)
  mkdirSync(output, { recursive: true })
  await ensureBuilt()
  const data = mkdtempSync(join(tmpdir(), 'asm-pictures-'))
  process.once('exit', () => rmSync(data, { recursive: true, force: true, maxRetries: 10 }))
  if (values.store !== undefined) cpSync(values.store, join(data, 'store'), { recursive: true })
  const log = resolve(values.log ?? inRoot('resources', 'samples', 'access.log'))
  const app = await launchApp({
    electron: await findElectron(),
    args: [`--user-data-dir=${data}`, ...(values.empty ? [] : [`--open-log=${log}`])],
    env: { .../** @type {Record<string, string>} */ (process.env), TZ: 'UTC' },
  })
  try {
    const page = await app.firstWindow()
    const first = values.empty ? page.getByTestId('page-welcome') : page.getByTestId('card-sessions')
    await first.waitFor({ timeout: 180_000 })
    const session = await page.evaluate(async () => {
      const query = /** @type {const} */ ({ sortBy: 'rounds', descending: true, offset: 0, limit: 1 })
      const answer = JSON.parse(await window.monitor.invoke('sessions', query))
      return answer.ok ? (answer.value.rows[0]?.sessionId ?? null) : null
    })
    const pages = session === null ? emptyPages : await pagesOf(page, session)
    const wanted = values.pages === undefined ? Object.keys(pages) : list(values.pages)
    for (const size of list(values.sizes)) {
      const [width = 0, height = 0] = size.split('x').map(Number)
      await app.evaluate(
        ({ BrowserWindow }, at) => BrowserWindow.getAllWindows()[0]?.setContentSize(at[0], at[1]),
        /** @type {[number, number]} */ ([width, height]),
      )
      for (const theme of /** @type {Settings['theme'][]} */ (list(values.themes))) {
        for (const language of /** @type {Settings['language'][]} */ (list(values.languages))) {
          await page.evaluate((change) => window.monitor.invoke('settings:set', change), { theme, language })
          for (const name of wanted) {
            const place = pages[name]
            if (place === undefined) continue
            await page.evaluate((hash) => (location.hash = hash), place.hash)
            await page.waitForTimeout(250)
            if (place.press === 'end') {
              await page.evaluate(() => {
                for (const element of document.querySelectorAll('main, main *')) {
                  if (element.scrollHeight > element.clientHeight + 20) element.scrollTop = element.scrollHeight
                }
              })
            } else if (place.press !== undefined) {
              await page
                .locator(place.press)
                .first()
                .click({ timeout: 3000 })
                .catch(() => undefined)
            }
            await picture(page, join(output, `${name}.${width}.${theme}.${language}.png`))
            await page.keyboard.press('Escape')
          }
        }
      }
      say(`${size}: done.`)
    }
  } finally {
    await closeApp(app)
  }
})
