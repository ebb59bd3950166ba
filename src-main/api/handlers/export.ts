import { ok } from '../../shared/result'
import type { Exports } from '../ports'
import { exportNumber, oneExport } from '../schemas/arguments'
import type { Handlers } from '../handler'

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
