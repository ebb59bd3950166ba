import { COST, ROUNDS, SUM_COUNT, UNPRICED, type UsageColumns } from '../sums/usage-columns'
import type { RowTest } from './usage-filter'

/** Sums of the rows of a group, in the order of USAGE_SUMS, and its number of sessions. */
export interface Group {
  readonly key: number
  readonly sums: Float64Array
  sessions: number
  /** Rounds with another status than `ok`. */
  failed: number
  /** Multiples of LIMIT that were taken out of the cost, see addRow(). */
  carried: number
}

/** Assigns a row to a group, by the group's number. */
export type KeyOf = (at: number) => number

/**
 * Sums up the rows that pass `test` by several keys in one pass. Returns a map per key, in order of first appearance.
 */
export function groupRows(columns: UsageColumns, test: RowTest | null, keys: readonly KeyOf[]): Map<number, Group>[] {
  const groups = keys.map(() => new Map<number, Group>())
  const sessions = keys.map(() => new SessionSets(columns.maxSession))
  for (let at = 0; at < columns.length; at += 1) {
    if (test !== null && !test(at)) continue
    for (let way = 0; way < keys.length; way += 1) {
      const key = keys[way]?.(at) ?? 0
      const map = groups[way]
      if (map === undefined) continue
      let group = map.get(key)
      if (group === undefined) {
        group = { key, sums: new Float64Array(SUM_COUNT), sessions: 0, failed: 0, carried: 0 }
        map.set(key, group)
      }
      addRow(group, columns.sums, at)
      if (columns.status[at] !== 0) group.failed += columns.sums[at * SUM_COUNT + ROUNDS] ?? 0
      if (sessions[way]?.add(key, columns.session[at] ?? 0) === true) group.sessions += 1
    }
  }
  for (const map of groups) {
    for (const { sums, carried } of map.values()) sums[COST] = (sums[COST] ?? 0) + carried * LIMIT
  }
  return groups
}

/** Rounds, cost (picodollars) and unpriced rounds of each session's rows that pass `test`, by session.id. */
export function sumSessions(
  columns: UsageColumns,
  test: RowTest | null,
): { readonly rounds: Float64Array; readonly cost: Float64Array; readonly unpriced: Float64Array } {
  const rounds = new Float64Array(columns.maxSession + 1)
  const cost = new Float64Array(columns.maxSession + 1)
  const unpriced = new Float64Array(columns.maxSession + 1)
  for (let at = 0; at < columns.length; at += 1) {
    if (test !== null && !test(at)) continue
    const session = columns.session[at] ?? 0
    rounds[session] = (rounds[session] ?? 0) + (columns.sums[at * SUM_COUNT + ROUNDS] ?? 0)
    cost[session] = (cost[session] ?? 0) + (columns.sums[at * SUM_COUNT + COST] ?? 0)
    unpriced[session] = (unpriced[session] ?? 0) + (columns.sums[at * SUM_COUNT + UNPRICED] ?? 0)
  }
  return { rounds, cost, unpriced }
}

/** 2^52 picodollars, about 4500 USD. Sums of integers are exact up to twice that. */
const LIMIT = 2 ** 52

/** Keeps the cost below LIMIT and carries the rest, so that only the final sum is rounded, once. */
function addRow(to: Group, from: Float64Array, at: number): void {
  const { sums } = to
  const start = at * SUM_COUNT
  for (let sum = 0; sum < SUM_COUNT; sum += 1) sums[sum] = (sums[sum] ?? 0) + (from[start + sum] ?? 0)
  const cost = sums[COST] ?? 0
  if (cost >= LIMIT || cost <= -LIMIT) {
    const carried = Math.trunc(cost / LIMIT)
    to.carried += carried
    sums[COST] = cost - carried * LIMIT
  }
}

/** The sessions seen in each group, one bit each. */
class SessionSets {
  readonly #bytes: number
  readonly #sets = new Map<number, Uint8Array>()
  #lastKey = NaN
  #last: Uint8Array | undefined

  constructor(maxSession: number) {
    this.#bytes = (maxSession >> 3) + 1
  }

  /** Returns whether the session is new in the group. */
  add(key: number, session: number): boolean {
    let set = key === this.#lastKey ? this.#last : this.#sets.get(key)
    if (set === undefined) {
      set = new Uint8Array(this.#bytes)
      this.#sets.set(key, set)
    }
    this.#lastKey = key
    this.#last = set
    const place = session >> 3
    const bit = 1 << (session & 7)
    const byte = set[place] ?? 0
    if ((byte & bit) !== 0) return false
    set[place] = byte | bit
    return true
  }
}
