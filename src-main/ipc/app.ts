import type { NoticeBoard } from '../app/notices'
import { ok } from '../app/result'
import type { AppInfo } from '../contract/index'
import { nothing, oneSessionIdOrNull } from './arguments'
import type { Handlers } from './handle'

export interface AppAccess {
  readonly info: () => AppInfo
  readonly notices: Pick<NoticeBoard, 'take'>
  readonly showSession: (sessionId: string | null) => void
}

export function appHandlers({
  info,
  notices,
  showSession,
}: AppAccess): Handlers<'app:info' | 'app:notices' | 'app:session-shown'> {
  return {
    'app:info': { args: nothing, run: () => ok(info()) },
    'app:notices': { args: nothing, run: () => ok(notices.take()) },
    'app:session-shown': {
      args: oneSessionIdOrNull,
      run: (sessionId) => {
        showSession(sessionId)
        return ok(undefined)
      },
    },
  }
}
