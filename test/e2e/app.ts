import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test as base } from '@playwright/test'
import type { ElectronApplication, Page, TestInfo } from '@playwright/test'
import type { InvokeChannel, InvokeMap, Result } from '../../src-main/contract/index'
import { closeApp, launchApp } from '../../scripts/lib/driven-app.mjs'
import { findElectron } from '../../scripts/lib/electron.mjs'

export { expect } from '@playwright/test'

/** How long a step may take, ms: it only bounds a hang. */
const PATIENCE_MS = 120_000

interface LaunchOptions {
  /** Switches and arguments of the app's own, such as `--open-log=PATH`. */
  readonly args?: readonly string[]
  /** Folder of the app's data; one of its own where absent. */
  readonly dataFolder?: string
  readonly env?: Readonly<Record<string, string>>
  /** A packaged app; the built one in out/, run by the development Electron, where absent. */
  readonly packaged?: string
}

/** The real app, running. Its native dialogs answer what the test says; everything else is the user's way. */
export interface RunningApp {
  readonly app: ElectronApplication
  readonly page: Page
  readonly dataFolder: string
  /** What the open dialog answers from now on; no path means that the user cancels. */
  answerOpenDialog(...paths: string[]): Promise<void>
  /** What the save dialog answers from now on; null means that the user cancels. */
  answerSaveDialog(path: string | null): Promise<void>
  /** What message boxes answer from now on: the index of the button pressed. */
  answerMessageBox(response: number): Promise<void>
  /** Chooses an item of the application menu. */
  clickMenu(id: string): Promise<void>
  /** Quits as a user does, and waits until it is over. */
  quit(): Promise<void>
}

export interface Fixtures {
  /** A folder of this test's own, gone after it. */
  readonly folder: string
  /** Starts the app; whatever is still running at the test's end is quit. */
  readonly launch: (options?: LaunchOptions) => Promise<RunningApp>
  /** Quits and starts again on the same data. */
  readonly restart: (running: RunningApp, options?: LaunchOptions) => Promise<RunningApp>
}

export const test = base.extend<Fixtures>({
  // Playwright reads the first parameter's names to learn what a fixture needs.
  folder: async ({}, use) => {
    // On macOS the temporary folder is a link, and the app shows real paths.
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
    // Without motion: what is measured or clicked must not be on its way, which takes a busy machine longer.
    args: ['--lang=en-US', '--force-prefers-reduced-motion', `--user-data-dir=${dataFolder}`, ...args],
    ...(packaged !== undefined && { packaged }),
    // The machine's language and time zone must not decide what a test sees.
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
  // Else each step of Playwright's has half a minute.
  app.context().setDefaultTimeout(PATIENCE_MS)
  const page = await app.firstWindow({ timeout: PATIENCE_MS })
  await page.waitForLoadState('load')
  let ended = child.exitCode !== null
  child.once('exit', () => (ended = true))

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
    clickMenu: (id) =>
      app.evaluate(({ Menu, BrowserWindow }, itemId) => {
        const item = Menu.getApplicationMenu()?.getMenuItemById(itemId)
        if (item === null || item === undefined) throw new Error(`The menu has no item ${itemId}.`)
        if (!item.enabled) throw new Error(`The menu item ${itemId} is disabled.`)
        const click = item.click as (event: undefined, window: Electron.BrowserWindow | undefined) => void
        click(undefined, BrowserWindow.getAllWindows()[0])
      }, id),
    quit: async () => {
      if (!ended) await closeApp(app)
    },
  }
}

/** The window that `act` opens, its page loaded. */
export async function windowOpenedBy(running: RunningApp, act: () => Promise<unknown>): Promise<Page> {
  const [page] = await Promise.all([running.app.waitForEvent('window', { timeout: PATIENCE_MS }), act()])
  await page.waitForLoadState('load')
  return page
}

/** Asks over the page's bridge, whatever the page itself would ask. */
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

/** Attaches what the windows show and what the app printed to the report of a failed test. */
async function keepEvidence(
  running: RunningApp,
  output: readonly string[],
  testInfo: TestInfo,
  index: number,
): Promise<void> {
  for (const [number, page] of running.app.windows().entries()) {
    const path = testInfo.outputPath(`app-${index + 1}-window-${number + 1}.png`)
    // The window may hang or be gone: that is no reason to lose the rest.
    const taken = await page.screenshot({ path, timeout: 5000 }).catch(() => null)
    if (taken !== null) await testInfo.attach('screenshot', { path, contentType: 'image/png' })
  }
  if (output.length > 0) await testInfo.attach('app output', { body: output.join(''), contentType: 'text/plain' })
}
