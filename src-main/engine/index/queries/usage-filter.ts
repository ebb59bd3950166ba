import type { UsageFilter } from '../../../contract/index'
import type { Names } from '../database/names'
import type { SessionIndex } from '../tables/session-index'
import { statusNumber } from '../sums/status'
import type { UsageColumns } from '../sums/usage-columns'

/** Whether the rounds in a row of UsageColumns pass the filter. */
export type RowTest = (at: number) => boolean

/** Compiles a filter for the rows of `index.usage`; null when every row passes. */
export function rowTest(index: SessionIndex, filter: UsageFilter): RowTest | null {
  const columns = index.usage
  const tests: RowTest[] = []
  if (filter.from !== undefined || filter.to !== undefined) tests.push(hourTest(index, columns, filter))
  if (filter.models !== undefined) tests.push(listTest(columns.model, idsOf(index.models, filter.models)))
  if (filter.consumers !== undefined) tests.push(listTest(columns.consumer, idsOf(index.consumers, filter.consumers)))
  if (filter.sources !== undefined) tests.push(listTest(columns.source, idsOf(index.sources, filter.sources)))
  if (filter.statuses !== undefined) tests.push(listTest(columns.status, filter.statuses.map(statusNumber)))
  const [first, ...rest] = tests
  if (first === undefined) return null
  return rest.length === 0 ? first : (at) => tests.every((test) => test(at))
}

function hourTest(index: SessionIndex, { hour }: UsageColumns, { from, to }: UsageFilter): RowTest {
  const first = from === undefined ? -Infinity : index.hourOf(from)
  // `to` is exclusive. Its hour counts unless `to` is the start of that hour.
  const last = to === undefined ? Infinity : index.hourOf(to - 1)
  return (at) => {
    const value = hour[at] ?? 0
    return value >= first && value <= last
  }
}

function idsOf(names: Names, wanted: readonly (string | null)[]): number[] {
  return wanted.map((name) => names.find(name)).filter((id) => id !== undefined)
}

function listTest(column: Int32Array | Uint8Array, ids: readonly number[]): RowTest {
  const wanted = new Uint8Array(Math.max(0, ...ids) + 1)
  for (const id of ids) wanted[id] = 1
  return (at) => wanted[column[at] ?? 0] === 1
}
