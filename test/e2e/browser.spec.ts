import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFile, copyFile, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { chromium } from '@playwright/test'
import type { Download, Page } from '@playwright/test'
import { findBrowser } from '../../scripts/lib/browser.mjs'
import { inRoot } from '../../scripts/lib/paths.mjs'
import { sandboxSwitches } from '../../scripts/lib/sandbox.mjs'
import { expect, test as base } from './app'

interface Fixtures {
  /** The "serve" command on the sample log, and a page in a real browser. */
  readonly served: {
    readonly page: Page
    readonly url: string
    readonly log: string
    readonly problems: readonly string[]
  }
}

const test = base.extend<Fixtures>({
  served: async ({ folder }, use) => {
    const log = join(folder, 'access.log')
    await copyFile(inRoot('resources', 'samples', 'access.log'), log)
    const server = spawn(
      process.execPath,
      [
        inRoot('out', 'main', 'cli.js'),
        'serve',
        '--token',
        '--port',
        '0',
        '--data-dir',
        join(folder, 'store'),
        '--log-path',
        log,
      ],
      // Without the settings of an app installed on this machine.
      {
        stdio: ['ignore', 'pipe', 'inherit'],
        env: { ...process.env, TZ: 'UTC', HOME: folder, XDG_CONFIG_HOME: folder },
      },
    )
    const url = await new Promise<string>((resolve, reject) => {
      let said = ''
      server.stdout.setEncoding('utf8').on('data', (text: string) => {
        said += text
        if (said.includes('\n')) resolve(said.trim())
      })
      server.once('exit', (code) => reject(new Error(`"serve" ended with ${String(code)}.`)))
    })
    const executable = findBrowser() ?? ''
    const browser = await chromium.launch({ executablePath: executable, args: sandboxSwitches(dirname(executable)) })
    const page = await browser.newPage({ locale: 'en-US' })
    const problems: string[] = []
    page.on('pageerror', (error) => problems.push(error.message))
    page.on('console', (message) => {
      if (message.type() === 'error') problems.push(message.text())
    })
    await use({ page, url, log, problems })
    await browser.close()
    const ended = once(server, 'exit')
    server.kill('SIGTERM')
    await ended
  },
})

test.skip(findBrowser() === null, 'There is no Chromium on this system.')

test('a browser shows the same pages, follows the log, and offers nothing that changes the history', async ({
  served: { page, url, log, problems },
}) => {
  await page.goto(url)
  await expect(page.getByTestId('page-overview')).toBeVisible()
  await expect(page).not.toHaveURL(/token/)
  await expect(page.getByTestId('card-sessions')).toContainText('7')

  // The page shows a new line without a reload.
  const line = JSON.parse((await readFile(log, 'utf8')).trim().split('\n')[0] ?? '') as Record<string, string>
  const ai = { session_id: 'agent:new', model: 'gpt-4o', input_token: 1, output_token: 1, question: 'Is it live?' }
  await appendFile(log, `${JSON.stringify({ ...line, request_id: 'new', ai_log: JSON.stringify(ai) })}\n`)
  await expect(page.getByTestId('card-sessions')).toContainText('8')

  await page.getByTestId('nav-sources').click()
  await expect(page.getByTestId('page-sources')).toBeVisible()
  await expect(page.getByTestId('sources-add-folder')).toHaveCount(0)
  await expect(page.getByTestId('source-remove')).toHaveCount(0)

  const session = new URL(url)
  session.pathname = '/session'
  session.search = `?id=${encodeURIComponent('agent:kitchen:telegram:8214500391')}`
  await page.goto(session.href)
  await expect(page.getByText('What can we have tonight in 30 minutes?').first()).toBeVisible()

  // Settings are stored in this browser.
  await page.getByTestId('settings-open').click()
  await page.getByText('中文').click()
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN')
  await page.reload()
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN')
  expect(problems).toEqual([])
})

test('a browser downloads the same exports as the app, under the filter in use', async ({ served: { page, url } }) => {
  await page.goto(url)
  await expect(page.getByTestId('card-sessions')).toContainText('7')
  const saved = async (open: string, choice: string, files = 1): Promise<Map<string, string>> => {
    const downloads: Download[] = []
    const took = (download: Download): void => void downloads.push(download)
    page.on('download', took)
    await page.getByTestId(open).click()
    await page.getByTestId(choice).click()
    await expect.poll(() => downloads.length).toBe(files)
    page.off('download', took)
    const texts = new Map<string, string>()
    for (const one of downloads) texts.set(one.suggestedFilename(), await readFile(await one.path(), 'utf8'))
    return texts
  }
  const reports = await saved('overview-export', 'export-report-csv', 2)
  expect([...reports.keys()].sort()).toEqual([
    expect.stringMatching(/^finops-report-.*\.date\.csv$/),
    expect.stringMatching(/^finops-report-.*\.model\.csv$/),
  ])
  for (const text of reports.values()) expect(text).toMatch(/^(Model|Date),/)

  await page.getByTestId('nav-sessions').click()
  await page.getByTestId('sessions-filter').fill('kitchen')
  await expect(page.getByTestId('session-row')).toHaveCount(1)
  const [rounds] = await Promise.all([page.waitForEvent('download'), page.getByTestId('sessions-export').click()])
  const lines = (await readFile(await rounds.path(), 'utf8')).trim().split('\n')
  for (const line of lines) expect(line).toContain('agent:kitchen:')

  const session = new URL('/session?id=agent%3Akitchen%3Atelegram%3A8214500391', url)
  await page.goto(session.href)
  const told = await saved('session-export', 'export-session-markdown')
  expect([...told.keys()]).toEqual(['session-agent_kitchen_telegram_8214500391.md'])
  expect([...told.values()][0]).toContain('What can we have tonight in 30 minutes?')
})

test('a browser shows the days and hours of the server, and lists the shortcuts that work in a browser', async ({
  served: { page, url },
}) => {
  // In this time zone it is already tomorrow; the server counts in UTC.
  const context = await page.context().browser()?.newContext({ locale: 'en-US', timezoneId: 'Pacific/Kiritimati' })
  const far = await context?.newPage()
  if (far === undefined) throw new Error('no browser')
  await far.goto(url)
  await expect(far.getByText('Dates shown in UTC')).toBeVisible()
  await far.getByTestId('nav-sessions').click()
  await expect(far.locator('[data-session-id="agent:kitchen:telegram:8214500391"]')).toBeVisible()
  await page.goto(url)
  await page.getByTestId('nav-sessions').click()
  const here = await page.getByTestId('session-row').first().textContent()
  await expect(far.getByTestId('session-row').first()).toHaveText(here ?? '')

  await page.keyboard.press('Control+k')
  await page.getByTestId('palette-text').fill('keyboard shortcuts')
  await page.keyboard.press('Enter')
  await expect(page.getByTestId('shortcuts')).toContainText('Command palette')
  await expect(page.getByTestId('shortcuts')).not.toContainText('window')
  await page.keyboard.press('Escape')
  // One of the listed shortcuts, tried.
  await page.keyboard.press('Control+Shift+f')
  await expect(page.getByTestId('page-search')).toBeVisible()
})
