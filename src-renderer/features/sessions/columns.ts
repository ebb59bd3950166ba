import type { SessionSortKey } from '@contract'

export interface Column {
  readonly key: SessionSortKey
  /** Counted and dated columns align at their right. */
  readonly numeric: boolean
}

/** In order of what is looked for first; the last is the one to leave the screen when it is narrow. */
export const columns: readonly Column[] = [
  { key: 'session', numeric: false },
  { key: 'model', numeric: false },
  { key: 'rounds', numeric: true },
  { key: 'inputTokens', numeric: true },
  { key: 'outputTokens', numeric: true },
  { key: 'cost', numeric: true },
  { key: 'lastTime', numeric: true },
  { key: 'firstTime', numeric: true },
]
