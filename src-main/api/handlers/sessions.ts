import type { EngineClient } from '../../engine/thread/client'
import {
  comparedRoundQuery,
  comparedRowsQuery,
  comparedSessions,
  latestLimit,
  sessionListQuery,
  sparkSessions,
} from '../schemas/arguments'
import type { Handlers } from '../../desktop/ipc/handle'

type SessionsChannel =
  | 'sessions:list'
  | 'sessions:sparks'
  | 'sessions:compare'
  | 'sessions:compare-rows'
  | 'sessions:compare-round'
  | 'requests:latest'

export function sessionsHandlers(engine: Pick<EngineClient, 'call'>): Handlers<SessionsChannel> {
  return {
    'sessions:list': { args: sessionListQuery, run: (query) => engine.call('sessions', query) },
    'sessions:sparks': { args: sparkSessions, run: (sessionIds) => engine.call('sparks', sessionIds) },
    'sessions:compare': { args: comparedSessions, run: (pair) => engine.call('compareSessions', pair) },
    'sessions:compare-rows': { args: comparedRowsQuery, run: (query) => engine.call('comparedRows', query) },
    'sessions:compare-round': { args: comparedRoundQuery, run: (query) => engine.call('comparedRound', query) },
    'requests:latest': { args: latestLimit, run: (limit) => engine.call('latestRequests', limit) },
  }
}
