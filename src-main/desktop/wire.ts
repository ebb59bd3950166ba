import { app, ipcMain, session } from 'electron'
import { allHandlers } from '../api/all-handlers'
import { sharedEvents } from '../contract/calls'
import { settled } from '../shared/result'
import { zoneOf } from '../shared/zone'
import type { Program } from './create'
import { handleAll } from './ipc/handle'
import { watchPage } from './lifecycle/crashes'
import { showRecentDocuments } from './native/recent-documents'
import { guardContents, guardSession } from './pages/guards'
import { servePages } from './pages/protocol'
import { budgetWords } from './words/budget-words'

/** Connects the services: what follows from each event. */
export function wire(program: Program): void {
  wirePages(program)
  wireEngine(program)
  wireServices(program)
  wireCalls(program)
  const { closers, background, budgets, retention, updates, engine, settings } = program
  closers.push(
    background.stop,
    budgets.stop,
    () => retention.stop(),
    () => updates.stop(),
    () => engine.close(),
    () => settings.flush(),
  )
}

/** The walls around the pages, and what a new window needs. */
function wirePages({
  pages,
  files,
  log,
  notices,
  windows,
  dialogs,
  shutdown,
  texts,
  signals,
  preferences,
}: Program): void {
  notices.deliverTo(windows.notify)
  const guards = {
    pages,
    onExternalLink: (url: string) => void dialogs.offerExternalLink(url),
    onOwnLink: (route: string) => void windows.open(route),
    onDenied: (what: string) => log.warn('denied', { what }),
  }
  guardContents(app, guards)
  guardSession(session.defaultSession, guards)
  servePages(session.defaultSession, files.renderer)
  signals.windowOpened.on((window) => {
    watchPage(window, {
      log,
      notify: windows.notify,
      texts,
      isQuitting: shutdown.isQuitting,
      offerReload: dialogs.offerReload,
      quit: () => app.quit(),
    })
  })
  signals.currentWindowChanged.on(() => preferences.refreshMenu())
}

function wireEngine({
  engine,
  engineWork,
  windows,
  background,
  budgets,
  sources,
  notify,
  report,
  signals,
}: Program): void {
  for (const event of Object.keys(sharedEvents) as readonly (keyof typeof sharedEvents)[]) {
    engine.on(event, (payload) => windows.send(event, payload))
  }
  engine.on('changed', budgets.storeChanged)
  engine.on('changed', background.storeChanged)
  engine.on('progress', background.progress)
  engine.on('notice', notify)
  engine.on('notice', background.engineNotice)
  engine.on('opening', (opening) => engineWork.opening(opening))
  signals.engineRestarted.on(() => void report(sources.watch()))
}

function wireServices(program: Program): void {
  const { signals, windows, background, preferences, updates, retention, engine, engineWork } = program
  const { texts, locale, timeZone, notify, report } = program

  /** Days are counted again for another time zone. */
  async function changeTimeZone(): Promise<void> {
    engineWork.set({ what: 'time-zone', share: null })
    const changed = await settled(engine.call('setTimeZone', timeZone()))
    engineWork.set(null)
    await report(Promise.resolve(changed))
  }

  signals.recentPathsChanged.on((recent) => {
    preferences.refreshMenu()
    showRecentDocuments(app, recent)
    windows.send('sources:recent-changed', recent)
  })
  signals.budgetCrossed.on((state) => {
    background.notify(budgetWords(state, texts(), locale()), () => windows.lead('budgets'))
  })
  signals.sourcesPaused.on(() => background.apply())
  signals.updateFound.on((version) => {
    const title = texts().updateFound.replace('{version}', version)
    const body = texts().updateFoundHint
    notify({ level: 'info', code: 'update', message: title, hint: body })
    background.notify({ title, body }, () => windows.lead('updates'))
  })
  signals.themeChosen.on((theme) => void preferences.change({ theme }))
  signals.settingsChanged.on(({ settings, before }) => {
    windows.send('settings:changed', settings)
    background.apply()
    if (settings.updates !== before.updates) updates.apply()
    if (settings.timeZone !== before.timeZone) void changeTimeZone()
    else void retention.apply()
  })
}

/** The calls that pages may make. */
function wireCalls(program: Program): void {
  const { engine, sources, exports, budgets, priceFiles, retention, updates, preferences, dataFolder } = program
  const { windows, pages, log, login, user, storeFolder, systemLocale } = program
  const handlers = allHandlers({
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
  })
  handleAll(handlers, {
    ipc: ipcMain,
    trusted: () => ({ contentsIds: windows.contentsIds(), origin: pages.origin }),
    log,
  })
}
