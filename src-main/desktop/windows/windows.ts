import { screen } from 'electron'
import type { BrowserWindow } from 'electron'
import type { EventMap, Notice, PageCommand, PageName, PartName } from '../../contract/index'
import { sendEvent } from './send-event'
import type { ProgramFiles } from '../lifecycle/locations'
import { createPageOutbox, MOST_KEPT } from './page-outbox'
import type { PageOutbox, StateChannel } from './page-outbox'
import type { TrustedPages } from '../pages/origin'
import { isRoute } from '../../shared/route'
import type { SettingsStore } from '../settings/settings-store'
import type { WindowState } from '../settings/stored-settings'
import { openWindow } from './window'
import { cascade, placeWindow } from './window-bounds'

/** The program's windows: each with its own page, place and messages; events go to all of them. */
export interface Windows {
  /** Opens those that were open when the program was last left, or one; the one in use on that session, if any. */
  readonly restore: (sessionId: string | null) => void
  /** Opens another one beside the one in use, on that route if one is named. */
  readonly open: (route: string | null) => BrowserWindow
  /** The one in use: focused, else focused last; null when none is open. */
  readonly current: () => BrowserWindow | null
  /** Brings the one in use to the front, or opens one. */
  readonly focus: () => void
  /** Brings the one in use to the front on that page or part, or opens one there. */
  readonly lead: (to: PageName | PartName) => void
  /** True while one of them has the keyboard. */
  readonly isFocused: () => boolean
  /** Ids of the web contents: only these are listened to. */
  readonly contentsIds: () => ReadonlySet<number>
  /** To the page of every window; a page that does not listen yet asks for the state when it starts. */
  readonly send: <C extends StateChannel>(channel: C, payload: EventMap[C]) => void
  /** Shows a session in the window in use, or opens a window there. */
  readonly leadToSession: (sessionId: string) => void
  /** Passes a command of the menu to the page of the window in use, as soon as that page listens. */
  readonly command: (command: PageCommand) => void
  /** Shows a notice in every window; if none is open, in the next one. */
  readonly notify: (notice: Notice) => void
  /** The page of that window listens from now on. */
  readonly pageReady: (contentsId: number) => void
  /** The session the window in use shows; null for none. */
  readonly shownSession: () => string | null
  readonly showSession: (contentsId: number, sessionId: string | null) => void
  /** What is open now, as it is remembered. */
  readonly states: () => readonly WindowState[]
}

export interface WindowsOptions {
  readonly title: () => string
  readonly files: ProgramFiles
  readonly pages: TrustedPages
  readonly settings: SettingsStore
  readonly isQuitting: () => boolean
  /** Called for each window, before its page is loaded. */
  readonly onOpened: (window: BrowserWindow) => void
  /** Another one is in use, or shows another session. */
  readonly onCurrentChanged: () => void
}

/** A page that ran wild could ask for windows without end. */
const mostWindows = 20

interface OpenWindow {
  readonly window: BrowserWindow
  readonly outbox: PageOutbox
  state: WindowState
  sessionId: string | null
}

export function createWindows({
  title,
  files,
  pages,
  settings,
  isQuitting,
  onOpened,
  onCurrentChanged,
}: WindowsOptions): Windows {
  /** By the id of its web contents, the one used last at the end. */
  const open = new Map<number, OpenWindow>()
  let unheard: readonly Notice[] = []

  /** A window is destroyed a moment before it says that it is closed. */
  const last = (): OpenWindow | undefined => [...open.values()].findLast(({ window }) => !window.isDestroyed())
  const states = (): readonly WindowState[] => [...open.values()].map(({ state }) => state)

  /** What is closed last, or by quitting, stays remembered. */
  function remember(): void {
    if (open.size > 0 && !isQuitting()) settings.update({ windows: states() })
  }

  function add(state: WindowState | null, address: string): BrowserWindow {
    const remembered = state ?? settings.current().windows.at(-1) ?? null
    const from = state === null ? last() : undefined
    const beside =
      from === undefined
        ? null
        : cascade(
            from.state.bounds,
            states().map(({ bounds }) => bounds),
            displays(),
          )
    const maximized = (beside === null && remembered?.maximized) ?? false
    const window = openWindow({
      title: title(),
      files,
      pages,
      placed: beside ?? placeWindow(remembered, displays()),
      maximized,
      address,
      onPlaced: (placement) => change(placement),
    })
    const { id } = window.webContents
    const entry: OpenWindow = {
      window,
      outbox: createPageOutbox(([channel, payload]) => sendEvent(window.webContents, channel, payload)),
      state: { bounds: window.getNormalBounds(), maximized, route: state?.route ?? '' },
      sessionId: null,
    }
    for (const notice of unheard) entry.outbox.send(['app:notice', notice])
    unheard = []
    open.set(id, entry)

    const change = (part: Partial<WindowState>): void => {
      entry.state = { ...entry.state, ...part }
      remember()
    }
    const pageGone = (): void => {
      entry.outbox.gone()
      entry.sessionId = null
      onCurrentChanged()
    }
    window.on('focus', () => {
      open.delete(id)
      open.set(id, entry)
      remember()
      onCurrentChanged()
    })
    window.webContents.on('did-start-navigation', ({ isMainFrame, isSameDocument }) => {
      if (isMainFrame && !isSameDocument) entry.outbox.leaving()
    })
    // A navigation that was refused (a link out of the program) also begins, and leaves the page where it is.
    window.webContents.on('did-navigate', pageGone)
    window.webContents.on('did-stop-loading', () => entry.outbox.settled())
    window.webContents.on('did-navigate-in-page', (_event, url, isMainFrame) => {
      const route = new URL(url).hash.slice(1)
      if (isMainFrame && isRoute(route)) change({ route })
    })
    // Registered before onOpened's listeners: the notices they raise are for the next page.
    window.webContents.on('render-process-gone', pageGone)
    window.once('closed', () => {
      open.delete(id)
      remember()
      onCurrentChanged()
    })
    onOpened(window)
    remember()
    return window
  }

  const current = (): BrowserWindow | null => last()?.window ?? null

  function show(window: BrowserWindow): void {
    if (window.isMinimized()) window.restore()
    window.show()
    window.focus()
  }

  function restore(sessionId: string | null): void {
    const states = settings.current().windows.slice(-mostWindows)
    const former: readonly (WindowState | null)[] = states.length === 0 ? [null] : states
    for (const [at, state] of former.entries()) {
      const isLast = at === former.length - 1
      if (sessionId !== null && isLast) add(state, `?session=${encodeURIComponent(sessionId.toWellFormed())}`)
      else add(state, addressOf(state?.route ?? ''))
    }
  }

  return {
    restore,
    open(route) {
      const newest = current()
      if (open.size >= mostWindows && newest !== null) return newest
      return add(null, addressOf(route ?? ''))
    },
    current,
    focus() {
      const window = current()
      if (window === null) add(null, '')
      else show(window)
    },
    lead(to) {
      const entry = last()
      if (entry === undefined) {
        add(null, addressOf(routeTo(to)))
        return
      }
      show(entry.window)
      entry.outbox.send(['app:navigate', { to }])
    },
    leadToSession(sessionId) {
      const entry = last()
      if (entry === undefined) {
        restore(sessionId)
        return
      }
      show(entry.window)
      entry.outbox.send(['app:navigate', { to: 'session', sessionId }])
    },
    command: (command) => last()?.outbox.send(['app:command', command]),
    isFocused: () => [...open.values()].some(({ window }) => window.isFocused()),
    contentsIds: () => new Set(open.keys()),
    send(channel, payload) {
      for (const { window } of open.values()) sendEvent(window.webContents, channel, payload)
    },
    notify(notice) {
      if (last() === undefined) unheard = [...unheard, notice].slice(-MOST_KEPT)
      else for (const { outbox } of open.values()) outbox.send(['app:notice', notice])
    },
    pageReady: (contentsId) => open.get(contentsId)?.outbox.ready(),
    shownSession: () => last()?.sessionId ?? null,
    showSession(contentsId, sessionId) {
      const entry = open.get(contentsId)
      if (entry === undefined) return
      entry.sessionId = sessionId
      onCurrentChanged()
    },
    states,
  }
}

function addressOf(route: string): string {
  return route === '' ? '' : `#${route}`
}

const partRoutes: Readonly<Record<PartName, string>> = {
  budgets: '/insights?section=budgets',
  updates: '/settings/about',
}

function routeTo(to: PageName | PartName): string {
  return to === 'budgets' || to === 'updates' ? partRoutes[to] : `/${to}`
}

/** The displays there are, the primary one first. */
function displays(): Electron.Display[] {
  const primary = screen.getPrimaryDisplay()
  return [primary, ...screen.getAllDisplays().filter(({ id }) => id !== primary.id)]
}
