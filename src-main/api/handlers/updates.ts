import { ok } from '../../shared/result'
import type { Updates } from '../ports'
import { nothing } from '../schemas/arguments'
import type { Handlers } from '../handler'

type UpdatesChannel = 'updates:get' | 'updates:check' | 'updates:open'

export function updatesHandlers(updates: Updates): Handlers<UpdatesChannel> {
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
