import { ok } from '../../shared/result'
import type { Updates } from '../../desktop/updates/updates'
import { nothing } from '../schemas/arguments'
import type { Handlers } from '../../desktop/ipc/handle'

type UpdatesChannel = 'updates:get' | 'updates:check' | 'updates:open'

export function updatesHandlers(updates: Pick<Updates, 'state' | 'check' | 'open'>): Handlers<UpdatesChannel> {
  return {
    'updates:get': { args: nothing, run: () => ok(updates.state()) },
    'updates:check': {
      args: nothing,
      run: () => {
        void updates.check()
        return ok(undefined)
      },
    },
    'updates:open': {
      args: nothing,
      run: () => {
        updates.open()
        return ok(undefined)
      },
    },
  }
}
