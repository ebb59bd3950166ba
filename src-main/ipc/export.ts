import type { Exports } from '../app/exports'
import { nothing, oneSessionId } from './arguments'
import type { Handlers } from './handle'

export function exportHandlers(exports: Exports): Handlers<'export:report' | 'export:session'> {
  return {
    'export:report': { args: nothing, run: () => exports.report(), waitsForUser: true },
    'export:session': { args: oneSessionId, run: (sessionId) => exports.session(sessionId), waitsForUser: true },
  }
}
