import type { EngineClient } from '../engine/client'
import { overviewQuery } from './arguments'
import type { Handlers } from './handle'

export function overviewHandlers(engine: Pick<EngineClient, 'call'>): Handlers<'overview:get'> {
  return {
    'overview:get': { args: overviewQuery, run: (query) => engine.call('overview', query) },
  }
}
