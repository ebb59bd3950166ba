import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { inRoot } from '../../scripts/lib/paths.mjs'
import { expect, test, windowOpenedBy, type RunningApp } from './app'

/** Menu commands, links and notices reach their page even if they come before it listens. */

const SESSION = 'agent:kitchen:telegram:8214500391'

/** Chooses menu items one after the other, in one task of the main process. */
const clickMenuAtOnce = (running: RunningApp, ...ids: string[]): Promise<void> =>
  running.app.evaluate(({ Menu, BrowserWindow }, items) => {
    for (const id of items) {
      const item = Menu.getApplicationMenu()?.getMenuItemById(id)
      if (!item) throw new Error(`The menu has no item ${id}.`)
      const click = item.click as (event: undefined, window: Electron.BrowserWindow | undefined) => void
      click(undefined, BrowserWindow.getFocusedWindow() ?? undefined)
    }
  }, ids)

test('a page that is still loading follows the menu to Settings and then opens the command palette', async ({
  launch,
}) => {
  const running = await launch()
  const page = await windowOpenedBy(running, () => clickMenuAtOnce(running, 'new-window', 'go-settings', 'palette'))
  await expect(page.getByTestId('page-settings')).toBeVisible()
  await expect(page.getByTestId('palette-text')).toBeFocused()
  await expect(running.page.getByTestId('page-settings')).toHaveCount(0)
})

test('a link opens its session in a window that is still loading', async ({ folder, launch }) => {
  const log = join(folder, 'access.log')
  await copyFile(inRoot('resources', 'samples', 'access.log'), log)
  const running = await launch({ args: [`--open-log=${log}`] })
  await expect(running.page.getByTestId('card-sessions')).toHaveAttribute('data-value', '7')
  const page = await windowOpenedBy(running, () =>
    running.app.evaluate(({ app, Menu }, openSession) => {
      const click = Menu.getApplicationMenu()?.getMenuItemById('new-window')?.click as () => void
      click()
      // This is how the link of a second start reaches the running app.
      app.emit('second-instance', {}, [], '/', { openLogs: [], openSession })
    }, SESSION),
  )
  await expect(page.getByTestId('page-session')).toContainText(SESSION)
})

test('a page that is being reloaded gets commands and notices once it is back', async ({ launch }) => {
  const running = await launch()
  await expect(running.page.getByTestId('page-welcome')).toBeVisible()
  await running.app.evaluate(({ Menu, BrowserWindow }) => {
    const window = BrowserWindow.getAllWindows()[0]
    const click = Menu.getApplicationMenu()?.getMenuItemById('go-sources')?.click as () => void
    window?.webContents.once('did-start-navigation', () => {
      click()
      // The app shows an uncaught error as a notice.
      process.emit('uncaughtException', new Error('thrown by the test'))
    })
    window?.webContents.reload()
  })
  await expect(running.page.getByTestId('page-sources')).toBeVisible()
  await expect(running.page.getByTestId('notice')).toHaveAttribute('data-level', 'error')
})

test('a page still gets commands and notices, and its session can be exported, after a link out was refused', async ({
  folder,
  launch,
}) => {
  const log = join(folder, 'access.log')
  await copyFile(inRoot('resources', 'samples', 'access.log'), log)
  const running = await launch({ args: [`--open-log=${log}`] })
  const { page } = running
  await expect(page.getByTestId('card-sessions')).toHaveAttribute('data-value', '7')
  await page.getByTestId('nav-sessions').click()
  await page.getByTestId('session-row').first().click()
  await expect(page.getByTestId('round').first()).toBeVisible()
  const exportable = (): Promise<boolean | undefined> => running.menuEnabled('export-session')
  await expect.poll(exportable).toBe(true)

  await running.answerMessageBox(1)
  await running.app.evaluate(
    ({ BrowserWindow }) =>
      new Promise<void>((resolve) => {
        const contents = BrowserWindow.getAllWindows()[0]!.webContents
        contents.once('will-frame-navigate', () => resolve())
        void contents.executeJavaScript(`{
          const link = document.createElement('a')
          link.href = 'https://example.org/'
          link.click()
        }`)
      }),
  )
  expect(await exportable()).toBe(true)
  // Playwright's locators wait for the refused navigation to finish, which it never does.
  const finds = (selector: string): Promise<boolean> =>
    page.evaluate((wanted) => document.querySelector(wanted) !== null, selector)
  await running.clickMenu('palette')
  await expect.poll(() => finds('[data-testid=palette-text]:focus')).toBe(true)
  await running.app.evaluate(() => process.emit('uncaughtException', new Error('thrown by the test')))
  await expect.poll(() => finds('[data-testid=notice][data-level=error]')).toBe(true)
})
