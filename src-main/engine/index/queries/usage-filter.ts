import type { UsageFilter } from '../../../contract/index'
import type { Names } from '../database/names'
import type { SessionIndex } from '../tables/session-index'
import { statusNumber } from '../sums/status'
import type { UsageColumns } from '../sums/usage-columns'

/** Says whether the rounds of a row of UsageColumns count. */
export type RowTest = (at: number) => boolean

/** Makes a filter ready for the rows of `index.usage`; null when it leaves all in. */
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
  // `to` is not included: its hour is, unless `to` is where that begins.
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
