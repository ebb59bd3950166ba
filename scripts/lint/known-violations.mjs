/**
 * Imports that break a rule today, `from → to`. The list only shrinks; an entry that is no longer needed is reported.
 * @type {readonly string[]}
 */
export const knownViolations = [
  'src-main/api/all-handlers.ts → src-main/desktop/ipc/handle.ts',
  'src-main/api/all-handlers.ts → src-main/desktop/services/budgets.ts',
  'src-main/api/all-handlers.ts → src-main/desktop/services/exports.ts',
  'src-main/api/all-handlers.ts → src-main/desktop/services/price-files.ts',
  'src-main/api/all-handlers.ts → src-main/desktop/services/retention.ts',
  'src-main/api/all-handlers.ts → src-main/desktop/services/watched-sources.ts',
  'src-main/api/all-handlers.ts → src-main/desktop/updates/updates.ts',
  'src-main/api/handlers/app.ts → src-main/desktop/ipc/handle.ts',
  'src-main/api/handlers/app.ts → src-main/desktop/services/data-folder.ts',
  'src-main/api/handlers/conversation.ts → src-main/desktop/ipc/handle.ts',
  'src-main/api/handlers/export.ts → src-main/desktop/ipc/handle.ts',
  'src-main/api/handlers/export.ts → src-main/desktop/services/exports.ts',
  'src-main/api/handlers/history.ts → src-main/desktop/ipc/handle.ts',
  'src-main/api/handlers/history.ts → src-main/desktop/services/retention.ts',
  'src-main/api/handlers/insights.ts → src-main/desktop/ipc/handle.ts',
  'src-main/api/handlers/insights.ts → src-main/desktop/services/budgets.ts',
  'src-main/api/handlers/overview.ts → src-main/desktop/ipc/handle.ts',
  'src-main/api/handlers/prices.ts → src-main/desktop/ipc/handle.ts',
  'src-main/api/handlers/prices.ts → src-main/desktop/services/price-files.ts',
  'src-main/api/handlers/search.ts → src-main/desktop/ipc/handle.ts',
  'src-main/api/handlers/sessions.ts → src-main/desktop/ipc/handle.ts',
  'src-main/api/handlers/settings.ts → src-main/desktop/ipc/handle.ts',
  'src-main/api/handlers/sources.ts → src-main/desktop/ipc/handle.ts',
  'src-main/api/handlers/sources.ts → src-main/desktop/services/watched-sources.ts',
  'src-main/api/handlers/updates.ts → src-main/desktop/ipc/handle.ts',
  'src-main/api/handlers/updates.ts → src-main/desktop/updates/updates.ts',
  'src-main/server/contract-api.ts → src-main/desktop/ipc/handle.ts',
  'src-main/engine/tail/log-file.ts → src-main/engine/parse/line.ts',
]

/** @type {readonly string[]} Pairs of neighbours that import from each other today, `one ↔ other`. */
export const knownDoors = ['src-main/api ↔ src-main/desktop']
