import type { Retention } from '../../desktop/services/retention'
import type { EngineClient } from '../../engine/thread/client'
import { days, nothing } from '../schemas/arguments'
import type { Handlers } from '../../desktop/ipc/handle'

type HistoryChannel =
  'history:size' | 'history:older-than' | 'history:delete-older-than' | 'history:cancel-deletion' | 'history:deletion'

/** What may be asked without changing anything. */
export function historySizeHandlers(engine: Pick<EngineClient, 'call'>): Handlers<'history:size'> {
  return { 'history:size': { args: nothing, run: () => engine.call('storeSize') } }
}

export function historyHandlers(
  engine: Pick<EngineClient, 'call'>,
  retention: Pick<Retention, 'olderThan' | 'deleteOlderThan'>,
): Handlers<HistoryChannel> {
  return {
    ...historySizeHandlers(engine),
    'history:older-than': { args: days, run: (count) => retention.olderThan(count) },
    'history:delete-older-than': { args: days, run: (count) => retention.deleteOlderThan(count) },
    'history:cancel-deletion': { args: nothing, run: () => engine.call('cancelDeletion') },
    'history:deletion': { args: nothing, run: () => engine.call('deletion') },
  }
}
