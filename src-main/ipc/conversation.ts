import type { EngineClient } from '../engine/client'
import { oneSessionId, roundsQuery } from './arguments'
import type { Handlers } from './handle'

export function conversationHandlers(
  engine: Pick<EngineClient, 'call'>,
): Handlers<'session:header' | 'session:rounds'> {
  return {
    'session:header': { args: oneSessionId, run: (sessionId) => engine.call('sessionHeader', sessionId) },
    'session:rounds': { args: roundsQuery, run: (query) => engine.call('sessionRounds', query) },
  }
}
