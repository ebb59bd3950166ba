import type { SessionIndex } from '../tables/session-index'
import { int, str, type Row } from '../database/sql'

/** A session whose sums differ between two indexes; null for an index that lacks it. */
export interface SessionDifference {
  readonly sessionId: string
  readonly inferred: boolean
  readonly found: readonly number[] | null
  readonly expected: readonly number[] | null
}

const SUMS = 'rounds, input, output, cached, reasoning, cost, unpriced, first_time, last_time'

/** Compares two indexes session by session and returns at most `limit` differences. */
export function sessionDifferences(found: SessionIndex, expected: SessionIndex, limit: number): SessionDifference[] {
  const wanted = new Map<string, readonly number[]>()
  expected.sql.each(`SELECT key, inferred, ${SUMS} FROM session`, (row) => {
    wanted.set(keyOf(row), sumsOf(row))
  })
  const differences: SessionDifference[] = []
  const tell = (key: string, has: readonly number[] | null, should: readonly number[] | null): void => {
    if (differences.length >= limit) return
    differences.push({ sessionId: key.slice(1), inferred: key.startsWith('1'), found: has, expected: should })
  }
  found.sql.each(`SELECT key, inferred, ${SUMS} FROM session`, (row) => {
    const [key, has] = [keyOf(row), sumsOf(row)]
    const should = wanted.get(key)
    wanted.delete(key)
    if (should === undefined || should.some((value, at) => value !== has[at])) tell(key, has, should ?? null)
  })
  for (const [key, should] of wanted) tell(key, null, should)
  return differences
}

function keyOf(row: Row): string {
  return `${String(int(row[1]))}${str(row[0])}`
}

function sumsOf(row: Row): readonly number[] {
  return row.slice(2).map(int)
}
