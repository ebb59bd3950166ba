import { ok } from '../app/result'
import type { AppInfo, Notice } from '../contract/index'
import { nothing, oneRouteOrNull, oneSessionIdOrNull } from './arguments'
import type { Handlers } from './handle'

/** `window`: id of the web contents of the window that asks. */
export interface AppAccess {
  readonly info: () => AppInfo
  readonly takeNotices: (window: number) => readonly Notice[]
  readonly showSession: (window: number, sessionId: string | null) => void
  readonly openWindow: (route: string | null) => void
}

type AppChannel = 'app:info' | 'app:notices' | 'app:session-shown' | 'app:new-window'

export function appHandlers({ info, takeNotices, showSession, openWindow }: AppAccess): Handlers<AppChannel> {
  return {
    'app:info': { args: nothing, run: () => ok(info()) },
    'app:notices': { args: nothing, run: (window) => ok(takeNotices(window)) },
    'app:session-shown': {
      args: oneSessionIdOrNull,
      run: (sessionId, window) => {
        showSession(window, sessionId)
        return ok(undefined)
      },
    },
    'app:new-window': {
      args: oneRouteOrNull,
      run: (route) => {
        openWindow(route)
        return ok(undefined)
      },
    },
  }
}
