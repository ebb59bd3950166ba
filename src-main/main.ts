import { mkdirSync } from 'node:fs'
import { app, dialog, ipcMain, session, shell } from 'electron'
import type { BrowserWindow } from 'electron'
import { parseCommandLine } from './app/command-line'
import { watchPage, watchProcess } from './app/crashes'
import { showBudgetNotification } from './app/budget-notification'
import { budgetWords } from './app/budget-words'
import { createBudgets } from './app/budgets'
import { createDialogs } from './app/dialogs'
import { superviseEngine } from './app/engine-supervisor'
import { createExports, exportNotice } from './app/exports'
import { guardContents, guardSession } from './app/guards'
import { programFiles, userFiles } from './app/locations'
import { createApplicationMenu } from './app/menu'
import { createNoticeBoard } from './app/notices'
import { trustedPages } from './app/origin'
import { createProgramLog } from './app/program-log'
import { createPreferences } from './app/preferences'
import { createPriceFiles } from './app/price-files'
import { createRetention } from './app/retention'
import { registerScheme, servePages } from './app/protocol'
import { settled } from './app/result'
import { openSettings } from './app/settings-store'
import { closeBeforeQuit } from './app/shutdown'
import { becomeOnlyInstance } from './app/single-instance'
import { preferredLocale, textsFor } from './app/texts'
import type { Texts } from './app/texts'
import { createWatchedSources } from './app/watched-sources'
import { openWindow } from './app/window'
import type { Result } from './contract/index'
import { startEngine } from './engine/client'
import { LINK_SCHEME, sessionOfLink } from './engine/session-link'
import { createEventSender } from './ipc/events'
import { handleAll } from './ipc/handle'
import { allHandlers } from './ipc/handlers'

const commandLine = parseCommandLine(process.argv.slice(1), {
  workingDirectory: process.cwd(),
  packaged: app.isPackaged,
})
if (commandLine.userDataDir !== null) {
  mkdirSync(commandLine.userDataDir, { recursive: true })
  app.setPath('userData', commandLine.userDataDir)
  app.setPath('sessionData', commandLine.userDataDir)
}

// Where Chromium was told to run without its sandbox (root in a container), insisting on it starts nothing at all. Each
// window asks for a sandboxed page in either case.
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox()
registerScheme()

const unopenedLogs = [...commandLine.openLogs]
let openLogs = (paths: readonly string[]): void => void unopenedLogs.push(...paths)
let focusWindow = (): void => undefined
let sessionToOpen = commandLine.openSession
let openSession = (sessionId: string): void => void (sessionToOpen = sessionId)

const isOnlyInstance = becomeOnlyInstance(app, commandLine, (asked) => {
  if (asked.openSession === null) focusWindow()
  else openSession(asked.openSession)
  openLogs(asked.openLogs)
})
// macOS: a file dropped on the program's icon.
app.on('open-file', (event, path) => {
  event.preventDefault()
  openLogs([path])
})

// macOS: a link to a session. Elsewhere it comes on the command line.
app.on('open-url', (event, url) => {
  event.preventDefault()
  const sessionId = sessionOfLink(url)
  if (sessionId !== null) openSession(sessionId)
})

if (isOnlyInstance) {
  app
    .whenReady()
    .then(run)
    .catch((error: unknown) => {
      // Nothing is there yet that could say it in a friendlier way, and a program without a window must not linger.
      console.error(error)
      dialog.showErrorBox(app.getName(), String(error))
      app.exit(1)
    })
} else {
  app.quit()
}

async function run(): Promise<void> {
  const pages = trustedPages(process.env['ELECTRON_RENDERER_URL'], app.isPackaged)
  const files = programFiles(app.getAppPath())
  const user = userFiles(app.getPath('userData'))
  const log = createProgramLog({ folder: user.programLogs })

  let window: BrowserWindow | null = null
  const getWindow = (): BrowserWindow | null => window
  const events = createEventSender(getWindow)
  const notices = createNoticeBoard((notice) => events.send('app:notice', notice))

  const systemLocale = (): string => preferredLocale([...app.getPreferredSystemLanguages(), app.getLocale()])
  const settings = await openSettings({
    path: user.settings,
    notify: notices.raise,
    texts: (stored) => textsFor(stored.settings.language, systemLocale()),
    onError: (event, error) => log.error(event, error),
  })
  const texts = (): Texts => textsFor(settings.current().settings.language, systemLocale())
  watchProcess({ log, notify: notices.raise, texts })

  const dialogs = createDialogs(getWindow, texts)
  const guards = {
    pages,
    onExternalLink: (url: string) => void dialogs.offerExternalLink(url),
    onDenied: (what: string) => log.warn('denied', { what }),
  }
  guardContents(app, guards)
  guardSession(session.defaultSession, guards)
  servePages(session.defaultSession, files.renderer)

  const engine = superviseEngine({
    start: () =>
      startEngine({
        workerPath: files.worker,
        dataFolder: user.store,
        timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      }),
    onRestarted: () => void tell(sources.watch()),
    notify: notices.raise,
    texts,
    log,
  })
  engine.on('changed', (change) => {
    events.send('store:changed', change)
    budgets.storeChanged()
  })
  engine.on('sources', (status) => events.send('sources:changed', status))
  engine.on('progress', (progress) => events.send('sources:progress', progress))
  engine.on('notice', notices.raise)
  engine.on('repricing', (progress) => events.send('prices:progress', progress))
  engine.on('deletion', (progress) => events.send('history:deletion', progress))

  const sources = createWatchedSources({
    engine,
    settings,
    dialogs,
    notify: notices.raise,
    texts,
    sample: { from: files.samples, to: user.sampleLog },
  })
  const budgets = createBudgets({
    engine,
    settings,
    notify: (state) => {
      const locale = settings.current().settings.language === 'zh' ? 'zh' : systemLocale()
      showBudgetNotification(budgetWords(state, texts(), locale), () => {
        focusWindow()
        events.send('app:navigate', { to: 'budgets' })
      })
    },
    onChanged: (states) => events.send('budgets:changed', states),
  })
  const exports = createExports({ engine, dialogs, folder: () => app.getPath('documents') })
  const retention = createRetention({ engine, settings, log })
  const priceFiles = createPriceFiles({ engine, dialogs, folder: () => app.getPath('documents') })

  const tell = async (work: Promise<Result<unknown>>): Promise<void> => {
    const result = await settled(work)
    if (!result.ok) notices.raise({ level: 'error', ...result.error })
  }
  const tellExport = async (work: Promise<Result<string | null>>, saved: string): Promise<void> => {
    const notice = exportNotice(await settled(work), saved)
    if (notice !== null) notices.raise(notice)
  }

  const menu = createApplicationMenu({
    openLogs: (kind) => void tell(sources.choose(kind)),
    openSample: () => void tell(sources.openSample()),
    exportReport: () => void tellExport(exports.report(), texts().reportSaved),
    exportSession: () => {
      const sessionId = preferences.shownSession()
      if (sessionId !== null) void tellExport(exports.session(sessionId), texts().sessionSaved)
    },
    navigate: (to) => events.send('app:navigate', { to }),
    setTheme: (theme) => void preferences.change({ theme }),
    showAbout: () => app.showAboutPanel(),
    openDataFolder: () => void shell.openPath(user.folder),
  })

  const preferences = createPreferences({
    settings,
    menu,
    texts,
    development: pages.development,
    onChanged: (changed) => {
      events.send('settings:changed', changed)
      void retention.apply()
    },
  })

  handleAll(
    allHandlers({
      engine,
      sources,
      exports,
      budgets,
      priceFiles,
      retention,
      settings: preferences,
      app: {
        info: () => ({
          version: app.getVersion(),
          electron: process.versions.electron,
          dataFolder: user.folder,
          platform: process.platform,
          systemLocale: systemLocale(),
          readOnly: false,
        }),
        notices,
        showSession: preferences.showSession,
      },
    }),
    {
      ipc: ipcMain,
      trusted: () => ({ contentsId: window?.webContents.id ?? null, origin: pages.origin }),
      log,
    },
  )

  const shutdown = closeBeforeQuit(app, () => {
    budgets.stop()
    retention.stop()
    return Promise.allSettled([engine.close(), settings.flush()])
  })

  function openMainWindow(): void {
    const opened = openWindow({
      title: texts().productName,
      files,
      pages,
      placement: settings.current().window,
      session: sessionToOpen,
      onPlaced: (placement) => settings.update({ window: placement }),
    })
    window = opened
    sessionToOpen = null
    const pageLeft = (): void => {
      notices.pageLeft()
      preferences.showSession(null)
    }
    opened.webContents.on('did-start-navigation', ({ isMainFrame, isSameDocument }) => {
      if (isMainFrame && !isSameDocument) pageLeft()
    })
    // Before watchPage, whose notice is for the page that comes next.
    opened.webContents.on('render-process-gone', pageLeft)
    watchPage(opened, {
      log,
      notify: notices.raise,
      texts,
      isQuitting: shutdown.isQuitting,
      offerReload: dialogs.offerReload,
      quit: () => app.quit(),
    })
    opened.once('closed', () => {
      window = null
      pageLeft()
    })
  }

  openMainWindow()
  focusWindow = () => {
    if (window === null) {
      openMainWindow()
      return
    }
    if (window.isMinimized()) window.restore()
    window.focus()
  }
  openSession = (sessionId) => {
    if (window === null) sessionToOpen = sessionId
    else events.send('app:navigate', { to: 'session', sessionId })
    focusWindow()
  }
  // A program started for a folder of its own, as tests do, is not the one that links should open.
  if (app.isPackaged && commandLine.userDataDir === null) app.setAsDefaultProtocolClient(LINK_SCHEME)
  openLogs = (paths) => void sources.addUnattended(paths)
  app.on('activate', focusWindow)
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit()
  })

  log.info('started', { version: app.getVersion(), electron: process.versions.electron })
  await tell(sources.watch())
  if (unopenedLogs.length > 0) openLogs(unopenedLogs)
}
