import { ok } from '../app/result'
import type { Exports } from '../app/exports'
import { exportNumber, oneExport } from './arguments'
import type { Handlers } from './handle'

export function exportHandlers(exports: Exports): Handlers<'export:run' | 'export:cancel'> {
  return {
    'export:run': { args: oneExport, run: (request) => exports.run(request), waitsForUser: true },
    'export:cancel': {
      args: exportNumber,
      run: (id) => {
        exports.cancel(id)
        return ok(undefined)
      },
    },
  }
}
