import type { SessionsSettings, SessionSortKey } from '@contract'

export type ColumnKey = Exclude<SessionSortKey, 'title' | 'tokens'> | 'spark'

export interface Column {
  readonly key: ColumnKey
  /** Counted and dated columns align at their right. */
  readonly numeric: boolean
  /** What the list can be sorted by; null: not by this. */
  readonly sort: SessionSortKey | null
  /** Least and preferred width, pixels. The preferred one grows with the window in this proportion. */
  readonly least: number
  readonly grow: number
  /** Shown until the user chooses. */
  readonly usual: boolean
}

const column = (key: ColumnKey, least: number, grow: number, usual: boolean, numeric = true): Column => ({
  key,
  numeric,
  sort: key === 'spark' ? null : key,
  least,
  grow,
  usual,
})

/** In order of what is looked for first. */
export const COLUMNS: readonly Column[] = [
  column('session', 180, 5, true, false),
  column('model', 96, 2, true, false),
  column('rounds', 62, 1, true),
  column('inputTokens', 68, 1, true),
  column('outputTokens', 68, 1, true),
  column('cost', 92, 1.4, true),
  column('lastTime', 108, 1.6, true),
  column('spark', 104, 1, true, false),
  column('firstTime', 116, 1.7, false),
  column('duration', 84, 1, false),
  column('cachedTokens', 76, 1, false),
  column('reasoningTokens', 84, 1, false),
  column('failed', 68, 1, false),
]

/** Which of the usual ones give way to the others in a narrow window, the first first. */
const GIVING_WAY: readonly ColumnKey[] = ['spark', 'outputTokens', 'inputTokens', 'model', 'rounds', 'lastTime', 'cost']

export const NARROWEST = 48
export const WIDEST = 1200
/** Room after the last column, pixels. */
const END = 8

export interface ShownColumn extends Column {
  /** Chosen by the user, pixels; null: as wide as there is room. */
  readonly width: number | null
}

export interface ChosenColumn extends ShownColumn {
  readonly shown: boolean
}

/**
 * All columns in the order they were first in, with what the user chose of them. The session itself is always there. Of
 * those the user has not chosen, only as many as find room; `room`: pixels.
 */
export function chosenColumns(stored: SessionsSettings['columns'], room = Infinity): readonly ChosenColumn[] {
  const all = COLUMNS.map((one) => {
    const chosen = stored.find(({ key }) => key === one.key)
    return { ...one, width: chosen?.width ?? null, shown: one.key === 'session' || (chosen?.shown ?? one.usual) }
  })
  let excess = gridOf(all.filter((column) => column.shown)).least - room
  for (const key of GIVING_WAY) {
    const column = all.find((one) => one.key === key)
    if (excess <= 0 || column === undefined) break
    if (!column.shown || stored.some((one) => one.key === key)) continue
    column.shown = false
    excess -= column.least
  }
  return all
}

/** The columns as a grid's template, and the least width of the whole. */
export function gridOf(columns: readonly ShownColumn[]): { readonly template: string; readonly least: number } {
  return {
    template: columns
      .map(({ width, least, grow }) => (width === null ? `minmax(${least}px, ${grow}fr)` : `${width}px`))
      .join(' '),
    least: columns.reduce((sum, { width, least }) => sum + (width ?? least), END),
  }
}
