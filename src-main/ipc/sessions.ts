import type { EngineClient } from '../engine/client'
import { latestLimit, sessionListQuery, sparkSessions } from './arguments'
import type { Handlers } from './handle'

type SessionsChannel = 'sessions:list' | 'sessions:sparks' | 'requests:latest'

export function sessionsHandlers(engine: Pick<EngineClient, 'call'>): Handlers<SessionsChannel> {
  return {
    'sessions:list': { args: sessionListQuery, run: (query) => engine.call('sessions', query) },
    'sessions:sparks': { args: sparkSessions, run: (sessionIds) => engine.call('sparks', sessionIds) },
    'requests:latest': { args: latestLimit, run: (limit) => engine.call('latestRequests', limit) },
  }
}
