import { mkdirSync } from 'node:fs'
import { app, dialog, ipcMain, net, session, shell } from 'electron'
import { parseCommandLine } from './lifecycle/command-line'
import { watchPage, watchProcess } from './lifecycle/crashes'
import { createBackground } from './native/background'
import { budgetWords } from './words/budget-words'
import { createBudgets } from './services/budgets'
import { createDataFolder } from './services/data-folder'
import { createDialogs } from './native/dialogs'
import { superviseEngine } from './lifecycle/engine-supervisor'
import { createExports } from './services/exports'
import { filterWords } from './words/filter-words'
import { guardContents, guardSession } from './pages/guards'
import { programFiles, userFiles } from './lifecycle/locations'
import { createLoginStart, hiddenSwitch } from './lifecycle/login-start'
import { createApplicationMenu } from './native/menu'
import { trustedPages } from './pages/origin'
import { createProgramLog } from './lifecycle/program-log'
import { askWeb } from './updates/ask-web'
import { createPreferences } from './native/preferences'
import { createPriceFiles } from './services/price-files'
import { showRecentDocuments } from './native/recent-documents'
import { createRetention } from './services/retention'
import { registerScheme, servePages } from './pages/protocol'
import { settled } from '../shared/result'
import { openSettings } from './settings/settings-store'
import { closeBeforeQuit } from './lifecycle/shutdown'
import { becomeOnlyInstance } from './lifecycle/single-instance'
import { localeFor, preferredLocale, textsFor } from './words/texts'
import type { Texts } from './words/texts'
import { createWatchedSources } from './services/watched-sources'
import { createTray } from './native/tray'
import { createUpdates, packagePublishedIn } from './updates/updates'
import { createWindows } from './windows/windows'
import { dayIn, zoneOf } from '../shared/zone'
import { sharedEvents } from '../contract/calls'
import type { EngineWork, Notice, Result } from '../contract/index'
import { startEngine } from '../engine/thread/client'
import { LINK_SCHEME, sessionOfLink } from '../shared/session-link'
import { handleAll } from './ipc/handle'
import { allHandlers } from '../api/all-handlers'

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

  const systemLocale = (): string => preferredLocale([...app.getPreferredSystemLanguages(), app.getLocale()])
  const earlyNotices: Notice[] = []
  let notify = (notice: Notice): void => void earlyNotices.push(notice)
  const settings = await openSettings({
    path: user.settings,
    notify: (notice) => notify(notice),
    texts: (stored) => textsFor(stored.settings.language, systemLocale()),
    onError: (event, error) => log.error(event, error),
  })
  const publishedIn = await packagePublishedIn(process.resourcesPath)
  const texts = (): Texts => textsFor(settings.current().settings.language, systemLocale())
  const locale = (): string => localeFor(settings.current().settings.language, systemLocale())
  const storeFolder = (): string => settings.current().dataFolder ?? user.store
  const timeZone = (): string => zoneOf(settings.current().settings.timeZone)
  watchProcess({ log, notify: (notice) => notify(notice), texts })

  const shutdown = closeBeforeQuit(app, () => {
    background.stop()
    budgets.stop()
    retention.stop()
    updates.stop()
    return Promise.allSettled([engine.close(), settings.flush()])
  })
  const windows = createWindows({
    title: () => texts().productName,
    files,
    pages,
    settings,
    isQuitting: shutdown.isQuitting,
    onOpened: (window) => {
      watchPage(window, {
        log,
        notify: windows.notify,
        texts,
        isQuitting: shutdown.isQuitting,
        offerReload: dialogs.offerReload,
        quit: () => app.quit(),
      })
    },
    onCurrentChanged: () => preferences.refreshMenu(),
  })
  notify = windows.notify
  earlyNotices.forEach(notify)

  const dialogs = createDialogs(windows.current, texts)
  const guards = {
    pages,
    onExternalLink: (url: string) => void dialogs.offerExternalLink(url),
    onOwnLink: (route: string) => void windows.open(route),
    onDenied: (what: string) => log.warn('denied', { what }),
  }
  guardContents(app, guards)
  guardSession(session.defaultSession, guards)
  servePages(session.defaultSession, files.renderer)

  const engine = superviseEngine({
    start: () =>
      startEngine({
        workerPath: files.worker,
        dataFolder: storeFolder(),
        mustExist: settings.current().dataFolder !== null,
        timeZone: timeZone(),
      }),
    onRestarted: () => void tell(sources.watch()),
    notify,
    texts,
    log,
  })
  for (const event of Object.keys(sharedEvents) as readonly (keyof typeof sharedEvents)[]) {
    engine.on(event, (payload) => windows.send(event, payload))
  }
  engine.on('changed', () => {
    budgets.storeChanged()
    background.storeChanged()
  })
  engine.on('progress', (progress) => background.progress(progress))
  engine.on('notice', (notice) => {
    notify(notice)
    background.engineNotice(notice)
  })

  const sources = createWatchedSources({
    engine,
    settings,
    dialogs,
    notify,
    texts,
    onRecent: (recent) => {
      preferences.refreshMenu()
      showRecentDocuments(app, recent)
      windows.send('sources:recent-changed', recent)
    },
    sample: { from: files.samples, to: user.sampleLog },
  })
  const budgets = createBudgets({
    engine,
    settings,
    notify: (state) => {
      background.notify(budgetWords(state, texts(), locale()), () => windows.lead('budgets'))
    },
    onChanged: (states) => windows.send('budgets:changed', states),
  })
  let working: EngineWork = null
  const work = (told: EngineWork): void => {
    working = told
    windows.send('engine:work', told)
  }
  // The zone may have changed while the program was not running, too: then nobody else says when it is done.
  engine.on('opening', ({ what, share }) => {
    if (working === null) windows.send('engine:work', share < 1 ? { what, share } : null)
    else work({ ...working, share })
  })
  const dataFolder = createDataFolder({
    engine,
    dialogs,
    texts,
    current: storeFolder,
    set: (folder) => settings.update({ dataFolder: folder === user.store ? null : folder }),
    show: (folder) => void shell.openPath(folder),
    onWork: work,
    onChanged: () => tell(sources.watch()),
  })
  const tray = createTray(
    files.icons,
    texts,
    {
      open: () => windows.focus(),
      allPaused: sources.allPaused,
      setAllPaused: (paused) => void tell(sources.setAllPaused(paused)).then(() => background.apply()),
      quit: () => app.quit(),
    },
    log,
  )
  const background = createBackground({ windows, tray, engine, settings, dialogs, texts, locale, timeZone })
  const login = createLoginStart()

  /** The days are counted anew under another zone. */
  async function moveToZone(): Promise<void> {
    work({ what: 'time-zone', share: null })
    const moved = await settled(engine.call('setTimeZone', timeZone()))
    work(null)
    await tell(Promise.resolve(moved))
  }
  const documents = (): string => app.getPath('documents')
  const exports = createExports({
    engine,
    dialogs,
    folder: documents,
    describe: (request) => filterWords(request, texts(), locale(), timeZone()),
    onProgress: (progress) => windows.send('export:progress', progress),
    onDone: background.exported,
    today: () => dayIn(Date.now(), timeZone()),
  })
  const retention = createRetention({ engine, settings, log })
  const updates = createUpdates({
    settings,
    version: app.getVersion(),
    publishedIn,
    platform: process.platform,
    arch: process.arch,
    ask: askWeb,
    isOnline: () => net.isOnline(),
    show: (address) => void shell.openExternal(address),
    onFound: (version) => {
      const title = texts().updateFound.replace('{version}', version)
      const body = texts().updateFoundHint
      notify({ level: 'info', code: 'update', message: title, hint: body })
      background.notify({ title, body }, () => windows.lead('updates'))
    },
    onChanged: (state) => windows.send('updates:changed', state),
    log,
  })
  const priceFiles = createPriceFiles({ engine, dialogs, folder: documents })

  const tell = async (work: Promise<Result<unknown>>): Promise<void> => {
    const result = await settled(work)
    if (!result.ok) notify({ level: 'error', ...result.error })
  }
  const menu = createApplicationMenu({
    newWindow: () => void windows.open(null),
    openLogs: (kind) => void tell(sources.choose(kind)),
    openRecent: (path) => void tell(sources.openRecent(path)),
    clearRecent: sources.clearRecent,
    openSample: () => void tell(sources.openSample()),
    navigate: (to) => {
      windows.lead(to)
    },
    page: windows.command,
    setTheme: (theme) => void preferences.change({ theme }),
    showAbout: () => app.showAboutPanel(),
    openDataFolder: dataFolder.open,
    openReadme: () => void shell.openPath(files.readme),
    checkUpdates: () => {
      windows.lead('updates')
      void updates.check()
    },
  })

  const preferences = createPreferences({
    settings,
    menu,
    texts,
    development: pages.development,
    shown: () => ({ window: windows.current() !== null, session: windows.shownSession() !== null }),
    onChanged: (changed, before) => {
      windows.send('settings:changed', changed)
      background.apply()
      if (changed.updates !== before.updates) updates.apply()
      if (changed.timeZone !== before.timeZone) void moveToZone()
      else void retention.apply()
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
      updates,
      settings: preferences,
      app: {
        info: () => ({
          version: app.getVersion(),
          electron: process.versions.electron,
          dataFolder: user.folder,
          platform: process.platform,
          systemLocale: systemLocale(),
          readOnly: false,
          timeZone: null,
        }),
        pageReady: windows.pageReady,
        showSession: windows.showSession,
        openWindow: (route) => void windows.open(route),
        desktop: () => ({
          startsAtLogin: login.get(),
          dataFolder: storeFolder(),
          systemTimeZone: zoneOf('system'),
        }),
        startAtLogin: login.set,
        dataFolder,
      },
    }),
    {
      ipc: ipcMain,
      trusted: () => ({ contentsIds: windows.contentsIds(), origin: pages.origin }),
      log,
    },
  )

  background.apply()
  // Started with the user's session it begins in the tray, where it is to run there.
  const hidden = process.argv.includes(hiddenSwitch) && preferences.get().keepRunning && sessionToOpen === null
  if (!hidden) windows.restore(sessionToOpen)
  sessionToOpen = null
  focusWindow = windows.focus
  openSession = windows.leadToSession
  // A program started for a folder of its own, as tests do, is not the one that links should open.
  if (app.isPackaged && commandLine.userDataDir === null) app.setAsDefaultProtocolClient(LINK_SCHEME)
  openLogs = (paths) => void sources.addUnattended(paths)
  app.on('activate', focusWindow)
  app.on('window-all-closed', () => {
    if (shutdown.isQuitting()) return
    void background.lastClosed().then((goesOn) => {
      if (!goesOn && (process.platform !== 'darwin' || preferences.get().keepRunning) && windows.current() === null) {
        app.quit()
      }
    })
  })

  updates.apply()
  log.info('started', { version: app.getVersion(), electron: process.versions.electron })
  await tell(sources.watch())
  await tell(sources.finishRemoval())
  if (unopenedLogs.length > 0) openLogs(unopenedLogs)
}
