import { ok } from '../../shared/result'
import type { DataFolder } from '../ports'
import type { AppInfo, DesktopState } from '../../contract/index'
import { nothing, oneRouteOrNull, oneSessionIdOrNull, yesOrNo } from '../schemas/arguments'
import type { Handlers } from '../handler'

/** `window`: id of the web contents of the window that asks. */
export interface AppAccess {
  readonly info: () => AppInfo
  readonly pageReady: (window: number) => void
  readonly showSession: (window: number, sessionId: string | null) => void
  readonly openWindow: (route: string | null) => void
  readonly desktop: () => DesktopState
  readonly startAtLogin: (start: boolean) => void
  readonly dataFolder: DataFolder
}

type AppChannel =
  | 'app:info'
  | 'app:ready'
  | 'app:session-shown'
  | 'app:new-window'
  | 'app:desktop'
  | 'app:start-at-login'
  | 'app:open-data-folder'
  | 'app:change-data-folder'

export function appHandlers(access: AppAccess): Handlers<AppChannel> {
  const { info, pageReady, showSession, openWindow, desktop, startAtLogin, dataFolder } = access
  return {
    'app:info': { args: nothing, run: () => ok(info()) },
    'app:ready': {
      args: nothing,
      run: (window) => {
        pageReady(window)
        return ok(undefined)
      },
    },
    'app:session-shown': {
      args: oneSessionIdOrNull,
      run: (sessionId, window) => {
        showSession(window, sessionId)
        return ok(undefined)
      },
    },
    'app:desktop': { args: nothing, run: () => ok(desktop()) },
    'app:start-at-login': {
      args: yesOrNo,
      run: (start) => {
        startAtLogin(start)
        return ok(undefined)
      },
    },
    'app:open-data-folder': {
      args: nothing,
      run: () => {
        dataFolder.open()
        return ok(undefined)
      },
    },
    'app:change-data-folder': { args: nothing, run: () => dataFolder.change(), waitsForUser: true },
    'app:new-window': {
      args: oneRouteOrNull,
      run: (route) => {
        openWindow(route)
        return ok(undefined)
      },
    },
  }
}
