import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test as base } from '@playwright/test'
import type { ElectronApplication, Page, TestInfo } from '@playwright/test'
import type { InvokeChannel, InvokeMap, Result } from '../../src-main/contract/index'
import { closeApp, launchApp } from '../../scripts/lib/driven-app.mjs'
import { findElectron } from '../../scripts/lib/electron.mjs'

export { expect }

/** ms. The limit of a single step, which only ends a hang. */
const PATIENCE_MS = 120_000

interface LaunchOptions {
  /** Switches and arguments for the app, such as `--open-log=PATH`. */
  readonly args?: readonly string[]
  /** The app's data folder. By default each test has its own. */
  readonly dataFolder?: string
  readonly env?: Readonly<Record<string, string>>
  /** The executable of a packaged app. By default the development Electron runs the build in out/. */
  readonly packaged?: string
}

/** The real app, running. The test answers its native dialogs; it does everything else as a user would. */
export interface RunningApp {
  readonly app: ElectronApplication
  readonly page: Page
  readonly dataFolder: string
  /** Sets what the open dialog answers from now on. No path means that the user cancels. */
  answerOpenDialog(...paths: string[]): Promise<void>
  /** Sets what the save dialog answers from now on. Null means that the user cancels. */
  answerSaveDialog(path: string | null): Promise<void>
  /** Sets which button, by its index, message boxes answer with from now on. */
  answerMessageBox(response: number): Promise<void>
  /** Whether an item of the application menu is enabled; undefined if there is no such item. */
  menuEnabled(id: string): Promise<boolean | undefined>
  /** Chooses an item of the application menu, once it is there and enabled. */
  clickMenu(id: string): Promise<void>
  /** Quits as a user does, and waits for the process to end. */
  quit(): Promise<void>
}

export interface Fixtures {
  /** A temporary folder for this test. */
  readonly folder: string
  /** Starts the app. The fixture quits every app that is still running at the end of the test. */
  readonly launch: (options?: LaunchOptions) => Promise<RunningApp>
  /** Quits the app and starts it again with the same data folder. */
  readonly restart: (running: RunningApp, options?: LaunchOptions) => Promise<RunningApp>
}

export const test = base.extend<Fixtures>({
  // Playwright takes the names in the first parameter for the fixtures that this one needs.
  folder: async ({}, use) => {
    // On macOS the temporary folder is a symbolic link, and the app shows real paths.
    const folder = await realpath(await mkdtemp(join(tmpdir(), 'asm-e2e-')))
    await use(folder)
    await rm(folder, { recursive: true, force: true, maxRetries: 10 })
  },

  launch: async ({ folder }, use, testInfo) => {
    const started: { running: RunningApp; output: string[] }[] = []
    await use(async (options = {}) => {
      const output: string[] = []
      const running = await startApp({ dataFolder: join(folder, 'app-data'), ...options }, output)
      started.push({ running, output })
      return running
    })
    for (const [index, { running, output }] of started.entries()) {
      if (testInfo.status !== testInfo.expectedStatus) await keepEvidence(running, output, testInfo, index)
      await running.quit()
    }
  },

  restart: async ({ launch }, use) => {
    await use(async (running, options = {}) => {
      await running.quit()
      return launch({ dataFolder: running.dataFolder, ...options })
    })
  },
})

async function startApp(options: LaunchOptions & { dataFolder: string }, output: string[]): Promise<RunningApp> {
  const { args = [], dataFolder, env = {}, packaged } = options
  const app = await launchApp({
    electron: await findElectron(),
    // Without motion, an element is where it will stay when it is measured or clicked.
    args: ['--lang=en-US', '--force-prefers-reduced-motion', `--user-data-dir=${dataFolder}`, ...args],
    ...(packaged !== undefined && { packaged }),
    // The language and time zone of the machine must not decide the outcome.
    env: { ...inherited(), LANG: 'en_US.UTF-8', LANGUAGE: 'en_US', LC_ALL: 'en_US.UTF-8', TZ: 'UTC', ...env },
  })
  const child = app.process()
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (piece: Buffer) => output.push(piece.toString()))
  }
  app.on('window', (page) => {
    page.on('pageerror', (error) => output.push(`page: ${error.stack ?? error.message}\n`))
    page.on('console', (message) => {
      if (message.type() === 'error') output.push(`page: ${message.text()}\n`)
    })
  })
  // The default is 30 seconds.
  app.context().setDefaultTimeout(PATIENCE_MS)
  const page = await app.firstWindow({ timeout: PATIENCE_MS })
  await page.waitForLoadState('load')
  let ended = child.exitCode !== null
  child.once('exit', () => (ended = true))

  const menuEnabled = (id: string): Promise<boolean | undefined> =>
    app.evaluate(({ Menu }, itemId) => Menu.getApplicationMenu()?.getMenuItemById(itemId)?.enabled, id)

  return {
    app,
    page,
    dataFolder,
    answerOpenDialog: (...paths) =>
      app.evaluate(({ dialog }, filePaths) => {
        dialog.showOpenDialog = () => Promise.resolve({ canceled: filePaths.length === 0, filePaths })
      }, paths),
    answerSaveDialog: (path) =>
      app.evaluate(({ dialog }, filePath) => {
        dialog.showSaveDialog = () => Promise.resolve({ canceled: filePath === null, filePath: filePath ?? '' })
      }, path),
    answerMessageBox: (response) =>
      app.evaluate(({ dialog }, button) => {
        dialog.showMessageBox = () => Promise.resolve({ response: button, checkboxChecked: false })
      }, response),
    menuEnabled,
    clickMenu: async (id) => {
      await expect.poll(() => menuEnabled(id), `the menu item ${id} is enabled`).toBe(true)
      await app.evaluate(({ Menu, BrowserWindow }, itemId) => {
        const click = Menu.getApplicationMenu()?.getMenuItemById(itemId)?.click as
          ((event: undefined, window: Electron.BrowserWindow | undefined) => void) | undefined
        click?.(undefined, BrowserWindow.getAllWindows()[0])
      }, id)
    },
    quit: async () => {
      if (!ended) await closeApp(app)
    },
  }
}

/** The page of the window that `act` opens, once it is loaded. */
export async function windowOpenedBy(running: RunningApp, act: () => Promise<unknown>): Promise<Page> {
  const [page] = await Promise.all([running.app.waitForEvent('window', { timeout: PATIENCE_MS }), act()])
  await page.waitForLoadState('load')
  return page
}

/** Calls a channel over the page's bridge. */
export async function ask<C extends InvokeChannel>(
  page: Page,
  channel: C,
  ...args: Parameters<InvokeMap[C]>
): Promise<Result<ReturnType<InvokeMap[C]>>> {
  const answer = await page.evaluate(
    ([name, values]) => (window.monitor.invoke as (...given: readonly unknown[]) => Promise<string>)(name, ...values),
    [channel, args as readonly unknown[]] as const,
  )
  return JSON.parse(answer) as Result<ReturnType<InvokeMap[C]>>
}

function inherited(): Record<string, string> {
  const entries = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return Object.fromEntries(entries)
}

/** Attaches screenshots of the windows and the app's output to the report of a failed test. */
async function keepEvidence(
  running: RunningApp,
  output: readonly string[],
  testInfo: TestInfo,
  index: number,
): Promise<void> {
  for (const [number, page] of running.app.windows().entries()) {
    const path = testInfo.outputPath(`app-${index + 1}-window-${number + 1}.png`)
    // If this window hangs or is gone, the other evidence is still worth having.
    const taken = await page.screenshot({ path, timeout: 5000 }).catch(() => null)
    if (taken !== null) await testInfo.attach('screenshot', { path, contentType: 'image/png' })
  }
  if (output.length > 0) await testInfo.attach('app output', { body: output.join(''), contentType: 'text/plain' })
}
