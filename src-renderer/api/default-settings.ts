import type { Settings } from '@contract'

/** Until the stored ones are known, and where none are. */
export const DEFAULT_SETTINGS: Settings = {
  theme: 'system',
  language: 'system',
  sessionSort: { sortBy: 'lastTime', descending: true },
  reader: { markdown: true, chart: true },
  overview: { range: 'all', from: null, to: null, filter: {}, bucket: null, measure: null, stack: 'kind' },
  sessions: { columns: [], saved: [] },
  currency: { code: 'USD', usdRate: 1 },
  retention: { days: null },
  timeZone: 'system',
  notifications: true,
  keepRunning: false,
  updates: { address: '', daily: false },
}
