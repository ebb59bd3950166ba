import type { EngineClient } from '../../engine/thread/client'
import { searchNumber, searchQuery } from '../schemas/arguments'
import type { Handlers } from '../../desktop/ipc/handle'

export function searchHandlers(
  engine: Pick<EngineClient, 'call'>,
): Handlers<'search:start' | 'search:next' | 'search:cancel'> {
  return {
    'search:start': { args: searchQuery, run: (query) => engine.call('searchStart', query) },
    'search:next': { args: searchNumber, run: (search) => engine.call('searchNext', search) },
    'search:cancel': { args: searchNumber, run: (search) => engine.call('searchCancel', search) },
  }
}
