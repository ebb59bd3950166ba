import type { EngineClient } from '../../engine/thread/client'
import { overviewQuery } from '../schemas/arguments'
import type { Handlers } from '../../desktop/ipc/handle'

export function overviewHandlers(engine: Pick<EngineClient, 'call'>): Handlers<'overview:get'> {
  return {
    'overview:get': { args: overviewQuery, run: (query) => engine.call('overview', query) },
  }
}
