import type { EngineClient } from '../../engine/thread/client'
import {
  oneSessionId,
  requestContextQuery,
  roundRef,
  roundsQuery,
  sessionFindQuery,
  sessionOutlineQuery,
} from '../schemas/arguments'
import type { Handlers } from '../../desktop/ipc/handle'

type ConversationChannel =
  | 'session:header'
  | 'session:rounds'
  | 'session:request-context'
  | 'session:raw-line'
  | 'session:diff'
  | 'session:series'
  | 'session:find'
  | 'session:outline'
  | 'session:round-json'

export function conversationHandlers(engine: Pick<EngineClient, 'call'>): Handlers<ConversationChannel> {
  return {
    'session:header': { args: oneSessionId, run: (sessionId) => engine.call('sessionHeader', sessionId) },
    'session:rounds': { args: roundsQuery, run: (query) => engine.call('sessionRounds', query) },
    'session:request-context': { args: requestContextQuery, run: (query) => engine.call('requestContext', query) },
    'session:raw-line': { args: roundRef, run: (ref) => engine.call('rawLine', ref) },
    'session:diff': { args: roundRef, run: (ref) => engine.call('requestDiff', ref) },
    'session:series': { args: oneSessionId, run: (sessionId) => engine.call('sessionSeries', sessionId) },
    'session:find': { args: sessionFindQuery, run: (query) => engine.call('findInSession', query) },
    'session:outline': { args: sessionOutlineQuery, run: (query) => engine.call('sessionOutline', query) },
    'session:round-json': { args: roundRef, run: (ref) => engine.call('roundJson', ref) },
  }
}
