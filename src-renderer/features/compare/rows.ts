import type { AlignedKind, Alignment, SessionSeries } from '@contract'

/** What stands in a row (from 1): the rounds' numbers, null where a side has none. Null past the end. */
export interface RowRounds {
  readonly kind: AlignedKind
  readonly a: number | null
  readonly b: number | null
}

export function rowRounds({ runs }: Alignment, row: number): RowRounds | null {
  let start = 1
  for (const { kind, rows, a, b } of runs) {
    const step = row - start
    if (step < rows) return { kind, a: a === null ? null : a + step, b: b === null ? null : b + step }
    start += rows
  }
  return null
}

/** Rows of each kind. */
export function countKinds({ runs }: Alignment): Readonly<Record<AlignedKind, number>> {
  const counts = { same: 0, changed: 0, 'only-a': 0, 'only-b': 0 }
  for (const { kind, rows } of runs) counts[kind] += rows
  return counts
}

/** The nearest row after (1) or before (-1) this one that is not the same in both; null when there is none. */
export function nextDifference({ runs }: Alignment, row: number, direction: 1 | -1): number | null {
  let found: number | null = null
  let start = 1
  for (const { kind, rows } of runs) {
    const end = start + rows - 1
    if (kind !== 'same') {
      if (direction === 1 && end > row) return Math.max(start, row + 1)
      if (direction === -1 && start < row) found = Math.min(end, row - 1)
    }
    start = end + 1
  }
  return found
}

export type Measure = 'cost' | 'costSum' | 'input' | 'output'

/** A figure per row of either session; null where it has no round there, or the figure is not known. */
export function measureRows(
  { runs }: Alignment,
  series: Readonly<Record<'a' | 'b', SessionSeries | null>>,
  measure: Measure,
): Readonly<Record<'a' | 'b', readonly (number | null)[]>> {
  const figures = { a: figuresOf(series.a, measure), b: figuresOf(series.b, measure) }
  const rows: Record<'a' | 'b', (number | null)[]> = { a: [], b: [] }
  for (const run of runs) {
    for (const side of ['a', 'b'] as const) {
      const first = run[side]
      for (let step = 0; step < run.rows; step++) {
        rows[side].push(first === null ? null : (figures[side][first - 1 + step] ?? null))
      }
    }
  }
  return rows
}

function figuresOf(series: SessionSeries | null, measure: Measure): readonly (number | null)[] {
  if (series === null) return []
  if (measure === 'input') return series.inputTokens
  if (measure === 'output') return series.outputTokens
  if (measure === 'cost') return series.costUsd
  let sum = 0
  // What is not known adds nothing: the line stays where it was.
  return series.costUsd.map((cost) => (sum += cost ?? 0))
}
