import type { Settings } from '../contract/index'

/** The settings before the user changes any. */
export const defaultSettings: Settings = {
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
