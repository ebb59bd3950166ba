import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { logLine } from '../fixtures/log-line'
import { ask, expect, test, windowOpenedBy, type RunningApp } from './app'

/** The desktop side of the app: menus, exports, windows, tray, time zone, data folder. */

const MODELS = ['gpt-4o', 'house-model'] as const

/** Rounds of two sessions, one each day from 1 February 2026, at 23:30 UTC. */
function writeLog(folder: string, rounds = 4): string {
  const path = join(folder, 'access.log')
  const lines = Array.from({ length: rounds }, (_, at) =>
    logLine(
      {
        session_id: `agent:${String(at % 2)}`,
        model: MODELS[at % 2],
        input_token: 100,
        output_token: 10,
        question: `Question ${String(at)}`,
        answer: 'Answer',
      },
      {
        start_time: `2026-02-${String((at % 28) + 1).padStart(2, '0')}T23:30:00Z`,
        request_id: `request-${String(at)}`,
      },
    ),
  )
  writeFileSync(path, lines.map((line) => `${line}\n`).join(''))
  return path
}

async function opened(launch: (options: { args: string[] }) => Promise<RunningApp>, log: string): Promise<RunningApp> {
  const running = await launch({ args: [`--open-log=${log}`] })
  await expect(running.page.getByTestId('card-rounds')).toBeVisible()
  return running
}

const openWindows = ({ app }: RunningApp): Promise<number> =>
  app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)

const jsonLines = (path: string): Record<string, unknown>[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>)

/** Records the options of each save dialog and answers it with a path. */
async function answerSaves(running: RunningApp, path: string): Promise<() => Promise<{ title?: string }[]>> {
  await running.app.evaluate(({ dialog }, filePath) => {
    const asked: Electron.SaveDialogOptions[] = []
    Object.assign(globalThis, { asked })
    dialog.showSaveDialog = (...args: unknown[]) => {
      asked.push(args.at(-1) as Electron.SaveDialogOptions)
      return Promise.resolve({ canceled: false, filePath })
    }
  }, path)
  return () => running.app.evaluate(() => (globalThis as unknown as { asked: { title?: string }[] }).asked)
}

test.describe('the Export menu', () => {
  test('writes the report of what the overview shows in every format, and confirms it', async ({ folder, launch }) => {
    const running = await opened(launch, writeLog(folder))
    const { page } = running
    const csv = join(folder, 'report.csv')
    let asked = await answerSaves(running, csv)
    await running.clickMenu('export-report-csv')
    await expect(page.getByTestId('notice')).toContainText('everything read')
    expect(readFileSync(join(folder, 'report.model.csv'), 'utf8').split('\r\n')).toHaveLength(4)
    expect(existsSync(join(folder, 'report.date.csv'))).toBe(true)
    expect(existsSync(csv)).toBe(false)
    expect((await asked())[0]?.title).toContain('everything read')

    await page.evaluate(() =>
      window.monitor.invoke('settings:set', {
        overview: {
          range: 'custom',
          from: '2026-02-02',
          to: '2026-02-03',
          filter: { models: ['gpt-4o'] },
          bucket: null,
          measure: null,
          stack: 'kind',
        },
      }),
    )
    await expect(page.getByTestId('filter-model')).toContainText('gpt-4o')
    const markdown = join(folder, 'report.md')
    asked = await answerSaves(running, markdown)
    await page.getByTestId('overview-export').click()
    await page.getByTestId('export-report-markdown').click()
    await expect(page.getByTestId('notice').filter({ hasText: 'gpt-4o' })).toContainText('Feb 2')
    expect(readFileSync(markdown, 'utf8')).toContain('- Rounds: 1\n')
    expect((await asked())[0]?.title).toMatch(/Feb 2\s–\s3, 2026 · Model: gpt-4o/)

    const rounds = join(folder, 'rounds.ndjson')
    await running.answerSaveDialog(rounds)
    await running.clickMenu('export-rounds')
    await expect.poll(() => existsSync(rounds)).toBe(true)
    expect(jsonLines(rounds).map((round) => round['request_id'])).toEqual(['request-2'])
  })

  test('writes the rounds of the listed sessions, and a session as Markdown', async ({ folder, launch }) => {
    const running = await opened(launch, writeLog(folder))
    const { page } = running
    await page.getByTestId('nav-sessions').click()
    await page.getByTestId('sessions-filter').fill('agent:1')
    await expect(page.getByTestId('session-row')).toHaveCount(1)
    const rounds = join(folder, 'rounds.ndjson')
    const asked = await answerSaves(running, rounds)
    await running.clickMenu('export-rounds')
    await expect.poll(() => existsSync(rounds)).toBe(true)
    expect(jsonLines(rounds).map((round) => round['request_id'])).toEqual(['request-1', 'request-3'])
    expect((await asked())[0]?.title).toContain('“agent:1”')

    expect(await running.menuEnabled('export-session-markdown')).toBe(false)
    await page.getByTestId('session-row').click()
    await expect(page.getByTestId('round').first()).toBeVisible()
    const talk = join(folder, 'talk.md')
    await running.answerSaveDialog(talk)
    await running.clickMenu('export-session-markdown')
    await expect.poll(() => existsSync(talk)).toBe(true)
    expect(readFileSync(talk, 'utf8')).toMatch(/^# Session ` agent:1 `/)
  })

  test('reports why a file could not be written, and leaves nothing behind', async ({ folder, launch }) => {
    const running = await opened(launch, writeLog(folder))
    await running.answerSaveDialog(join(folder, 'missing', 'report.json'))
    await running.clickMenu('export-report')
    await expect(running.page.getByTestId('notice')).toHaveAttribute('data-level', 'error')
    expect(existsSync(join(folder, 'missing'))).toBe(false)
  })
})

test('the menu opens every page, goes back and forward, and searches in a session', async ({ folder, launch }) => {
  const running = await opened(launch, writeLog(folder))
  const { page } = running
  for (const name of ['sessions', 'insights', 'sources', 'settings', 'overview']) {
    await running.clickMenu(`go-${name}`)
    await expect(page.getByTestId(`page-${name}`)).toBeVisible()
  }
  await running.clickMenu('back')
  await expect(page.getByTestId('page-settings')).toBeVisible()
  await running.clickMenu('forward')
  await expect(page.getByTestId('page-overview')).toBeVisible()

  await running.clickMenu('go-sessions')
  await running.clickMenu('find')
  await expect(page.getByTestId('sessions-filter')).toBeFocused()
  await page.getByTestId('session-row').first().click()
  await expect(page.getByTestId('round').first()).toBeVisible()
  await running.clickMenu('find')
  await expect(page.getByTestId('session-find')).toBeFocused()
  await page.getByTestId('session-find').fill('Answer')
  await expect(page.getByTestId('find-result')).toContainText('2')
  await running.clickMenu('find-next')
  await expect(page.getByTestId('find-result')).toContainText('1 / 2')
  await running.clickMenu('find-next')
  await expect(page.getByTestId('find-result')).toContainText('2 / 2')

  await running.clickMenu('shortcuts')
  await expect(page.getByTestId('shortcuts')).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(page.getByTestId('shortcuts')).toHaveCount(0)
})

test.describe('several windows', () => {
  test('each show their own page, stay up to date, and are open again after a restart', async ({
    folder,
    launch,
    restart,
  }) => {
    const log = writeLog(folder)
    const running = await opened(launch, log)
    await running.page.getByTestId('nav-sessions').click()
    const second = await windowOpenedBy(running, () =>
      running.page
        .getByTestId('session-row')
        .first()
        .click({ modifiers: ['Control'] }),
    )
    await expect(second.getByTestId('page-session')).toBeVisible()
    await expect(running.page.getByTestId('page-sessions')).toBeVisible()
    expect(await ask(second, 'app:info')).toMatchObject({ ok: true })

    // The second window does not cover the first, and its page has the same bridge.
    const bounds = await running.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows().map((window) => window.getNormalBounds()),
    )
    expect(new Set(bounds.map(({ x, y }) => `${String(x)} ${String(y)}`)).size).toBe(2)

    const third = await windowOpenedBy(running, () => running.clickMenu('new-window'))
    await expect(third.getByTestId('card-rounds')).toHaveAttribute('data-value', '4')
    await third.getByTestId('nav-sources').click()

    // All windows show a new line, and a setting changed in one applies to the others.
    writeFileSync(log, `${logLine({ session_id: 'new', model: 'm', input_token: 1 }, { request_id: 'late' })}\n`, {
      flag: 'a',
    })
    await expect(running.page.getByTestId('session-row')).toHaveCount(3)
    await ask(third, 'settings:set', { theme: 'dark' })
    await expect(running.page.locator('html')).toHaveAttribute('data-theme', 'dark')
    await expect(second.locator('html')).toHaveAttribute('data-theme', 'dark')

    const again = await restart(running)
    await expect.poll(() => again.app.windows().length).toBe(3)
    // A page that is being loaded cannot be asked for its address.
    for (const window of again.app.windows()) await window.waitForLoadState('load')
    const routes = (): Promise<string[]> =>
      Promise.all(again.app.windows().map((page) => page.evaluate(() => location.hash.split('/')[1] ?? '')))
    await expect.poll(async () => (await routes()).sort()).toEqual(['session', 'sessions', 'sources'])
  })

  test('keep working when one of them is closed', async ({ folder, launch }) => {
    const running = await opened(launch, writeLog(folder))
    const second = await windowOpenedBy(running, () => running.clickMenu('new-window'))
    await expect(second.getByTestId('card-rounds')).toBeVisible()
    await running.page.close()
    await second.getByTestId('nav-sessions').click()
    await expect(second.getByTestId('session-row')).toHaveCount(2)
  })

  test('export the session of the window in use', async ({ folder, launch }) => {
    const running = await opened(launch, writeLog(folder))
    await running.page.getByTestId('nav-sessions').click()
    const second = await windowOpenedBy(running, () =>
      running.page.locator('[data-session-id="agent:0"]').click({ modifiers: ['Control'] }),
    )
    await expect(second.getByTestId('round').first()).toBeVisible()
    const file = join(folder, 'session.json')
    await running.answerSaveDialog(file)
    // The new window is the one in use as soon as the menu offers to export its session.
    await expect.poll(() => running.menuEnabled('export-session')).toBe(true)
    await running.app.evaluate(({ Menu, BrowserWindow }) => {
      const menu = Menu.getApplicationMenu()?.getMenuItemById('export-session')
      const click = menu?.click as (event: undefined, window: Electron.BrowserWindow | undefined) => void
      click(undefined, BrowserWindow.getAllWindows().at(-1))
    })
    await expect.poll(() => existsSync(file)).toBe(true)
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ session_id: 'agent:0' })
  })
})

test('a change of the time zone moves rounds to other days, at once and after a restart', async ({
  folder,
  launch,
  restart,
}) => {
  const running = await opened(launch, writeLog(folder))
  const { page } = running
  const report = async (from: RunningApp, name: string): Promise<{ by_date: object; summary: object }> => {
    const path = join(folder, name)
    await from.answerSaveDialog(path)
    await from.clickMenu('export-report')
    await expect.poll(() => existsSync(path)).toBe(true)
    return JSON.parse(readFileSync(path, 'utf8')) as { by_date: object; summary: object }
  }
  expect(Object.keys((await report(running, 'utc.json')).by_date)[0]).toBe('2026-02-01')

  // This window already shows days, and no new line makes it ask again.
  const other = await windowOpenedBy(running, () => ask(page, 'app:new-window', '/overview'))
  await expect(other.getByText('Dates shown in UTC')).toBeVisible()

  await page.getByTestId('nav-settings').click()
  await page.getByTestId('time-zone').fill('Asia/Nowhere')
  await page.getByTestId('time-zone').press('Tab')
  await expect(page.getByTestId('time-zone')).toHaveAttribute('aria-invalid', 'true')
  await page.getByTestId('time-zone').fill('Asia/Shanghai')
  await page.getByTestId('time-zone').press('Tab')
  await expect(other.getByText('Dates shown in Asia/Shanghai')).toBeVisible()
  await other.close()
  await expect.poll(() => openWindows(running)).toBe(1)
  await running.clickMenu('go-overview')
  await expect(page.getByText('Dates shown in Asia/Shanghai')).toBeVisible()
  // 23:30 UTC is the next morning in Shanghai.
  expect(Object.keys((await report(running, 'shanghai.json')).by_date)[0]).toBe('2026-02-02')
  await page.getByTestId('nav-sessions').click()
  await expect(page.locator('[data-session-id="agent:0"]')).toContainText('07:30')

  const again = await restart(running)
  await expect(again.page.locator('[data-session-id="agent:0"]')).toContainText('07:30')
  expect((await report(again, 'again.json')).summary).toMatchObject({ time_zone: 'Asia/Shanghai', total_rounds: 4 })
})

test.describe('the data folder', () => {
  const changeTo = async (running: RunningApp, path: string, answer = 2): Promise<void> => {
    await running.answerOpenDialog(path)
    await running.answerMessageBox(answer)
    await running.clickMenu('go-settings')
    await running.page.getByTestId('settings-data').click()
    await running.page.getByTestId('data-folder-change').click()
  }

  test('can be changed with a copy of the history, and the former folder stays as it is', async ({
    folder,
    launch,
    restart,
  }) => {
    const log = writeLog(folder)
    const running = await opened(launch, log)
    const other = join(folder, 'other')
    mkdirSync(other)
    await changeTo(running, other)
    await expect(running.page.getByTestId('data-folder')).toHaveText(other)
    await running.page.getByTestId('nav-overview').click()
    await expect(running.page.getByTestId('card-rounds')).toHaveAttribute('data-value', '4')
    expect(readdirSync(join(running.dataFolder, 'store', 'archive'))).not.toEqual([])

    // Reading continues in the new folder.
    writeFileSync(log, `${logLine({ session_id: 'new', model: 'm', input_token: 1 }, { request_id: 'late' })}\n`, {
      flag: 'a',
    })
    await expect(running.page.getByTestId('card-rounds')).toHaveAttribute('data-value', '5')
    const again = await restart(running)
    await again.page.getByTestId('nav-overview').click()
    await expect(again.page.getByTestId('card-rounds')).toHaveAttribute('data-value', '5')

    // The former folder has four rounds and reads the fifth.
    await changeTo(again, join(running.dataFolder, 'store'))
    await expect(again.page.getByTestId('data-folder')).toHaveText(join(running.dataFolder, 'store'))
    await again.page.getByTestId('nav-overview').click()
    await expect(again.page.getByTestId('card-rounds')).toHaveAttribute('data-value', '5')
  })

  test('cannot be a folder with other files in it, nor one in use by another program', async ({ folder, launch }) => {
    const running = await opened(launch, writeLog(folder))
    const { page } = running
    await changeTo(running, folder)
    await expect(page.getByTestId('notice')).toContainText('other files')
    const used = join(folder, 'used')
    mkdirSync(join(used, 'archive'), { recursive: true })
    writeFileSync(join(used, 'store.lock'), JSON.stringify({ pid: process.pid, host: hostname(), startedAt: null }))
    await changeTo(running, used)
    await expect(page.getByTestId('notice').filter({ hasText: 'Another program' })).toBeVisible()
    await expect(page.getByTestId('data-folder')).toHaveText(join(running.dataFolder, 'store'))
    await page.getByTestId('nav-overview').click()
    await expect(page.getByTestId('card-rounds')).toHaveAttribute('data-value', '4')
  })
})

test('an app kept in the tray reads on without a window, and a second start opens one', async ({ folder, launch }) => {
  const log = writeLog(folder)
  const running = await opened(launch, log)
  await running.answerMessageBox(0)
  await running.clickMenu('go-settings')
  await running.page.getByTestId('keep-running').check()
  await expect.poll(() => ask(running.page, 'settings:get')).toMatchObject({ value: { keepRunning: true } })
  await running.page.close()
  await expect.poll(() => openWindows(running)).toBe(0)
  writeFileSync(log, `${logLine({ session_id: 'new', model: 'm', input_token: 1 }, { request_id: 'late' })}\n`, {
    flag: 'a',
  })
  const page = await windowOpenedBy(running, () =>
    running.app.evaluate(
      ({ app }) => void app.emit('second-instance', {}, [], '', { openLogs: [], openSession: null }),
    ),
  )
  await expect(page.locator('main [data-testid^="page-"]')).toBeVisible()
  await page.evaluate(() => (location.hash = '#/overview'))
  await expect(page.getByTestId('card-rounds')).toHaveAttribute('data-value', '5')
})

test('a path chosen earlier is listed in the menu and on the page, and can be chosen again', async ({
  folder,
  launch,
}) => {
  const log = writeLog(folder)
  const running = await opened(launch, log)
  const labels = (): Promise<(string | undefined)[]> =>
    running.app.evaluate(({ Menu }) =>
      (Menu.getApplicationMenu()?.getMenuItemById('open-recent')?.submenu?.items ?? []).map(({ label }) => label),
    )
  await expect.poll(async () => (await labels())[0]).toBe(log)
  await running.page.evaluate((path) => window.monitor.invoke('sources:remove', path), log)
  await running.clickMenu('go-sources')
  const rows = running.page.getByTestId('source-row')
  const listed = running.page.getByTestId('recent-path')
  await expect(rows).toHaveCount(0)
  await expect(listed).toHaveText(log)
  await running.clickMenu('recent-0')
  await expect(rows).toHaveCount(1)
  await expect(listed).toHaveCount(0)
  await running.page.evaluate((path) => window.monitor.invoke('sources:remove', path), log)
  await listed.click()
  await expect(rows).toHaveCount(1)
  await running.page.evaluate((path) => window.monitor.invoke('sources:remove', path), log)
  await expect(listed).toHaveText(log)
  await running.clickMenu('clear-recent')
  await expect.poll(labels).toEqual(['Nothing Opened Lately'])
  await expect(listed).toHaveCount(0)
})
