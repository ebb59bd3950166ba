import { app, net, shell, type BrowserWindow } from 'electron'
import type { BudgetState, EngineWork, Notice, Result, Settings } from '../contract/index'
import { startEngine } from '../engine/thread/client'
import { settled } from '../shared/result'
import { dayIn, zoneOf } from '../shared/zone'
import { watchProcess } from './lifecycle/crashes'
import { superviseEngine } from './lifecycle/engine-supervisor'
import { createInbox } from './lifecycle/inbox'
import { programFiles, userFiles } from './lifecycle/locations'
import { createLoginStart } from './lifecycle/login-start'
import { createProgramLog } from './lifecycle/program-log'
import { closeBeforeQuit } from './lifecycle/shutdown'
import { createSignal } from './lifecycle/signal'
import { createBackground } from './native/background'
import { createDialogs } from './native/dialogs'
import { createApplicationMenu } from './native/menu'
import { createPreferences } from './native/preferences'
import { createTray } from './native/tray'
import { trustedPages } from './pages/origin'
import { createBudgets } from './services/budgets'
import { createDataFolder } from './services/data-folder'
import { createExports } from './services/exports'
import { createPriceFiles } from './services/price-files'
import { createRetention } from './services/retention'
import { createWatchedSources } from './services/watched-sources'
import { openSettings } from './settings/settings-store'
import { askWeb } from './updates/ask-web'
import { createUpdates, packagePublishedIn } from './updates/updates'
import { createWindows } from './windows/windows'
import { filterWords } from './words/filter-words'
import { localeFor, preferredLocale, textsFor, type Texts } from './words/texts'

/** What happens in the services; wire.ts says what follows from it. */
const createSignals = () => ({
  windowOpened: createSignal<BrowserWindow>(),
  currentWindowChanged: createSignal(),
  engineRestarted: createSignal(),
  recentPathsChanged: createSignal<readonly string[]>(),
  budgetCrossed: createSignal<BudgetState>(),
  sourcesPaused: createSignal(),
  updateFound: createSignal<string>(),
  themeChosen: createSignal<Settings['theme']>(),
  settingsChanged: createSignal<{ readonly settings: Settings; readonly before: Settings }>(),
})

/**
 * Creates the services, from leaf to root: each is given those created before it, and reports what happens to it by a
 * signal. Nothing is started here, except that settings are read and the engine's thread begins to open its store.
 */
export async function createProgram() {
  const signals = createSignals()
  const pages = trustedPages(process.env['ELECTRON_RENDERER_URL'], app.isPackaged)
  const files = programFiles(app.getAppPath())
  const user = userFiles(app.getPath('userData'))
  const log = createProgramLog({ folder: user.programLogs })
  const notices = createInbox<Notice>()
  const notify = notices.put

  const systemLocale = (): string => preferredLocale([...app.getPreferredSystemLanguages(), app.getLocale()])
  const settings = await openSettings({
    path: user.settings,
    notify,
    texts: (stored) => textsFor(stored.settings.language, systemLocale()),
    onError: (event, error) => log.error(event, error),
  })
  const publishedIn = await packagePublishedIn(process.resourcesPath)
  const texts = (): Texts => textsFor(settings.current().settings.language, systemLocale())
  const locale = (): string => localeFor(settings.current().settings.language, systemLocale())
  const storeFolder = (): string => settings.current().dataFolder ?? user.store
  const timeZone = (): string => zoneOf(settings.current().settings.timeZone)
  watchProcess({ log, notify, texts })
  /** Shows a notice if the work fails. */
  const report = async (work: Promise<Result<unknown>>): Promise<void> => {
    const result = await settled(work)
    if (!result.ok) notify({ level: 'error', ...result.error })
  }

  const closers: (() => unknown)[] = []
  const shutdown = closeBeforeQuit(app, () => Promise.allSettled(closers.map((close) => close())))
  const windows = createWindows({
    title: () => texts().productName,
    files,
    pages,
    settings,
    isQuitting: shutdown.isQuitting,
    onOpened: signals.windowOpened.emit,
    onCurrentChanged: signals.currentWindowChanged.emit,
  })
  const dialogs = createDialogs(windows.current, texts)

  const engine = superviseEngine({
    start: () =>
      startEngine({
        workerPath: files.worker,
        dataFolder: storeFolder(),
        mustExist: settings.current().dataFolder !== null,
        timeZone: timeZone(),
      }),
    onRestarted: signals.engineRestarted.emit,
    notify,
    texts,
    log,
  })
  const engineWork = createEngineWork((work) => windows.send('engine:work', work))
  const sources = createWatchedSources({
    engine,
    settings,
    dialogs,
    notify,
    texts,
    onRecent: signals.recentPathsChanged.emit,
    sample: { from: files.samples, to: user.sampleLog },
  })
  const budgets = createBudgets({
    engine,
    settings,
    notify: signals.budgetCrossed.emit,
    onChanged: (states) => windows.send('budgets:changed', states),
  })
  const dataFolder = createDataFolder({
    engine,
    dialogs,
    texts,
    current: storeFolder,
    set: (folder) => settings.update({ dataFolder: folder === user.store ? null : folder }),
    show: (folder) => void shell.openPath(folder),
    onWork: engineWork.set,
    onChanged: () => report(sources.watch()),
  })
  const trayCommands = {
    open: windows.focus,
    allPaused: sources.allPaused,
    setAllPaused: (paused: boolean) => void report(sources.setAllPaused(paused)).then(signals.sourcesPaused.emit),
    quit: () => app.quit(),
  }
  const tray = createTray(files.icons, texts, trayCommands, log)
  const background = createBackground({ windows, tray, engine, settings, dialogs, texts, locale, timeZone })
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
    onFound: signals.updateFound.emit,
    onChanged: (state) => windows.send('updates:changed', state),
    log,
  })
  const priceFiles = createPriceFiles({ engine, dialogs, folder: documents })
  const menu = createApplicationMenu({
    newWindow: () => void windows.open(null),
    openLogs: (kind) => void report(sources.choose(kind)),
    openRecent: (path) => void report(sources.openRecent(path)),
    clearRecent: sources.clearRecent,
    openSample: () => void report(sources.openSample()),
    navigate: windows.lead,
    page: windows.command,
    setTheme: signals.themeChosen.emit,
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
    onChanged: (changed, before) => signals.settingsChanged.emit({ settings: changed, before }),
  })

  return {
    ...{ signals, pages, files, user, log, notices, notify, report, settings, texts, locale, systemLocale },
    ...{ storeFolder, timeZone, closers, shutdown, windows, dialogs, engine, engineWork, sources, budgets, dataFolder },
    ...{ background, exports, retention, updates, priceFiles, preferences, login: createLoginStart() },
  }
}

export type Program = Awaited<ReturnType<typeof createProgram>>

/** What the engine is busy with, as pages show it: work of this process, and what the engine reports while it opens. */
function createEngineWork(send: (work: EngineWork) => void) {
  let own: EngineWork = null
  const set = (work: EngineWork): void => {
    own = work
    send(work)
  }
  return {
    set,
    opening({ what, share }: { readonly what: 'index' | 'time-zone'; readonly share: number }): void {
      // The zone may also have changed while the app was not running: then only the engine knows when it is done.
      if (own === null) send(share < 1 ? { what, share } : null)
      else set({ ...own, share })
    },
  }
}
