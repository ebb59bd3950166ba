import type { LocationQuery, LocationQueryRaw } from 'vue-router'
import type { ChosenFilter, RangeKind, RequestStatus, SearchQuery } from '@contract'
import { rangesOf, type ChosenRange } from './overview-query'

/** What is searched for: the text as typed, and where. */
export interface SearchView {
  readonly text: string
  /** Of ROLES; undefined: everything, ids included. */
  readonly roles: readonly string[] | undefined
  readonly filter: ChosenFilter
  readonly range: ChosenRange
}

/** Roles offered, and the names they have in the logs. */
export const ROLES: Readonly<Record<string, readonly string[]>> = {
  user: ['user'],
  assistant: ['assistant', 'model'],
  tool: ['tool', 'function'],
  system: ['system', 'developer'],
  id: ['id'],
}

const NO_RANGE: ChosenRange = { range: 'all', from: null, to: null }
export const NO_SEARCH: SearchView = { text: '', roles: undefined, filter: {}, range: NO_RANGE }

/** More hits than are read. */
const MOST_HITS = 1000

const STATUSES: readonly RequestStatus[] = ['ok', 'error', 'cut-off']
const RANGES: readonly RangeKind[] = ['today', 'week', 'month', 'all', 'custom']

export const isNarrowed = (view: SearchView): boolean =>
  view.roles !== undefined || view.range.range !== 'all' || Object.keys(view.filter).length > 0

/** The question for the engine; null while there is nothing to look for. */
export function searchQuery(view: SearchView, now: number): SearchQuery | null {
  const text = view.text.trim()
  if (text === '') return null
  return {
    text,
    order: 'newest',
    limit: MOST_HITS,
    ...(view.roles === undefined ? {} : { roles: view.roles.flatMap((role) => ROLES[role] ?? []) }),
    ...view.filter,
    ...rangesOf(view.range, now)?.range,
  }
}

/** As an address; null, which is "named none", is the empty text there. */
export function toAddress({ text, roles, filter, range }: SearchView): LocationQueryRaw {
  const named = (values: readonly (string | null)[] | undefined) => values?.map((value) => value ?? '')
  return Object.fromEntries(
    Object.entries({
      q: text === '' ? undefined : text,
      role: roles,
      model: named(filter.models),
      consumer: named(filter.consumers),
      source: filter.sources,
      status: filter.statuses,
      range: range.range === 'all' ? undefined : range.range,
      from: range.range === 'custom' ? (range.from ?? undefined) : undefined,
      to: range.range === 'custom' ? (range.to ?? undefined) : undefined,
    }).filter(([, value]) => value !== undefined),
  ) as LocationQueryRaw
}

export function fromAddress(query: LocationQuery): SearchView {
  const all = (key: string): string[] | undefined => {
    const value = query[key]
    if (value === undefined) return undefined
    return (Array.isArray(value) ? value : [value]).map((one) => one ?? '')
  }
  const one = (key: string): string | null => all(key)?.[0] ?? null
  const named = (values: readonly string[] | undefined) => values?.map((value) => (value === '' ? null : value))
  const known = <T extends string>(values: readonly string[] | undefined, of: readonly T[]) =>
    values === undefined ? undefined : of.filter((value) => values.includes(value))
  const range = RANGES.find((kind) => kind === one('range')) ?? 'all'
  const filter = {
    models: named(all('model')),
    consumers: named(all('consumer')),
    sources: all('source'),
    statuses: known(all('status'), STATUSES),
  }
  return {
    text: one('q') ?? '',
    roles: known(all('role'), Object.keys(ROLES)),
    filter: Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined)),
    range: range === 'custom' ? { range, from: one('from'), to: one('to') } : { ...NO_RANGE, range },
  }
}
