import { days } from '../schemas/arguments'
import type { Handlers } from '../handler'
import type { Retention } from '../ports'

export function historyHandlers(retention: Retention): Handlers<'history:older-than' | 'history:delete-older-than'> {
  return {
    'history:older-than': { args: days, run: (count) => retention.olderThan(count) },
    'history:delete-older-than': { args: days, run: (count) => retention.deleteOlderThan(count) },
  }
}
