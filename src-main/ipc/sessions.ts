import type { EngineClient } from '../engine/client'
import { sessionListQuery } from './arguments'
import type { Handlers } from './handle'

export function sessionsHandlers(engine: Pick<EngineClient, 'call'>): Handlers<'sessions:list'> {
  return {
    'sessions:list': { args: sessionListQuery, run: (query) => engine.call('sessions', query) },
  }
}
