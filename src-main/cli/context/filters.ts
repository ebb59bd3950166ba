import { basename, resolve } from 'node:path'
import { InvalidArgumentError, Option, type Command } from 'commander'
import type { RequestStatus, UsageFilter } from '../../contract/index'
import { EngineError } from '../../engine/base/errors'
import { NO_MODEL } from '../../engine/export/finops'
import { bucketText } from '../../engine/index/sums/hours'
import type { SessionIndex } from '../../engine/index/tables/session-index'
import { collect, instantOf, moment, momentUntil, type Moment } from './options'
import { remark } from '../terminal/output'

/** What the interface filters by, as options. */
export interface FilterOptions {
  readonly model?: readonly string[]
  readonly consumer?: readonly string[]
  readonly source?: readonly string[]
  readonly status?: readonly RequestStatus[]
  readonly since?: Moment
  readonly until?: Moment
}

const STATUSES: readonly RequestStatus[] = ['ok', 'error', 'cut-off']

/** Adds the filters to a command: a round counts when it fits all of them. */
export function withFilters(command: Command): Command {
  return command
    .addOption(
      new Option('--model <name>', 'only this model; may be repeated ("unknown": none was named)').argParser(collect),
    )
    .addOption(new Option('--consumer <name>', 'only this consumer; may be repeated').argParser(collect))
    .addOption(
      new Option('--source <path>', 'only this log, or those whose path holds the text; may be repeated').argParser(
        collect,
      ),
    )
    .addOption(
      new Option('--status <status>', 'only requests that ended so; may be repeated')
        .choices(STATUSES)
        // choices() sets a parser of its own, which takes one value.
        .argParser(collectStatus),
    )
    .addOption(
      new Option('--since <time>', 'from then on: a day, an ISO time, or 30m, 24h, 7d ago').argParser((text) =>
        moment(text),
      ),
    )
    .addOption(new Option('--until <time>', 'up to then; of a day, to its end').argParser(momentUntil))
}

function collectStatus(value: string, before: readonly RequestStatus[] | undefined): readonly RequestStatus[] {
  const status = STATUSES.find((known) => known === value)
  if (status === undefined) throw new InvalidArgumentError(`Expected one of ${STATUSES.join(', ')}.`)
  return [...(before ?? []), status]
}

/** The filter the options mean in this store. Throws `not-found` where a source is none of its. */
export function usageFilter(index: SessionIndex, options: FilterOptions): UsageFilter {
  return {
    ...(options.since === undefined ? {} : { from: instantOf(options.since, index.timeZone) }),
    ...(options.until === undefined ? {} : { to: instantOf(options.until, index.timeZone) }),
    ...(options.model === undefined ? {} : { models: names(options.model) }),
    ...(options.consumer === undefined ? {} : { consumers: names(options.consumer) }),
    ...(options.status === undefined ? {} : { statuses: options.status }),
    ...(options.source === undefined ? {} : { sources: options.source.flatMap((text) => sourcesNamed(index, text)) }),
  }
}

/** As usageFilter, for figures, which count by whole hours: says so where a time falls within one. */
export function hoursFilter(index: SessionIndex, options: FilterOptions): UsageFilter {
  const filter = usageFilter(index, options)
  const { from, to } = filter
  const isWithin = (time: number | undefined): time is number =>
    time !== undefined && index.hourOf(time - 1) === index.hourOf(time)
  const said = [
    ...(isWithin(from) ? [`from ${bucketText(index.hourOf(from), 'hour')}:00 on`] : []),
    ...(isWithin(to) ? [`up to ${bucketText(index.hourOf(to), 'hour')}:59`] : []),
  ]
  if (said.length > 0) remark(`Requests count by whole hours here: ${said.join(', ')} (${index.timeZone}).`)
  return filter
}

/** Rounds that named none are reported as "unknown", and found by it. */
function names(values: readonly string[]): readonly (string | null)[] {
  return values.includes(NO_MODEL) ? [...values, null] : values
}

/** The sources of this store that are meant: by path, name, or part of the path. Throws `not-found`. */
export function sourcesNamed(index: SessionIndex, text: string): readonly string[] {
  const known = index.sources.all().flatMap(({ name }) => (name === null ? [] : [name]))
  const exact = known.filter((path) => path === text || path === resolve(text) || basename(path) === text)
  if (exact.length > 0) return exact
  const holding = known.filter((path) => path.includes(text))
  if (holding.length > 0) return holding
  throw new EngineError('not-found', 'No request was read from such a source.', {
    where: text,
    hint: known.length === 0 ? 'There are none yet.' : `There are: ${known.join(', ')}.`,
  })
}
